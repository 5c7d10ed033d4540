#include "flags.h"

#include "error.h"
#include "manage.h"

#include <glib/gi18n.h>

#define READ_TRIES 7
#define READ_WAIT_MS 100

/* A read that may meet a server that is still busy with the failed write. */
static RemotePlugin *
read_patiently(Server *server, Cancel *cancel, const char *id, GError **error)
{
  guint wait = READ_WAIT_MS;
  for (int try = 1;; try++) {
    g_autoptr(GError) failure = NULL;
    RemotePlugin *remote = server_read(server, FAMILY_FUNCTION, id, &failure);
    if (remote != NULL)
      return remote;
    gboolean definite = owup_error_is(failure, OWUP_ERROR_NOT_FOUND);
    if (definite || try == READ_TRIES || !cancel_wait(cancel, wait, CANCEL_NOW)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    wait *= 2;
  }
}

/* TRUE where the flag is `wanted` now. */
static gboolean
flip_to(Server *server, Cancel *cancel, const char *id, ServerFlag flag, gboolean wanted,
        GError **error)
{
  gboolean now = !wanted, sent = FALSE;
  g_autoptr(GError) failure = NULL;
  if (server_flip(server, id, flag, &now, &sent, &failure)) {
    if (now != wanted)
      owup_error_set(error, OWUP_ERROR_SERVER,
                     _("'%s' was switched by somebody else at the same moment"), id);
    return now == wanted;
  }
  if (!sent) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  guint wait = READ_WAIT_MS;
  for (int try = 0; try < READ_TRIES && cancel_wait(cancel, wait, CANCEL_NOW); try++, wait *= 2) {
    g_autoptr(RemotePlugin) remote = server_read(server, FAMILY_FUNCTION, id, NULL);
    if (remote != NULL && (flag == FLAG_ACTIVE ? remote->is_active : remote->is_global) == wanted)
      return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean
flags_set(Server *server, Cancel *cancel, const char *id, gboolean active, gboolean global,
          FlagsChange *change, GError **error)
{
  *change = (FlagsChange){0};
  g_autoptr(RemotePlugin) remote = read_patiently(server, cancel, id, error);
  if (remote == NULL)
    return FALSE;
  gboolean flip_active = remote->is_active != active, flip_global = remote->is_global != global;
  if (!flip_active && !flip_global)
    return TRUE;
  if (flip_active && !flip_to(server, cancel, id, FLAG_ACTIVE, active, error))
    return FALSE;
  change->active_changed = flip_active;
  if (flip_global && !flip_to(server, cancel, id, FLAG_GLOBAL, global, error))
    return FALSE;
  change->global_changed = flip_global;
  g_autoptr(RemotePlugin) after = read_patiently(server, cancel, id, error);
  if (after == NULL)
    return FALSE;
  if (after->is_active == active && after->is_global == global)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_SERVER, _("'%s' was switched again by somebody else"), id);
  return FALSE;
}
