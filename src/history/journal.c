/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include "clock.h"
#include "history_private.h"

#define COLUMNS                                                                                    \
  "row, batch, server, family, id, title, action, digest_before, digest_after, is_active,"         \
  " is_global, server_date, started_at, before, patience"

void
journal_row_free(JournalRow *row)
{
  if (row == NULL)
    return;
  g_free(row->batch);
  g_free(row->server);
  g_free(row->id);
  g_free(row->title);
  g_free(row->digest_before);
  g_free(row->digest_after);
  g_free(row->before);
  g_free(row);
}

gboolean
journal_begin(History *history, JournalRow *row, GError **error)
{
  if (row->started_at == 0)
    row->started_at = clock_wall_seconds();
  g_autoptr(StoreQuery) query = history_query(
      history,
      "INSERT INTO open_write (server, family, id, batch, title, action, digest_before,"
      " digest_after, is_active, is_global, updated_at, server_date, started_at, before, patience)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, ?14) RETURNING row",
      row->server, row->family, row->id, error);
  if (query == NULL)
    return FALSE;
  store_query_bind_text(query, 4, row->batch);
  store_query_bind_text(query, 5, row->title);
  store_query_bind_int(query, 6, row->action);
  store_query_bind_text(query, 7, row->digest_before);
  store_query_bind_text(query, 8, row->digest_after);
  store_query_bind_int(query, 9, row->is_active);
  store_query_bind_int(query, 10, row->is_global);
  store_query_bind_int(query, 11, row->server_date);
  store_query_bind_int(query, 12, row->started_at);
  store_query_bind_text(query, 13, row->before);
  store_query_bind_int(query, 14, row->patience_s);
  if (store_query_step(query, error) != STORE_ROW)
    return FALSE;
  gint64 number = store_query_int(query, 0);
  /* Only now it is committed. */
  if (!store_query_finish(query, error))
    return FALSE;
  row->row = number;
  return TRUE;
}

/* An open write keeps the old content from being dropped; when it ends, that is made up for. */
static gboolean
end_rows(History *history, StoreQuery *query, GError **error)
{
  g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
  return history_collect(query, digests, error) && history_drop_unused(history, digests, error);
}

gboolean
journal_end(History *history, gint64 row, GError **error)
{
  g_autoptr(StoreQuery) query = store_query(
      history->store, "DELETE FROM open_write WHERE row = ?1 RETURNING digest_before", error);
  if (query == NULL)
    return FALSE;
  store_query_bind_int(query, 1, row);
  return end_rows(history, query, error);
}

gboolean
journal_take_up(History *history, gint64 row, int patience_s, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store, "UPDATE open_write SET patience = ?2 WHERE row = ?1", error);
  if (query == NULL)
    return FALSE;
  store_query_bind_int(query, 1, row);
  store_query_bind_int(query, 2, patience_s);
  return store_query_finish(query, error);
}

gboolean
journal_end_batch(History *history, const char *batch, GError **error)
{
  g_autoptr(StoreQuery) query = store_query(
      history->store, "DELETE FROM open_write WHERE batch = ?1 RETURNING digest_before", error);
  if (query == NULL)
    return FALSE;
  store_query_bind_text(query, 1, batch);
  return end_rows(history, query, error);
}

/* In the order of COLUMNS. */
static JournalRow *
read_row(StoreQuery *query)
{
  JournalRow *row = g_new0(JournalRow, 1);
  row->row = store_query_int(query, 0);
  row->batch = g_strdup(store_query_text(query, 1));
  row->server = g_strdup(store_query_text(query, 2));
  row->family = (Family)store_query_int(query, 3);
  row->id = g_strdup(store_query_text(query, 4));
  row->title = g_strdup(store_query_text(query, 5));
  row->action = (JournalAction)store_query_int(query, 6);
  row->digest_before = g_strdup(store_query_text(query, 7));
  row->digest_after = g_strdup(store_query_text(query, 8));
  row->is_active = store_query_int(query, 9) != 0;
  row->is_global = store_query_int(query, 10) != 0;
  row->server_date = store_query_int(query, 11);
  row->started_at = store_query_int(query, 12);
  row->before = g_strdup(store_query_text(query, 13));
  row->patience_s = (int)store_query_int(query, 14);
  return row;
}

GPtrArray *
journal_rows(History *history, const char *server, GError **error)
{
  g_autoptr(StoreQuery) query = store_query(
      history->store, "SELECT " COLUMNS " FROM open_write WHERE server = ?1 ORDER BY row", error);
  if (query == NULL)
    return NULL;
  store_query_bind_text(query, 1, server);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)journal_row_free);
  StoreStep step;
  while ((step = store_query_step(query, error)) == STORE_ROW)
    g_ptr_array_add(rows, read_row(query));
  return step == STORE_DONE ? g_steal_pointer(&rows) : NULL;
}
