#include "confirmed_flags.h"

#include "client_admin.h"
#include "clock.h"
#include "error.h"
#include "openwebui_times.h"

#include <glib/gi18n.h>

/* A read that may meet a server that is still busy with the failed write. */
static RemotePlugin *
read_patiently(Client *client, Cancel *cancel, const char *id, GError **error)
{
  guint wait = FLAGS_READ_FIRST_MS;
  for (int try = 1;; try++) {
    g_autoptr(GError) failure = NULL;
    RemotePlugin *remote = client_read(client, FAMILY_FUNCTION, id, &failure);
    if (remote != NULL)
      return remote;
    gboolean definite = owup_error_is(failure, OWUP_ERROR_NOT_FOUND);
    if (definite || try == FLAGS_READ_TRIES || !cancel_wait(cancel, wait, CANCEL_NOW)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    wait *= 2;
  }
}

/* Could the server have flipped, although the answer is this error? A 4xx is its definite no. */
static gboolean
flip_is_lost(const GError *error, gboolean sent)
{
  int status = owup_error_status(error);
  return sent && (status < 400 || status >= 500);
}

typedef enum { FLAG_AS_WANTED, FLAG_OTHERWISE, FLAG_UNREADABLE } FlagSeen;

/* Waits, as long as reading back a lost flip is worth it, for the flag to be as wanted. */
static FlagSeen
watch_flag(Client *client, Cancel *cancel, const char *id, ServerFlag flag, gboolean wanted)
{
  FlagSeen seen = FLAG_UNREADABLE;
  guint wait = FLAGS_READ_FIRST_MS;
  for (int try = 0; try < FLAGS_LOST_TRIES && cancel_wait(cancel, wait, CANCEL_NOW);
       try++, wait *= 2) {
    g_autoptr(RemotePlugin) remote = client_read(client, FAMILY_FUNCTION, id, NULL);
    if (remote == NULL) {
      seen = FLAG_UNREADABLE;
      continue;
    }
    if ((flag == FLAG_ACTIVE ? remote->is_active : remote->is_global) == wanted)
      return FLAG_AS_WANTED;
    seen = FLAG_OTHERWISE;
  }
  return seen;
}

/* One flip. TRUE where the flag is `wanted` now; `*again` where its answer was lost and the server,
 * which answers reads, shows that it did not act: its one event loop takes requests in order, so
 * what is not there after seconds was lost on the way. */
static gboolean
flip_once(Client *client, Cancel *cancel, const char *id, ServerFlag flag, gboolean wanted,
          gboolean *again, GError **error)
{
  gboolean now = !wanted, sent = FALSE;
  g_autoptr(GError) failure = NULL;
  *again = FALSE;
  if (client_flip(client, id, flag, &now, &sent, &failure)) {
    if (now != wanted)
      owup_error_set(error, OWUP_ERROR_SERVER,
                     _("'%s' was switched by somebody else at the same moment"), id);
    return now == wanted;
  }
  if (flip_is_lost(failure, sent)) {
    FlagSeen seen = watch_flag(client, cancel, id, flag, wanted);
    if (seen == FLAG_AS_WANTED)
      return TRUE;
    *again = seen == FLAG_OTHERWISE;
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean
flip_to(Client *client, Cancel *cancel, const char *id, ServerFlag flag, gboolean wanted,
        FlagsChange *change, GError **error)
{
  gboolean again;
  g_autoptr(GError) failure = NULL;
  if (flip_once(client, cancel, id, flag, wanted, &again, &failure))
    return TRUE;
  if (!again) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  change->flipped_again = TRUE;
  return flip_once(client, cancel, id, flag, wanted, &again, error);
}

gboolean
confirmed_flags_set(Client *client, Cancel *cancel, const char *id, gboolean active,
                    gboolean global, FlagsChange *change, GError **error)
{
  *change = (FlagsChange){0};
  g_autoptr(RemotePlugin) remote = read_patiently(client, cancel, id, error);
  if (remote == NULL)
    return FALSE;
  gboolean flip_active = remote->is_active != active, flip_global = remote->is_global != global;
  if (!flip_active && !flip_global)
    return TRUE;
  if (flip_active && !flip_to(client, cancel, id, FLAG_ACTIVE, active, change, error))
    return FALSE;
  change->active_changed = flip_active;
  if (flip_global && !flip_to(client, cancel, id, FLAG_GLOBAL, global, change, error))
    return FALSE;
  change->global_changed = flip_global;
  g_autoptr(RemotePlugin) after = read_patiently(client, cancel, id, error);
  if (after == NULL)
    return FALSE;
  if (after->is_active == active && after->is_global == global)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_SERVER, _("'%s' was switched again by somebody else"), id);
  return FALSE;
}

gboolean
confirmed_flags_guard(Client *client, Cancel *cancel, const char *id, gboolean active,
                      gboolean global, guint ms, FlagsChange *change, GError **error)
{
  ClockDeadline end = clock_deadline(ms);
  g_autoptr(GError) failure = NULL;
  *change = (FlagsChange){0};
  do {
    g_clear_error(&failure);
    g_autoptr(RemotePlugin) remote = client_read(client, FAMILY_FUNCTION, id, &failure);
    if (remote != NULL && (remote->is_active != active || remote->is_global != global))
      return confirmed_flags_set(client, cancel, id, active, global, change, error);
  } while (!clock_passed(end) && cancel_wait(cancel, FLAGS_GUARD_MS, CANCEL_GENTLY));
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}
