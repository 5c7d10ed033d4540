/* SPDX-License-Identifier: MIT */
#include "remote_delete.h"

#include "client_admin.h"
#include "confirmed_delete.h"
#include "error.h"
#include "json_text.h"
#include "model_list.h"

#include <glib/gi18n.h>

static gboolean
keep(Client *client, History *history, const Target *target, gboolean valves, GError **error)
{
  const RemotePlugin *remote = target->remote;
  g_autoptr(HistoryEntry) entry =
      history_entry_of(client_url(client), remote, remote->meta, HISTORY_DELETED);
  if (valves) {
    json_auto_t *stored = client_valves(client, target->family, target->id, error);
    if (stored == NULL)
      return FALSE;
    entry->valves = json_text(stored, JSON_COMPACT);
  }
  entry->only_copy = TRUE;
  return history_add(history, entry, remote->content, error);
}

gboolean
remote_delete(Client *client, Cancel *cancel, History *history, const Target *target,
              gboolean valves, GError **error)
{
  if (history != NULL && !keep(client, history, target, valves, error))
    return FALSE;
  if (cancel_level(cancel) != CANCEL_NONE)
    return owup_error_set(error, OWUP_ERROR_INTERRUPTED, _("Interrupted; nothing was deleted"));
  client_begin_write(client);
  gboolean gone = confirmed_delete(client, cancel, target->family, target->id, error);
  client_end_write(client);
  /* Chat refuses it already; it is listed until the next read. */
  if (gone && g_strcmp0(target->remote->type, "pipe") == 0) {
    ModelListWish wish = {target->id, target->remote->name, FALSE, FALSE};
    g_free(model_list_renew(client, cancel, &wish));
  }
  return gone;
}
