/* SPDX-License-Identifier: MIT */
/* The SQLite layer: what survives, what is refused, several processes at once. */
#include "store.h"

#include "error.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const migrations[] = {
    "CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB, n INTEGER)",
    "ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'x'",
    NULL,
};
static const char *const first_migration[] = {
    "CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB, n INTEGER)", NULL};

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  fixture->folder = g_dir_make_tmp("owup-store-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->path = g_build_filename(fixture->folder, "test.db", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    g_remove(path);
  }
  g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
  g_free(fixture->folder);
  g_free(fixture->path);
}

static Store *
open_it(const char *path)
{
  GError *error = NULL;
  Store *store = store_open(path, migrations, &error);
  g_assert_no_error(error);
  g_assert_nonnull(store);
  return store;
}

static void
insert(Store *store, const char *key, GBytes *value, gint64 n)
{
  GError *error = NULL;
  g_autoptr(StoreQuery) query =
      store_query(store, "INSERT INTO t (k, v, n) VALUES (?1, ?2, ?3)", &error);
  g_assert_no_error(error);
  store_query_bind_text(query, 1, key);
  store_query_bind_bytes(query, 2, value);
  store_query_bind_int(query, 3, n);
  store_query_finish(query, &error);
  g_assert_no_error(error);
}

static gint64
count(Store *store)
{
  GError *error = NULL;
  g_autoptr(StoreQuery) query = store_query(store, "SELECT count(*) FROM t", &error);
  g_assert_no_error(error);
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  return store_query_int(query, 0);
}

static void
assert_refused(const char *path, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Store) store = store_open(path, migrations, &error);
  g_assert_null(store);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_nonnull(strstr(error->message, path));
}

static void
test_values(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Store) store = open_it(fixture->path);
  g_autoptr(GBytes) value = g_bytes_new_static("a\0b\xff", 4);
  g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
  insert(store, "精读", value, G_MAXINT64);
  insert(store, "empty", empty, -1);
  insert(store, "null", NULL, 0);

  GError *error = NULL;
  g_autoptr(StoreQuery) query =
      store_query(store, "SELECT k, v, n, extra FROM t ORDER BY n DESC", &error);
  g_assert_no_error(error);
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  g_assert_cmpstr(store_query_text(query, 0), ==, "精读");
  g_autoptr(GBytes) back = store_query_bytes(query, 1);
  g_assert_true(g_bytes_equal(back, value));
  g_assert_cmpint(store_query_int(query, 2), ==, G_MAXINT64);
  g_assert_cmpstr(store_query_text(query, 3), ==, "x");
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  g_assert_null(store_query_bytes(query, 1));
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  g_autoptr(GBytes) nothing = store_query_bytes(query, 1);
  g_assert_nonnull(nothing);
  g_assert_cmpuint(g_bytes_get_size(nothing), ==, 0);
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_DONE);
}

static void
test_kept(Fixture *fixture, gconstpointer data)
{
  struct stat st;
  {
    g_autoptr(Store) store = open_it(fixture->path);
    insert(store, "a", NULL, 1);
    g_assert_cmpint(stat(fixture->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
    g_assert_cmpint(stat(log, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  }
  g_autoptr(Store) store = open_it(fixture->path);
  g_assert_cmpint(count(store), ==, 1);
}

static void
test_transaction(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(Store) store = open_it(NULL);
  {
    g_autoptr(StoreTransaction) dropped = store_begin(store, &error);
    g_assert_no_error(error);
    insert(store, "a", NULL, 1);
  }
  g_assert_cmpint(count(store), ==, 0);
  g_autoptr(StoreTransaction) kept = store_begin(store, &error);
  insert(store, "a", NULL, 1);
  g_assert_true(store_commit(kept, &error));
  g_assert_cmpint(count(store), ==, 1);
}

/* A query of the same text begins anew: no value, no row and no failure of the one before. */
static void
test_again(Fixture *fixture, gconstpointer data)
{
  static const char sql[] = "SELECT n FROM t WHERE k = ?1 OR ?1 IS NULL ORDER BY n";
  GError *error = NULL;
  g_autoptr(Store) store = open_it(fixture->path);
  insert(store, "a", NULL, 1);
  insert(store, "b", NULL, 2);
  StoreQuery *query = store_query(store, sql, &error);
  store_query_bind_text(query, 1, "b");
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  g_assert_cmpint(store_query_int(query, 0), ==, 2);
  store_query_free(query);

  g_autoptr(StoreQuery) outer = store_query(store, sql, &error);
  g_assert_cmpint(store_query_step(outer, &error), ==, STORE_ROW);
  g_assert_cmpint(store_query_int(outer, 0), ==, 1);
  g_autoptr(StoreQuery) inner = store_query(store, sql, &error);
  store_query_bind_text(inner, 1, "b");
  g_assert_cmpint(store_query_step(inner, &error), ==, STORE_ROW);
  g_assert_cmpint(store_query_int(inner, 0), ==, 2);
  g_assert_cmpint(store_query_step(outer, &error), ==, STORE_ROW);
  g_assert_cmpint(store_query_int(outer, 0), ==, 2);
  g_assert_cmpint(store_query_step(outer, &error), ==, STORE_DONE);
  g_assert_no_error(error);

  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) twice = NULL;
    g_autoptr(StoreQuery) same =
        store_query(store, "INSERT INTO t (k, v, n) VALUES (?1, ?2, ?3)", NULL);
    store_query_bind_text(same, 1, "a");
    g_assert_false(store_query_finish(same, &twice));
    g_assert_error(twice, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  }
  insert(store, "c", NULL, 3);
  g_assert_cmpint(count(store), ==, 3);
}

static void
test_failures(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Store) store = open_it(NULL);
  g_autoptr(GError) syntax = NULL, twice = NULL, bound = NULL;
  g_assert_null(store_query(store, "SELEKT", &syntax));
  g_assert_error(syntax, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);

  insert(store, "a", NULL, 1);
  g_assert_false(store_run(store, "INSERT INTO t (k) VALUES ('a')", &twice));
  g_assert_error(twice, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);

  g_autoptr(StoreQuery) query = store_query(store, "SELECT ?1", NULL);
  store_query_bind_int(query, 7, 1);
  g_assert_cmpint(store_query_step(query, &bound), ==, STORE_FAILED);
  g_assert_error(bound, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

static void
test_migration(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  {
    g_autoptr(Store) old = store_open(fixture->path, first_migration, &error);
    g_assert_no_error(error);
    g_assert_true(store_run(old, "INSERT INTO t (k) VALUES ('old')", &error));
  }
  g_autoptr(Store) store = open_it(fixture->path);
  g_autoptr(StoreQuery) query = store_query(store, "SELECT k, extra FROM t", &error);
  g_assert_no_error(error);
  g_assert_cmpint(store_query_step(query, &error), ==, STORE_ROW);
  g_assert_cmpstr(store_query_text(query, 0), ==, "old");
  g_assert_cmpstr(store_query_text(query, 1), ==, "x");
}

static void
test_failed_migration(Fixture *fixture, gconstpointer data)
{
  static const char *const broken[] = {"CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB, n INTEGER)",
                                       "CREATE TABLE u (a); NONSENSE", NULL};
  g_autoptr(GError) error = NULL;
  g_assert_null(store_open(fixture->path, broken, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_autoptr(Store) store = open_it(fixture->path);
  g_assert_cmpint(count(store), ==, 0);
}

static void
test_newer(Fixture *fixture, gconstpointer data)
{
  store_close(open_it(fixture->path));
  g_autoptr(GError) error = NULL;
  g_assert_null(store_open(fixture->path, first_migration, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "newer owup"));
  g_assert_nonnull(owup_error_hint(error));
}

static void
test_damaged(Fixture *fixture, gconstpointer data)
{
  g_autofree char *junk = g_strnfill(8192, 'j');
  g_assert_true(g_file_set_contents(fixture->path, junk, 8192, NULL));
  assert_refused(fixture->path, "damaged");
  g_autofree char *still = NULL;
  g_assert_true(g_file_get_contents(fixture->path, &still, NULL, NULL));
  g_assert_cmpstr(still, ==, junk);
}

static void
test_no_folder(Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename(fixture->folder, "none", "x.db", NULL);
  assert_refused(path, "Cannot make");
}

static void
test_folder_as_file(Fixture *fixture, gconstpointer data)
{
  assert_refused(fixture->folder, "Cannot use");
}

/* A name that SQLite would read as a URI is a name. */
static void
test_odd_name(Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint(g_chdir(fixture->folder), ==, 0);
  store_close(open_it("file:x?mode=memory"));
  g_assert_true(g_file_test("file:x?mode=memory", G_FILE_TEST_IS_REGULAR));
  g_assert_cmpint(g_chdir("/"), ==, 0);
}

/* A disk that is full: the database may not grow beyond a few pages. */
static void
test_full(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(Store) store = open_it(fixture->path);
  insert(store, "kept", NULL, 1);
  g_assert_true(store_run(store, "PRAGMA max_page_count = 8", &error));
  g_autoptr(GError) full = NULL;
  {
    g_autoptr(StoreTransaction) transaction = store_begin(store, &error);
    g_assert_no_error(error);
    g_assert_false(
        store_run(store, "INSERT INTO t (k, v) VALUES ('big', zeroblob(1000000))", &full));
  }
  g_assert_error(full, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(full->message, "disk is full"));
  g_assert_cmpint(count(store), ==, 1);
}

#define PROCESSES 20
#define ROWS_EACH 25

/* In a child: opens the file at the same moment as the others and writes. */
static void
write_rows(const char *path, int number)
{
  g_autoptr(Store) store = store_open(path, migrations, NULL);
  if (store == NULL)
    _exit(1);
  for (int i = 0; i < ROWS_EACH; i++) {
    g_autoptr(StoreTransaction) transaction = store_begin(store, NULL);
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO t (k, n) VALUES ('%d/%d', %d)", number, i, i);
    if (transaction == NULL || !store_run(store, sql, NULL) || !store_commit(transaction, NULL))
      _exit(2);
  }
  g_clear_pointer(&store, store_close);
  _exit(0);
}

static void
test_processes(Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < PROCESSES; i++) {
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0)
      write_rows(fixture->path, i);
  }
  for (int i = 0; i < PROCESSES; i++) {
    int status;
    g_assert_cmpint(wait(&status), >, 0);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
  }
  g_autoptr(Store) store = open_it(fixture->path);
  g_assert_cmpint(count(store), ==, PROCESSES * ROWS_EACH);
}

/* A process that is killed in the middle of a transaction: committed rows stay, the rest is gone.
 */
static void
test_killed(Fixture *fixture, gconstpointer data)
{
  pid_t pid = fork();
  g_assert_cmpint(pid, >=, 0);
  if (pid == 0) {
    Store *store = store_open(fixture->path, migrations, NULL);
    store_run(store, "INSERT INTO t (k) VALUES ('committed')", NULL);
    store_begin(store, NULL);
    store_run(store, "INSERT INTO t (k) VALUES ('open')", NULL);
    kill(getpid(), SIGKILL);
  }
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_true(WIFSIGNALED(status));
  g_autoptr(Store) store = open_it(fixture->path);
  g_assert_cmpint(count(store), ==, 1);
  insert(store, "next", NULL, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
  ADD("/store/values", test_values);
  ADD("/store/kept", test_kept);
  ADD("/store/again", test_again);
  ADD("/store/transaction", test_transaction);
  ADD("/store/failures", test_failures);
  ADD("/store/migration", test_migration);
  ADD("/store/migration-fails", test_failed_migration);
  ADD("/store/newer", test_newer);
  ADD("/store/damaged", test_damaged);
  ADD("/store/no-folder", test_no_folder);
  ADD("/store/folder-as-file", test_folder_as_file);
  ADD("/store/odd-name", test_odd_name);
  ADD("/store/full", test_full);
  ADD("/store/processes", test_processes);
  ADD("/store/killed", test_killed);
  return g_test_run();
}
