/* SPDX-License-Identifier: MIT */
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

/* Flags that are being set: what is wished, and what the server showed last. */
typedef struct {
  Client *client;
  Cancel *cancel;
  const char *id;
  gboolean wanted[2], now[2]; /* by ServerFlag */
  gboolean only_on;           /* what is on is well, whatever is wanted */
  guint flips[2];
  guint most; /* flips of one flag, but for one whose answer was lost */
  FlagsChange *change;
} Setting;

static gboolean
is_well(const Setting *setting, ServerFlag flag)
{
  return setting->now[flag] == setting->wanted[flag] || (setting->only_on && setting->now[flag]);
}

static gboolean
all_well(const Setting *setting)
{
  return is_well(setting, FLAG_ACTIVE) && is_well(setting, FLAG_GLOBAL);
}

static gboolean
look(Setting *setting, GError **error)
{
  g_autoptr(RemotePlugin) remote =
      read_patiently(setting->client, setting->cancel, setting->id, error);
  if (remote == NULL)
    return FALSE;
  setting->now[FLAG_ACTIVE] = remote->is_active;
  setting->now[FLAG_GLOBAL] = remote->is_global;
  return TRUE;
}

/* One flip, after which `now` is what the server says. FALSE where its answer was lost and it did
 * not become what is wanted; `*again` where the server, which answers reads, shows that it did not
 * act: its one event loop takes requests in order, so what is not there after seconds was lost on
 * the way. */
static gboolean
flip_once(Setting *setting, ServerFlag flag, gboolean *again, GError **error)
{
  gboolean sent = FALSE;
  g_autoptr(GError) failure = NULL;
  *again = FALSE;
  if (client_flip(setting->client, setting->id, flag, &setting->now[flag], &sent, &failure))
    return TRUE;
  if (flip_is_lost(failure, sent)) {
    gboolean wanted = setting->wanted[flag];
    FlagSeen seen = watch_flag(setting->client, setting->cancel, setting->id, flag, wanted);
    if (seen == FLAG_AS_WANTED) {
      setting->now[flag] = wanted;
      return TRUE;
    }
    *again = seen == FLAG_OTHERWISE;
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean
flip(Setting *setting, ServerFlag flag, GError **error)
{
  gboolean again;
  g_autoptr(GError) failure = NULL;
  if (is_well(setting, flag))
    return TRUE;
  setting->flips[flag]++;
  if (flip_once(setting, flag, &again, &failure))
    return TRUE;
  if (!again) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  setting->change->flipped_again = TRUE;
  return flip_once(setting, flag, &again, error);
}

/* FALSE with what the last look showed. */
static gboolean
fail_fought(const Setting *setting, GError **error)
{
  const char *seen =
      !is_well(setting, FLAG_ACTIVE)
          ? (setting->now[FLAG_ACTIVE] ? _("it is switched on now") : _("it is switched off now"))
          : (setting->now[FLAG_GLOBAL] ? _("it is for every model now")
                                       : _("it is not for every model now"));
  owup_error_set(error, OWUP_ERROR_SERVER,
                 _("'%s' was switched by somebody else at the same time; %s"), setting->id, seen);
  return FALSE;
}

/* Flips until a look shows what is wanted. */
static gboolean
settle(Setting *setting, GError **error)
{
  if (!look(setting, error))
    return FALSE;
  for (guint round = 1; !all_well(setting); round++) {
    if (!flip(setting, FLAG_ACTIVE, error) || !flip(setting, FLAG_GLOBAL, error) ||
        !look(setting, error))
      return FALSE;
    if (all_well(setting))
      break;
    guint wait = (guint)g_random_int_range(FLAGS_JITTER_LEAST_MS, FLAGS_JITTER_MOST_MS + 1);
    if (round == setting->most || !cancel_wait(setting->cancel, wait, CANCEL_NOW))
      return fail_fought(setting, error);
    if (!look(setting, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run(Setting *setting, FlagsChange *change, GError **error)
{
  *change = (FlagsChange){0};
  setting->change = change;
  gboolean done = settle(setting, error);
  change->active_changed = setting->flips[FLAG_ACTIVE] > 0 && is_well(setting, FLAG_ACTIVE);
  change->global_changed = setting->flips[FLAG_GLOBAL] > 0 && is_well(setting, FLAG_GLOBAL);
  return done;
}

gboolean
confirmed_flags_set(Client *client, Cancel *cancel, const char *id, gboolean active,
                    gboolean global, FlagsChange *change, GError **error)
{
  Setting setting = {
      .client = client,
      .cancel = cancel,
      .id = id,
      .wanted = {active, global},
      .most = FLAGS_SET_TRIES,
  };
  return run(&setting, change, error);
}

gboolean
confirmed_flags_restore(Client *client, Cancel *cancel, const char *id, gboolean active,
                        gboolean global, FlagsChange *change, GError **error)
{
  Setting setting = {
      .client = client,
      .cancel = cancel,
      .id = id,
      .wanted = {active, global},
      .only_on = TRUE,
      .most = FLAGS_RESTORE_TRIES,
  };
  return run(&setting, change, error);
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
    if (remote != NULL && ((active && !remote->is_active) || (global && !remote->is_global)))
      return confirmed_flags_restore(client, cancel, id, active, global, change, error);
  } while (!clock_passed(end) && cancel_wait(cancel, FLAGS_GUARD_MS, CANCEL_GENTLY));
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}
