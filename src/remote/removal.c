#include "removal.h"

#include "absence.h"
#include "error.h"
#include "manage.h"

#include <glib/gi18n.h>
#include <stdlib.h>

static char *
dump(const json_t *json)
{
  char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
  char *copy = g_strdup(text);
  free(text);
  return copy;
}

static gboolean
keep(Server *server, History *history, const Target *target, gboolean valves, GError **error)
{
  const RemotePlugin *remote = target->remote;
  g_autoptr(HistoryEntry) entry =
      history_entry_new(server_url(server), target->family, target->id, HISTORY_DELETED);
  entry->name = g_strdup(remote->name);
  entry->meta = dump(remote->meta);
  entry->version = g_strdup(remote_plugin_manifest(remote, "version"));
  entry->version_id = g_strdup(remote->version_id);
  entry->is_active = remote->is_active;
  entry->is_global = remote->is_global;
  if (valves) {
    json_auto_t *stored = server_valves(server, target->family, target->id, error);
    if (stored == NULL)
      return FALSE;
    entry->valves = dump(stored);
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
