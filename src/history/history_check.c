/* SPDX-License-Identifier: MIT */
#include "history_check.h"

#include "clock.h"
#include "error.h"
#include "history_private.h"
#include "state_dir.h"
#include "store_health.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define DATABASE "history.db"

void
history_check_free(HistoryCheck *check)
{
  if (check == NULL)
    return;
  g_free(check->moved);
  g_ptr_array_unref(check->lost);
  g_free(check);
}

static gboolean
move(const char *from, const char *to, GError **error)
{
  if (g_rename(from, to) == 0)
    return TRUE;
  int code = errno;
  g_autofree char *shown = g_filename_display_name(from);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot move %s: %s"), shown, g_strerror(code));
  return FALSE;
}

static char *
name_for_damaged(const char *path)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(clock_wall_seconds());
  g_autofree char *when = g_date_time_format(now, "%Y%m%d-%H%M%S");
  return g_strconcat(path, ".damaged-", when, NULL);
}

/* The log belongs to the database that it was written for. */
static gboolean
move_with_logs(const char *from, const char *to, GError **error)
{
  static const char *const behind[] = {"-wal", "-shm"};
  if (!move(from, to, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(behind); i++) {
    g_autofree char *old = g_strconcat(from, behind[i], NULL);
    g_autofree char *new = g_strconcat(to, behind[i], NULL);
    if (g_file_test(old, G_FILE_TEST_EXISTS) && !move(old, new, error))
      return FALSE;
  }
  return TRUE;
}

/* Moves the damaged one away first, so that a new one is there whatever comes then. */
static gboolean
replace_damaged(const char *dir, const char *path, HistoryCheck *check, GError **error)
{
  static const char *const tables[] = {"content", "version", "open_write", NULL};
  g_autofree char *moved = name_for_damaged(path);
  if (!move_with_logs(path, moved, error))
    return FALSE;
  check->moved = g_steal_pointer(&moved);
  g_autoptr(History) made = history_open(dir, error);
  if (made == NULL)
    return FALSE;
  g_clear_pointer(&made, history_free);
  check->salvaged = store_salvage(check->moved, path, tables);
  return TRUE;
}

static gboolean
is_whole(History *history, const char *digest)
{
  g_autoptr(GBytes) content = history_content(history, digest, NULL);
  return content != NULL;
}

static gboolean
remove_entry(History *history, const HistoryEntry *entry, GError **error)
{
  g_autoptr(StoreQuery) query =
      store_query(history->store, "DELETE FROM version WHERE row = ?1", error);
  if (query == NULL)
    return FALSE;
  store_query_bind_int(query, 1, entry->row);
  return store_query_finish(query, error);
}

/* A version without its text is no use, and in the way of those that could be rolled back to. */
static gboolean
check_versions(History *history, HistoryCheck *check, GError **error)
{
  g_autoptr(GPtrArray) entries = history_all(history, error);
  g_autoptr(GPtrArray) digests = g_ptr_array_new();
  g_autoptr(StoreTransaction) transaction =
      entries != NULL ? store_begin(history->store, error) : NULL;
  if (transaction == NULL)
    return FALSE;
  g_ptr_array_set_free_func(entries, NULL);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add(check->lost, g_ptr_array_index(entries, i));
  for (guint i = 0; i < entries->len; i++) {
    HistoryEntry *entry = g_ptr_array_index(entries, i);
    if (is_whole(history, entry->digest)) {
      check->entries++;
      g_ptr_array_remove(check->lost, entry);
      continue;
    }
    if (!remove_entry(history, entry, error))
      return FALSE;
    g_ptr_array_add(digests, entry->digest);
  }
  return history_drop_unused(history, digests, error) && store_commit(transaction, error);
}

HistoryCheck *
history_check(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, DATABASE, NULL);
  g_autoptr(HistoryCheck) check = g_new0(HistoryCheck, 1);
  check->lost = g_ptr_array_new_with_free_func((GDestroyNotify)history_entry_free);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&check);
  StoreHealth health =
      state_dir_guard(path, TRUE, error) ? store_health(path, error) : STORE_UNKNOWN;
  if (health == STORE_UNKNOWN ||
      (health == STORE_DAMAGED && !replace_damaged(dir, path, check, error)))
    return NULL;
  g_autoptr(History) history = history_open(dir, error);
  if (history == NULL || !check_versions(history, check, error))
    return NULL;
  return g_steal_pointer(&check);
}
