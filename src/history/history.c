/* SPDX-License-Identifier: MIT */
#include "history.h"

#include "clock.h"
#include "history_private.h"
#include "history_times.h"
#include "redact.h"
#include "state_dir.h"

#include <errno.h>
#include <glib/gstdio.h>

#define DATABASE "history.db"
/* Folding the log in takes five fdatasync(), with this size at every fourth deploy of 200 KB. A log
 * twice as large takes as much time as that saves, since each opening reads it. */
#define LOG_KEPT (1 << 20)

/* AUTOINCREMENT: a number that was given is never given again, so nobody ends another's open write.
 * `action` and `family` are the enums' numbers. open_write.updated_at was never read;
 * it stays, since databases have it. version.undo_of was never read either, and holds the file that
 * was sent now: a column more would shut out the programs that came before. */
static const char *const migrations[] = {
    "CREATE TABLE content ("
    "  digest TEXT NOT NULL PRIMARY KEY,"
    "  data BLOB NOT NULL);"
    "CREATE TABLE version ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  server TEXT NOT NULL, family INTEGER NOT NULL, id TEXT NOT NULL,"
    "  action INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  digest TEXT NOT NULL REFERENCES content (digest), sent_digest TEXT,"
    "  name TEXT, meta TEXT, version TEXT, message TEXT, origin TEXT, version_id TEXT,"
    "  undo_of TEXT, valves TEXT,"
    "  is_active INTEGER NOT NULL, is_global INTEGER NOT NULL);"
    "CREATE INDEX version_plugin ON version (server, family, id);"
    "CREATE INDEX version_digest ON version (digest);"
    "CREATE TABLE open_write ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  batch TEXT,"
    "  server TEXT NOT NULL, family INTEGER NOT NULL, id TEXT NOT NULL, title TEXT,"
    "  action INTEGER NOT NULL, digest_before TEXT, digest_after TEXT,"
    "  is_active INTEGER NOT NULL, is_global INTEGER NOT NULL,"
    "  updated_at INTEGER NOT NULL, server_date INTEGER NOT NULL, started_at INTEGER NOT NULL,"
    "  before TEXT, patience INTEGER NOT NULL);",
    NULL,
};

char *
history_default_dir(const char *dir)
{
  if (dir == NULL || *dir == '\0')
    dir = g_getenv("OWUP_HISTORY");
  if (dir != NULL && *dir != '\0')
    return g_canonicalize_filename(dir, NULL);
  return g_build_filename(g_get_user_state_dir(), "owup", NULL);
}

static History *
history_new(const char *dir, Store *store)
{
  History *history = g_new0(History, 1);
  history->dir = g_strdup(dir);
  history->store = store;
  history->versions = HISTORY_VERSIONS;
  history->days = HISTORY_DAYS;
  return history;
}

History *
history_open(const char *dir, GError **error)
{
  if (!state_dir_make(dir, error))
    return NULL;
  g_autofree char *path = g_build_filename(dir, DATABASE, NULL);
  if (!state_dir_guard(path, TRUE, error))
    return NULL;
  Store *store = store_open(path, migrations, error);
  if (store == NULL)
    return NULL;
  store_keep_log(store, LOG_KEPT);
  return history_new(dir, store);
}

History *
history_open_readonly(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, DATABASE, NULL);
  GStatBuf st;
  if (!state_dir_guard(path, FALSE, error))
    return NULL;
  gboolean empty = g_stat(path, &st) == 0 ? st.st_size == 0 : errno == ENOENT;
  Store *store =
      empty ? store_open(NULL, migrations, error) : store_open_readonly(path, migrations, error);
  if (store == NULL)
    return NULL;
  return history_new(dir, store);
}

void
history_free(History *history)
{
  if (history == NULL)
    return;
  store_close(history->store);
  g_free(history->dir);
  g_free(history);
}

const char *
history_dir(const History *history)
{
  return history->dir;
}

void
history_set_limits(History *history, guint versions, guint days)
{
  history->versions = MAX(versions, 1);
  history->days = days;
}

StoreQuery *
history_query(History *history, const char *sql, const char *server, Family family, const char *id,
              GError **error)
{
  StoreQuery *query = store_query(history->store, sql, error);
  if (query == NULL)
    return NULL;
  store_query_bind_text(query, 1, server);
  store_query_bind_int(query, 2, family);
  store_query_bind_text(query, 3, id);
  return query;
}

gboolean
history_collect(StoreQuery *query, GPtrArray *digests, GError **error)
{
  StoreStep step;
  while ((step = store_query_step(query, error)) == STORE_ROW) {
    const char *digest = store_query_text(query, 0);
    if (digest != NULL)
      g_ptr_array_add(digests, g_strdup(digest));
  }
  return step == STORE_DONE;
}

gboolean
history_drop_unused(History *history, GPtrArray *digests, GError **error)
{
  for (guint i = 0; i < digests->len; i++) {
    g_autoptr(StoreQuery) query =
        store_query(history->store,
                    "DELETE FROM content WHERE digest = ?1"
                    " AND NOT EXISTS (SELECT 1 FROM version WHERE digest = ?1)"
                    " AND NOT EXISTS (SELECT 1 FROM open_write WHERE digest_before = ?1)",
                    error);
    if (query == NULL)
      return FALSE;
    store_query_bind_text(query, 1, g_ptr_array_index(digests, i));
    if (!store_query_finish(query, error))
      return FALSE;
  }
  return TRUE;
}

/* Whether the newest entry already tells all that a HISTORY_REPLACED `entry` would: what we sent
 * last is still there, or a write failed and is tried again. Its row, 0 if not, -1 after an error.
 */
static gint64
find_same(History *history, const HistoryEntry *entry, GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "SELECT row FROM (SELECT * FROM version"
                    " WHERE server = ?1 AND family = ?2 AND id = ?3 ORDER BY row DESC LIMIT 1)"
                    " WHERE action <> ?4 AND digest = ?5 AND name IS ?6 AND meta IS ?7"
                    " AND version_id IS ?8",
                    entry->server, entry->family, entry->id, error);
  if (query == NULL)
    return -1;
  store_query_bind_int(query, 4, HISTORY_DELETED);
  store_query_bind_text(query, 5, entry->digest);
  store_query_bind_text(query, 6, entry->name);
  store_query_bind_text(query, 7, entry->meta);
  store_query_bind_text(query, 8, entry->version_id);
  StoreStep step = store_query_step(query, error);
  if (step == STORE_ROW)
    return store_query_int(query, 0);
  return step == STORE_DONE ? 0 : -1;
}

/* `*fresh`: it was not there. */
static gboolean
insert_content(History *history, const char *digest, GBytes *content, gboolean *fresh,
               GError **error)
{
  g_autoptr(StoreQuery) query = store_query(
      history->store,
      "INSERT INTO content (digest, data) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING"
      " RETURNING 1",
      error);
  if (query == NULL)
    return FALSE;
  store_query_bind_text(query, 1, digest);
  store_query_bind_bytes(query, 2, content);
  StoreStep step = store_query_step(query, error);
  *fresh = step == STORE_ROW;
  return step != STORE_FAILED && (step == STORE_DONE || store_query_finish(query, error));
}

/* Free words come from the command line and the environment of a CI job, where a key may stand by
 * mistake. */
static void
bind_words(StoreQuery *query, int index, const char *words)
{
  g_autofree char *safe = words != NULL ? redactor_text(NULL, words) : NULL;
  store_query_bind_text(query, index, safe);
}

static gboolean
insert_entry(History *history, HistoryEntry *entry, GError **error)
{
  g_autoptr(StoreQuery) query = history_query(
      history,
      "INSERT INTO version (server, family, id, action, at, digest, sent_digest, name, meta,"
      " version, message, origin, version_id, valves, is_active, is_global, undo_of)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
      " RETURNING row",
      entry->server, entry->family, entry->id, error);
  if (query == NULL)
    return FALSE;
  store_query_bind_int(query, 4, entry->action);
  store_query_bind_int(query, 5, entry->at);
  store_query_bind_text(query, 6, entry->digest);
  store_query_bind_text(query, 7, entry->sent_digest);
  store_query_bind_text(query, 8, entry->name);
  store_query_bind_text(query, 9, entry->meta);
  store_query_bind_text(query, 10, entry->version);
  bind_words(query, 11, entry->message);
  bind_words(query, 12, entry->from);
  store_query_bind_text(query, 13, entry->version_id);
  store_query_bind_text(query, 14, entry->valves);
  store_query_bind_int(query, 15, entry->is_active);
  store_query_bind_int(query, 16, entry->is_global);
  store_query_bind_text(query, 17, entry->file);
  if (store_query_step(query, error) != STORE_ROW)
    return FALSE;
  entry->row = store_query_int(query, 0);
  return store_query_finish(query, error);
}

/* What is beyond both limits goes, except our last write or pull: without it, an edit by someone
 * else could not be told from our own. What was sent and then seen there is one version. */
static gboolean
prune(History *history, const HistoryEntry *entry, GError **error)
{
  g_autoptr(StoreQuery) query =
      history_query(history,
                    "DELETE FROM version WHERE server = ?1 AND family = ?2 AND id = ?3 AND at < ?5"
                    " AND row < (SELECT row FROM version AS v"
                    "  WHERE server = ?1 AND family = ?2 AND id = ?3"
                    "  AND digest IS NOT (SELECT digest FROM version WHERE server = ?1"
                    "   AND family = ?2 AND id = ?3 AND row < v.row ORDER BY row DESC LIMIT 1)"
                    "  ORDER BY row DESC LIMIT 1 OFFSET ?4)"
                    " AND row <> coalesce((SELECT max(row) FROM version WHERE server = ?1"
                    "  AND family = ?2 AND id = ?3 AND action IN (?6, ?7, ?8)), 0)"
                    " RETURNING digest",
                    entry->server, entry->family, entry->id, error);
  if (query == NULL)
    return FALSE;
  store_query_bind_int(query, 4, (gint64)history->versions - 1);
  store_query_bind_int(query, 5, clock_wall_seconds() - history->days * HISTORY_DAY_S);
  store_query_bind_int(query, 6, HISTORY_SENT);
  store_query_bind_int(query, 7, HISTORY_ROLLED_BACK);
  store_query_bind_int(query, 8, HISTORY_PULLED);
  g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
  return history_collect(query, digests, error) && history_drop_unused(history, digests, error);
}

gboolean
history_add(History *history, HistoryEntry *entry, GBytes *content, GError **error)
{
  if (entry->digest == NULL)
    entry->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
  if (entry->at == 0)
    entry->at = clock_wall_seconds();
  g_autoptr(StoreTransaction) transaction = store_begin(history->store, error);
  if (transaction == NULL)
    return FALSE;
  gint64 same = entry->action == HISTORY_REPLACED ? find_same(history, entry, error) : 0;
  if (same > 0)
    entry->row = same;
  if (same != 0)
    return same > 0;
  gboolean fresh = FALSE;
  return insert_content(history, entry->digest, content, &fresh, error) &&
         insert_entry(history, entry, error) && prune(history, entry, error) &&
         store_commit(transaction, error) &&
         (!fresh || !entry->only_copy || store_sync(history->store, error));
}

static gboolean
delete_versions(History *history, const char *server, Family family, const char *id, guint *removed,
                GError **error)
{
  g_autoptr(StoreTransaction) transaction = store_begin(history->store, error);
  if (transaction == NULL)
    return FALSE;
  g_autoptr(StoreQuery) query = history_query(
      history,
      "DELETE FROM version WHERE (?1 IS NULL OR server = ?1) AND family = ?2 AND id = ?3"
      " RETURNING digest",
      server, family, id, error);
  g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
  if (query == NULL || !history_collect(query, digests, error) ||
      !history_drop_unused(history, digests, error))
    return FALSE;
  g_clear_pointer(&query, store_query_free);
  if (!store_commit(transaction, error))
    return FALSE;
  if (removed != NULL)
    *removed = digests->len;
  return TRUE;
}

gboolean
history_purge(History *history, const char *server, Family family, const char *id, guint *removed,
              GError **error)
{
  if (!store_run(history->store, "PRAGMA secure_delete = ON", error) ||
      !delete_versions(history, server, family, id, removed, error))
    return FALSE;
  /* They are gone from the tables; gone from the files, too, unless another process is in the way:
   * then the next checkpoint does it. */
  store_run(history->store, "VACUUM", NULL);
  store_run(history->store, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
  return TRUE;
}
