/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "clock.h"
#include "disk_turn.h"
#include "error.h"
#include "store_times.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

/* A statement or value beyond this is no use of ours. */
#define LENGTH_LIMIT (512 << 20)

struct Store {
  sqlite3 *db;
  char *name;       /* for messages */
  char *log;        /* the write-ahead log's path; NULL: it is folded in at every close */
  gint64 log_size;  /* bytes from which a close folds it in */
  GHashTable *idle; /* SQL -> sqlite3_stmt: watch and batch ask the same things many times */
};

struct StoreQuery {
  Store *store;
  sqlite3_stmt *statement;
  GPtrArray *held; /* the GBytes that are bound: SQLite only points to their data */
  int bind_failed; /* the first failure's code, or SQLITE_OK */
};

struct StoreTransaction {
  Store *store;
  gboolean open;
};

/* SQLite's reason, with the system's behind it where there is one ("Permission denied"). */
static char *
reason_of(Store *store, int code, int system_code)
{
  const char *reason = sqlite3_errmsg(store->db);
  int kind = code & 0xff;
  if (system_code == 0 || (kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN))
    return g_strdup(reason);
  return g_strdup_printf("%s (%s)", reason, g_strerror(system_code));
}

static void
set_error(Store *store, int code, GError **error)
{
  /* SQLite does not note it for a failed commit. */
  int system_code = errno;
  if (sqlite3_system_errno(store->db) != 0)
    system_code = sqlite3_system_errno(store->db);
  g_autofree char *reason = reason_of(store, code, system_code);
  switch (code & 0xff) {
  case SQLITE_NOTADB:
  case SQLITE_CORRUPT:
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("%s is damaged (%s)"), store->name, reason);
    owup_error_add_hint(error, _("Move %s away; a new one is then made."), store->name);
    break;
  case SQLITE_FULL:
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot write %s: the disk is full"),
                   store->name);
    break;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("%s is in use by another process"),
                   store->name);
    break;
  default:
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot use %s: %s"), store->name, reason);
  }
}

/* SQLite would make the file with the umask's permissions. The new file appears under its name only
 * when nothing has it open any more: closing a descriptor of a database drops the locks that
 * another thread's connection holds on it. */
static gboolean
make_file(const char *path, GError **error)
{
  if (g_access(path, F_OK) == 0)
    return TRUE;
  g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
  int code = errno;
  if (fd >= 0) {
    close(fd);
    code = link(temporary, path) == 0 ? 0 : errno;
    g_unlink(temporary);
  }
  if (code == 0 || code == EEXIST)
    return TRUE;
  g_autofree char *shown = g_filename_display_name(path);
  return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make %s: %s"), shown,
                        g_strerror(code));
}

gboolean
store_run(Store *store, const char *sql, GError **error)
{
  errno = 0;
  int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  set_error(store, code, error);
  return FALSE;
}

/* The first switch to the write-ahead log needs the file alone for a moment, and SQLite does not
 * wait for that by itself. Where a log is not possible (a network file system), the rollback
 * journal stays, which is as safe. */
static gboolean
use_log(Store *store, GError **error)
{
  ClockDeadline until = clock_deadline(STORE_PATIENCE_MS);
  int code;
  errno = 0;
  while ((code = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL)) !=
         SQLITE_OK) {
    if ((code & 0xff) != SQLITE_BUSY || clock_passed(until)) {
      set_error(store, code, error);
      return FALSE;
    }
    clock_wait(STORE_PAUSE_MS);
  }
  return TRUE;
}

/* The database's version, or -1. */
static gint64
read_version(Store *store, GError **error)
{
  g_autoptr(StoreQuery) query = store_query(store, "PRAGMA user_version", error);
  if (query == NULL || store_query_step(query, error) != STORE_ROW)
    return -1;
  return store_query_int(query, 0);
}

static gboolean
run_migrations(Store *store, const char *const *migrations, gint64 known, GError **error)
{
  g_autoptr(StoreTransaction) transaction = store_begin(store, error);
  if (transaction == NULL)
    return FALSE;
  /* Again, now that nobody else can change it. */
  gint64 version = read_version(store, error);
  if (version < 0)
    return FALSE;
  for (gint64 i = version; i < known; i++) {
    if (!store_run(store, migrations[i], error))
      return FALSE;
  }
  if (version < known) {
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", (int)known);
    if (!store_run(store, sql, error))
      return FALSE;
  }
  return store_commit(transaction, error);
}

static gboolean
check_version(Store *store, gint64 version, gint64 known, GError **error)
{
  if (version <= known)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE,
                 _("%s is from a newer owup (its version %d, this owup knows %d)"), store->name,
                 (int)version, (int)known);
  return owup_error_add_hint(error, _("Use that newer owup, or move %s away."), store->name);
}

static gboolean
bring_up_to_date(Store *store, const char *const *migrations, GError **error)
{
  gint64 known = g_strv_length((char **)migrations);
  gint64 version = read_version(store, error);
  if (version < 0 || !check_version(store, version, known, error))
    return FALSE;
  return version == known || run_migrations(store, migrations, known, error);
}

static gboolean
prepare_store(Store *store, GError **error)
{
  sqlite3_extended_result_codes(store->db, 1);
  sqlite3_busy_timeout(store->db, (int)clock_real_ms(STORE_PATIENCE_MS));
  sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, LENGTH_LIMIT);
  sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (sqlite3_db_readonly(store->db, "main") == 1)
    return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot write %s: permission denied"),
                          store->name);
  return use_log(store, error) &&
         store_run(store, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", error);
}

static void
finalize(gpointer statement)
{
  sqlite3_finalize(statement);
}

static Store *
store_new(const char *path)
{
  Store *store = g_new0(Store, 1);
  /* Not every folder's name is UTF-8, but every message is. */
  store->name = path != NULL ? g_filename_display_name(path) : g_strdup(":memory:");
  store->idle = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, finalize);
  return store;
}

Store *
store_open(const char *path, const char *const *migrations, GError **error)
{
  if (path != NULL && !make_file(path, error))
    return NULL;
  g_autoptr(Store) store = store_new(path);
  /* "./" keeps a name that begins with "file:" from being read as a URI. */
  g_autofree char *name = path == NULL || g_path_is_absolute(path)
                              ? g_strdup(path != NULL ? path : ":memory:")
                              : g_build_filename(".", path, NULL);
  int code = sqlite3_open_v2(
      name, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK) {
    set_error(store, code, error);
    return NULL;
  }
  if (!prepare_store(store, error) || !bring_up_to_date(store, migrations, error))
    return NULL;
  return g_steal_pointer(&store);
}

/* Opens for reading; `immutable` is for where SQLite could not even make its lock files, and only
 * right where nobody writes. */
static Store *
open_reader(const char *path, gboolean immutable, GError **error)
{
  g_autoptr(Store) store = store_new(path);
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  g_autofree char *uri = g_filename_to_uri(absolute, NULL, error);
  if (uri == NULL)
    return NULL;
  g_autofree char *name = g_strconcat(uri, immutable ? "?immutable=1" : "", NULL);
  int code = sqlite3_open_v2(name, &store->db,
                             SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK) {
    set_error(store, code, error);
    return NULL;
  }
  sqlite3_busy_timeout(store->db, (int)clock_real_ms(STORE_PATIENCE_MS));
  sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, LENGTH_LIMIT);
  return g_steal_pointer(&store);
}

/* A folder that cannot be written, with no log left behind by a writer. */
static gboolean
is_at_rest(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  GStatBuf st;
  return g_access(folder, W_OK) != 0 && (g_stat(log, &st) != 0 || st.st_size == 0);
}

Store *
store_open_readonly(const char *path, const char *const *migrations, GError **error)
{
  g_autoptr(Store) store = open_reader(path, is_at_rest(path), error);
  if (store == NULL)
    return NULL;
  gint64 version = read_version(store, error);
  if (version < 0 || !check_version(store, version, g_strv_length((char **)migrations), error))
    return NULL;
  if (version < g_strv_length((char **)migrations))
    return store_open(path, migrations, error);
  return g_steal_pointer(&store);
}

void
store_keep_log(Store *store, gint64 size)
{
  const char *path = sqlite3_db_filename(store->db, "main");
  if (path == NULL || *path == '\0')
    return;
  g_free(store->log);
  store->log = g_strconcat(path, "-wal", NULL);
  store->log_size = size;
  sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void
store_close(Store *store)
{
  if (store == NULL)
    return;
  GStatBuf st;
  if (store->log != NULL && g_stat(store->log, &st) == 0 && st.st_size > store->log_size) {
    /* Where others are busy with it, one of them will do it. */
    sqlite3_busy_timeout(store->db, 0);
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  }
  g_hash_table_unref(store->idle);
  sqlite3_close(store->db);
  g_free(store->log);
  g_free(store->name);
  g_free(store);
}

/* An idle statement of this text, or a new one. NULL with the error. */
static sqlite3_stmt *
prepare(Store *store, const char *sql, GError **error)
{
  gpointer idle = NULL;
  if (g_hash_table_steal_extended(store->idle, sql, NULL, &idle))
    return idle;
  sqlite3_stmt *statement = NULL;
  errno = 0;
  int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    set_error(store, code, error);
  return statement;
}

StoreQuery *
store_query(Store *store, const char *sql, GError **error)
{
  sqlite3_stmt *statement = prepare(store, sql, error);
  if (statement == NULL)
    return NULL;
  StoreQuery *query = g_new0(StoreQuery, 1);
  query->store = store;
  query->statement = statement;
  query->held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  return query;
}

void
store_query_free(StoreQuery *query)
{
  if (query == NULL)
    return;
  sqlite3_reset(query->statement);
  sqlite3_clear_bindings(query->statement);
  /* The key is the statement's own text, so both are replaced together. */
  g_hash_table_replace(query->store->idle, (char *)sqlite3_sql(query->statement), query->statement);
  g_ptr_array_unref(query->held);
  g_free(query);
}

static void
note_bind(StoreQuery *query, int code)
{
  if (query->bind_failed == SQLITE_OK)
    query->bind_failed = code;
}

void
store_query_bind_int(StoreQuery *query, int index, gint64 value)
{
  if (query != NULL)
    note_bind(query, sqlite3_bind_int64(query->statement, index, value));
}

void
store_query_bind_text(StoreQuery *query, int index, const char *text)
{
  if (query != NULL)
    note_bind(query, sqlite3_bind_text(query->statement, index, text, -1, SQLITE_TRANSIENT));
}

void
store_query_bind_bytes(StoreQuery *query, int index, GBytes *bytes)
{
  if (query == NULL)
    return;
  if (bytes == NULL) {
    note_bind(query, sqlite3_bind_null(query->statement, index));
    return;
  }
  gsize size;
  const void *data = g_bytes_get_data(bytes, &size);
  g_ptr_array_add(query->held, g_bytes_ref(bytes));
  /* A blob without a first byte would be bound as NULL. */
  note_bind(query, size == 0
                       ? sqlite3_bind_zeroblob(query->statement, index, 0)
                       : sqlite3_bind_blob64(query->statement, index, data, size, SQLITE_STATIC));
}

StoreStep
store_query_step(StoreQuery *query, GError **error)
{
  int code = query->bind_failed;
  errno = 0;
  if (code == SQLITE_OK)
    code = sqlite3_step(query->statement);
  if (code == SQLITE_ROW)
    return STORE_ROW;
  if (code == SQLITE_DONE)
    return STORE_DONE;
  set_error(query->store, code, error);
  return STORE_FAILED;
}

gboolean
store_query_finish(StoreQuery *query, GError **error)
{
  StoreStep step;
  do
    step = store_query_step(query, error);
  while (step == STORE_ROW);
  return step == STORE_DONE;
}

gint64
store_query_int(StoreQuery *query, int column)
{
  return sqlite3_column_int64(query->statement, column);
}

const char *
store_query_text(StoreQuery *query, int column)
{
  return (const char *)sqlite3_column_text(query->statement, column);
}

GBytes *
store_query_bytes(StoreQuery *query, int column)
{
  if (sqlite3_column_type(query->statement, column) == SQLITE_NULL)
    return NULL;
  const void *data = sqlite3_column_blob(query->statement, column);
  return g_bytes_new(data, (gsize)sqlite3_column_bytes(query->statement, column));
}

StoreTransaction *
store_begin(Store *store, GError **error)
{
  if (!store_run(store, "BEGIN IMMEDIATE", error))
    return NULL;
  StoreTransaction *transaction = g_new0(StoreTransaction, 1);
  transaction->store = store;
  transaction->open = TRUE;
  return transaction;
}

gboolean
store_commit(StoreTransaction *transaction, GError **error)
{
  if (!store_run(transaction->store, "COMMIT", error))
    return FALSE;
  transaction->open = FALSE;
  return TRUE;
}

gboolean
store_sync(Store *store, GError **error)
{
  const char *path = sqlite3_db_filename(store->db, "main");
  int code = path != NULL && *path != '\0' ? disk_turn_take(path) : 0;
  if (code != 0)
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot write %s: %s"), store->name,
                   g_strerror(code));
  return code == 0;
}

void
store_transaction_free(StoreTransaction *transaction)
{
  if (transaction == NULL)
    return;
  /* Some errors (a full disk) roll back by themselves; a second time would be an error. */
  if (transaction->open && !sqlite3_get_autocommit(transaction->store->db))
    sqlite3_exec(transaction->store->db, "ROLLBACK", NULL, NULL, NULL);
  g_free(transaction);
}
