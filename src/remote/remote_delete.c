#include "remote_delete.h"

#include "client_admin.h"
#include "confirmed_delete.h"
#include "error.h"
#include "json_text.h"

#include <glib/gi18n.h>

static gboolean
keep(Server *server, History *history, const Target *target, gboolean valves, GError **error)
{
  const RemotePlugin *remote = target->remote;
  g_autoptr(HistoryEntry) entry =
      history_entry_of(server_url(server), remote, remote->meta, HISTORY_DELETED);
  if (valves) {
    json_auto_t *stored = server_valves(server, target->family, target->id, error);
    if (stored == NULL)
      return FALSE;
    entry->valves = json_text(stored, JSON_COMPACT);
  }
  return history_add(history, entry, remote->content, error);
}

gboolean
removal_run(Server *server, Cancel *cancel, History *history, const Target *target, gboolean valves,
            GError **error)
{
  if (history != NULL && !keep(server, history, target, valves, error))
    return FALSE;
  if (cancel_level(cancel) != CANCEL_NONE) {
    owup_error_set(error, OWUP_ERROR_INTERRUPTED, _("Interrupted; nothing was deleted"));
    return FALSE;
  }
  server_begin_write(server);
  gboolean gone = absence_make(server, cancel, target->family, target->id, error);
  server_end_write(server);
  return gone;
}
