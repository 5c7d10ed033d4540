/* SPDX-License-Identifier: MIT */
#include "store_health.h"

#include "clock.h"
#include "error.h"
#include "store_times.h"

#include <glib/gi18n.h>
#include <sqlite3.h>

static sqlite3 *
open_raw(const char *path, int flags)
{
  sqlite3 *db = NULL;
  /* "./" keeps a name that begins with "file:" from being read as a URI. */
  g_autofree char *name =
      g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(".", path, NULL);
  sqlite3_open_v2(name, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
  sqlite3_busy_timeout(db, (int)clock_real_ms(STORE_PATIENCE_MS));
  return db;
}

static int
note_answer(void *data, int columns, char **values, char **names)
{
  gboolean *ok = data;
  *ok = columns > 0 && g_strcmp0(values[0], "ok") == 0;
  return 0;
}

StoreHealth
store_health(const char *path, GError **error)
{
  gboolean ok = FALSE;
  sqlite3 *db = open_raw(path, SQLITE_OPEN_READWRITE);
  int code = sqlite3_exec(db, "PRAGMA integrity_check(1)", note_answer, &ok, NULL) & 0xff;
  StoreHealth health = ok ? STORE_SOUND : STORE_DAMAGED;
  if (code != SQLITE_OK && code != SQLITE_CORRUPT && code != SQLITE_NOTADB) {
    g_autofree char *shown = g_filename_display_name(path);
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot use %s: %s"), shown,
                   sqlite3_errmsg(db));
    health = STORE_UNKNOWN;
  }
  sqlite3_close(db);
  return health;
}

/* TRUE: the row is new there. */
static gboolean
copy_row(sqlite3 *to, sqlite3_stmt *row, const char *table)
{
  g_autoptr(GString) sql = g_string_new(NULL);
  int columns = sqlite3_column_count(row);
  sqlite3_stmt *insert = NULL;
  g_string_printf(sql, "INSERT OR IGNORE INTO %s VALUES (?", table);
  for (int i = 1; i < columns; i++)
    g_string_append(sql, ", ?");
  g_string_append_c(sql, ')');
  gboolean done = sqlite3_prepare_v2(to, sql->str, -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; done && i < columns; i++)
    done = sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row, i)) == SQLITE_OK;
  done = done && sqlite3_step(insert) == SQLITE_DONE && sqlite3_changes(to) > 0;
  sqlite3_finalize(insert);
  return done;
}

/* Up to the first row that cannot be read. */
static guint
copy_rows(sqlite3 *from, sqlite3 *to, const char *table, const char *order)
{
  sqlite3_stmt *row = NULL;
  guint copied = 0;
  g_autofree char *sql = g_strdup_printf("SELECT * FROM %s ORDER BY rowid %s", table, order);
  if (sqlite3_prepare_v2(from, sql, -1, &row, NULL) == SQLITE_OK)
    while (sqlite3_step(row) == SQLITE_ROW)
      copied += copy_row(to, row, table) ? 1 : 0;
  sqlite3_finalize(row);
  return copied;
}

guint
store_salvage(const char *from, const char *to, const char *const *tables)
{
  sqlite3 *damaged = open_raw(from, SQLITE_OPEN_READWRITE);
  sqlite3 *fresh = open_raw(to, SQLITE_OPEN_READWRITE);
  guint copied = 0;
  sqlite3_exec(fresh, "BEGIN", NULL, NULL, NULL);
  /* From both ends: what is between may be lost. */
  for (; *tables != NULL; tables++)
    copied += copy_rows(damaged, fresh, *tables, "") + copy_rows(damaged, fresh, *tables, "DESC");
  sqlite3_exec(fresh, "COMMIT", NULL, NULL, NULL);
  sqlite3_close(damaged);
  sqlite3_close(fresh);
  return copied;
}
