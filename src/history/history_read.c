/* SPDX-License-Identifier: MIT */
/* The half of history.h that only reads. */
#include "error.h"
#include "history.h"
#include "history_private.h"
#include "json_exact.h"
#include "json_text.h"
#include "stamp.h"

#include <glib/gi18n.h>
#include <string.h>

#define COLUMNS                                                                                    \
  "row, server, family, id, action, at, digest, sent_digest, name, meta, version, message,"        \
  " origin, version_id, valves, is_active, is_global, undo_of"

const char *
history_action_name(HistoryAction action)
{
  static const char *const names[] = {
      [HISTORY_SENT] = "sent",       [HISTORY_REPLACED] = "replaced",
      [HISTORY_DELETED] = "deleted", [HISTORY_ROLLED_BACK] = "rolled back",
      [HISTORY_PULLED] = "pulled",
  };
  g_return_val_if_fail(action < G_N_ELEMENTS(names), "sent");
  return names[action];
}

HistoryEntry *
history_entry_new(const char *server, Family family, const char *id, HistoryAction action)
{
  HistoryEntry *entry = g_new0(HistoryEntry, 1);
  entry->server = g_strdup(server);
  entry->family = family;
  entry->id = g_strdup(id);
  entry->action = action;
  return entry;
}

HistoryEntry *
history_entry_of(const char *server, const RemotePlugin *remote, const json_t *meta,
                 HistoryAction action)
{
  HistoryEntry *entry = history_entry_new(server, remote->family, remote->id, action);
  entry->name = g_strdup(remote->name);
  entry->meta = json_text(meta, JSON_COMPACT);
  entry->version = g_strdup(remote_plugin_manifest(remote, "version"));
  entry->version_id = g_strdup(remote->version_id);
  entry->is_active = remote->is_active;
  entry->is_global = remote->is_global;
  return entry;
}

void
history_entry_free(HistoryEntry *entry)
{
  if (entry == NULL)
    return;
  g_free(entry->server);
  g_free(entry->id);
  g_free(entry->digest);
  g_free(entry->sent_digest);
  g_free(entry->name);
  g_free(entry->meta);
  g_free(entry->version);
  g_free(entry->message);
  g_free(entry->from);
  g_free(entry->file);
  g_free(entry->version_id);
  g_free(entry->valves);
  g_free(entry);
}

/* In the order of COLUMNS. */
static HistoryEntry *
read_entry(StoreQuery *query)
{
  HistoryEntry *entry = g_new0(HistoryEntry, 1);
  entry->row = store_query_int(query, 0);
  entry->server = g_strdup(store_query_text(query, 1));
  entry->family = (Family)store_query_int(query, 2);
  entry->id = g_strdup(store_query_text(query, 3));
  entry->action = (HistoryAction)store_query_int(query, 4);
  entry->at = store_query_int(query, 5);
  entry->digest = g_strdup(store_query_text(query, 6));
  entry->sent_digest = g_strdup(store_query_text(query, 7));
  entry->name = g_strdup(store_query_text(query, 8));
  entry->meta = g_strdup(store_query_text(query, 9));
  entry->version = g_strdup(store_query_text(query, 10));
  entry->message = g_strdup(store_query_text(query, 11));
  entry->from = g_strdup(store_query_text(query, 12));
  entry->version_id = g_strdup(store_query_text(query, 13));
  entry->valves = g_strdup(store_query_text(query, 14));
  entry->is_active = store_query_int(query, 15) != 0;
  entry->is_global = store_query_int(query, 16) != 0;
  entry->file = g_strdup(store_query_text(query, 17));
  return entry;
}

static GPtrArray *
read_entries(StoreQuery *query, GError **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)history_entry_free);
  StoreStep step;
  while ((step = store_query_step(query, error)) == STORE_ROW)
    g_ptr_array_add(entries, read_entry(query));
  return step == STORE_DONE ? g_steal_pointer(&entries) : NULL;
}

GPtrArray *
history_list(History *history, const char *server, Family family, const char *id, GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "SELECT " COLUMNS
                    " FROM version WHERE server = ?1 AND family = ?2 AND id = ?3 ORDER BY row DESC",
                    server, family, id, error);
  return query != NULL ? read_entries(query, error) : NULL;
}

GPtrArray *
history_plugins(History *history, const char *server, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store,
                  "SELECT " COLUMNS " FROM version WHERE row IN"
                  " (SELECT max(row) FROM version WHERE server = ?1 GROUP BY family, id)"
                  " ORDER BY family, id",
                  error);
  if (query == NULL)
    return NULL;
  store_query_bind_text(query, 1, server);
  return read_entries(query, error);
}

GPtrArray *
history_all(History *history, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store, "SELECT " COLUMNS " FROM version ORDER BY row DESC", error);
  return query != NULL ? read_entries(query, error) : NULL;
}

/* The newest of a plugin that is a write of ours or of the action `also`. */
static HistoryEntry *
last_of(History *history, const char *server, Family family, const char *id, HistoryAction also,
        GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "SELECT " COLUMNS " FROM version WHERE server = ?1 AND family = ?2 AND id = ?3"
                    " AND action IN (?4, ?5, ?6) ORDER BY row DESC LIMIT 1",
                    server, family, id, error);
  if (query == NULL)
    return NULL;
  store_query_bind_int(query, 4, HISTORY_SENT);
  store_query_bind_int(query, 5, HISTORY_ROLLED_BACK);
  store_query_bind_int(query, 6, also);
  return store_query_step(query, error) == STORE_ROW ? read_entry(query) : NULL;
}

HistoryEntry *
history_last_write(History *history, const char *server, Family family, const char *id,
                   GError **error)
{
  return last_of(history, server, family, id, HISTORY_SENT, error);
}

HistoryEntry *
history_last_agreed(History *history, const char *server, Family family, const char *id,
                    GError **error)
{
  return last_of(history, server, family, id, HISTORY_PULLED, error);
}

char *
history_last_file(History *history, const char *server, Family family, const char *id,
                  GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "SELECT undo_of FROM version WHERE server = ?1 AND family = ?2 AND id = ?3"
                    " AND action = ?4 AND undo_of IS NOT NULL ORDER BY row DESC LIMIT 1",
                    server, family, id, error);
  if (query == NULL)
    return NULL;
  store_query_bind_int(query, 4, HISTORY_SENT);
  return store_query_step(query, error) == STORE_ROW ? g_strdup(store_query_text(query, 0)) : NULL;
}

HistoryEntry *
history_last_anywhere(History *history, Family family, const char *id, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store,
                  "SELECT " COLUMNS " FROM version WHERE family = ?1 AND id = ?2"
                  " AND action IN (?3, ?4) ORDER BY row DESC LIMIT 1",
                  error);
  if (query == NULL)
    return NULL;
  store_query_bind_int(query, 1, family);
  store_query_bind_text(query, 2, id);
  store_query_bind_int(query, 3, HISTORY_SENT);
  store_query_bind_int(query, 4, HISTORY_ROLLED_BACK);
  return store_query_step(query, error) == STORE_ROW ? read_entry(query) : NULL;
}

/* Anybody may have put the letters into a meta; only the stamp counts. */
static gboolean
has_write(const HistoryEntry *entry, const char *write)
{
  json_auto_t *meta = json_exact_parse_text(entry->meta, 0);
  g_autoptr(Stamp) stamp = stamp_read(meta);
  return stamp != NULL && g_strcmp0(stamp->write, write) == 0 &&
         strcmp(stamp->sha256, entry->digest) == 0;
}

HistoryEntry *
history_find_write(History *history, const char *server, Family family, const char *id,
                   const char *write, const char *digest, GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "SELECT " COLUMNS " FROM version WHERE server <> ?1 AND family = ?2"
                    " AND id = ?3 AND digest = ?4 AND instr(meta, ?5) > 0 ORDER BY row DESC",
                    server, family, id, error);
  if (query == NULL)
    return NULL;
  store_query_bind_text(query, 4, digest);
  store_query_bind_text(query, 5, write);
  while (store_query_step(query, error) == STORE_ROW) {
    g_autoptr(HistoryEntry) entry = read_entry(query);
    if (has_write(entry, write))
      return g_steal_pointer(&entry);
  }
  return NULL;
}

gint64
history_newest(History *history)
{
  g_autoptr(StoreQuery) query = store_query(history->store, "SELECT max(row) FROM version", NULL);
  return query != NULL && store_query_step(query, NULL) == STORE_ROW ? store_query_int(query, 0)
                                                                     : 0;
}

GBytes *
history_content(History *history, const char *digest, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store, "SELECT data FROM content WHERE digest = ?1", error);
  if (query == NULL)
    return NULL;
  store_query_bind_text(query, 1, digest);
  StoreStep step = store_query_step(query, error);
  if (step == STORE_DONE)
    owup_error_set(error, OWUP_ERROR_NOT_FOUND, _("The history holds no version %s"), digest);
  if (step != STORE_ROW)
    return NULL;
  g_autoptr(GBytes) content = store_query_bytes(query, 0);
  g_autofree char *found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
  if (!g_str_equal(found, digest)) {
    g_autofree char *shown = g_filename_display_name(history->dir);
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE,
                   _("Version %s in the history (%s) is damaged; it cannot be used"), digest,
                   shown);
    return NULL;
  }
  return g_steal_pointer(&content);
}
