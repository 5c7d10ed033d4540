/* SPDX-License-Identifier: MIT */
/* The history where it cannot write or read, and with several processes. */
#include "history.h"

#include "store.h"
#include "support/history_fixture.h"
#include "support/rights.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

/* A home folder need not be UTF-8; what is said about it is. */
static void
test_odd_folder(Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_build_filename(fixture->tree->root, "h\xf6me?mode=memory#%41", NULL);
  g_autofree char *path = g_build_filename(dir, "history.db", NULL);
  {
    g_autoptr(History) history = open_history(dir);
    add(history, HISTORY_SENT, "x");
  }
  g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
  {
    g_autoptr(History) reader = history_open_readonly(dir, NULL);
    g_assert_cmpuint(count(reader, SERVER, "p"), ==, 1);
  }
  spoil(dir, "no database");
  g_autoptr(GError) error = NULL;
  g_assert_null(history_open(dir, &error));
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void
test_readonly(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  {
    g_autoptr(History) empty = history_open_readonly(fixture->dir, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count(empty, SERVER, "p"), ==, 0);
  }
  g_assert_false(g_file_test(fixture->dir, G_FILE_TEST_EXISTS));

  g_autoptr(History) writer = open_history(fixture->dir);
  add(writer, HISTORY_SENT, "x");
  g_autoptr(History) reader = history_open_readonly(fixture->dir, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(count(reader, SERVER, "p"), ==, 1);
  add(writer, HISTORY_SENT, "y");
  g_assert_cmpuint(count(reader, SERVER, "p"), ==, 2);

  g_autoptr(GBytes) content = g_bytes_new_static("z", 1);
  g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_FUNCTION, "p", HISTORY_SENT);
  g_assert_false(history_add(reader, entry, content, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_clear_error(&error);
}

/* Where the folder cannot be written, it can still be read, with a log and without. */
static void
test_unwritable(Fixture *fixture, gconstpointer data)
{
  History *history = open_history(fixture->dir);
  add(history, HISTORY_SENT, "x");
  if (data != NULL)
    g_assert_true(history_purge(history, SERVER, FAMILY_FUNCTION, "none", NULL, NULL));
  history_free(history);
  g_autofree char *state = g_path_get_dirname(fixture->dir);
  g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
  g_autofree char *shared = g_strconcat(fixture->path, "-shm", NULL);
  if (data != NULL) {
    g_assert_cmpint(g_remove(log), ==, 0);
    g_assert_cmpint(g_remove(shared), ==, 0);
  } else {
    g_chmod(log, 0444);
    g_chmod(shared, 0444);
  }
  g_chmod(fixture->path, 0444);
  g_chmod(fixture->dir, 0555);
  g_chmod(state, 0755);
  g_chmod(fixture->tree->root, 0755);
  pid_t pid = fork();
  if (pid == 0) {
    drop_rights();
    assert_refused(fixture->dir, "belongs to another user");
    g_autoptr(History) reader = history_open_readonly(fixture->dir, NULL);
    _exit(reader != NULL && count(reader, SERVER, "p") == 1 ? 0 : 1);
  }
  assert_ends_well(pid);
  g_chmod(fixture->dir, 0700);
}

/* Nothing there yet, and no right to make it. */
static void
test_cannot_make(Fixture *fixture, gconstpointer data)
{
  g_chmod(fixture->tree->root, 0555);
  pid_t pid = fork();
  if (pid == 0) {
    drop_rights();
    assert_refused(fixture->dir, "ermission denied");
    _exit(0);
  }
  assert_ends_well(pid);
  g_chmod(fixture->tree->root, 0700);
  g_assert_false(g_file_test(fixture->dir, G_FILE_TEST_EXISTS));
}

static void
test_newer(Fixture *fixture, gconstpointer data)
{
  static const char *const newer[] = {"", "CREATE TABLE later (x)", NULL};
  history_free(open_history(fixture->dir));
  Store *store = store_open(fixture->path, newer, NULL);
  g_assert_nonnull(store);
  store_close(store);
  assert_refused(fixture->dir, "newer owup");
  g_autoptr(GError) error = NULL;
  g_assert_null(history_open_readonly(fixture->dir, &error));
  g_assert_nonnull(strstr(error->message, "newer owup"));
}

/* No database: left as it is, with what to do; moved away, a new one is made, whatever log the old
 * one left behind. */
static void
test_damaged(Fixture *fixture, gconstpointer data)
{
  {
    g_autoptr(History) history = open_history(fixture->dir);
    add(history, HISTORY_SENT, "x");
  }
  g_autofree char *junk = g_strnfill(8192, 'j');
  g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
  g_autofree char *old_log = NULL;
  gsize old_size;
  g_assert_true(g_file_get_contents(log, &old_log, &old_size, NULL));
  spoil(fixture->dir, junk);
  g_autoptr(GError) error = NULL;
  g_assert_null(history_open(fixture->dir, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, fixture->path));
  g_assert_nonnull(strstr(owup_error_hint(error), "Move"));
  g_clear_error(&error);
  g_assert_null(history_open_readonly(fixture->dir, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_autofree char *still = NULL;
  g_assert_true(g_file_get_contents(fixture->path, &still, NULL, NULL));
  g_assert_cmpstr(still, ==, junk);

  g_assert_cmpint(g_remove(fixture->path), ==, 0);
  g_assert_true(g_file_set_contents(log, old_log, (gssize)old_size, NULL));
  g_autoptr(History) history = open_history(fixture->dir);
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 0);
  add(history, HISTORY_SENT, "y");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 1);
}

/* A content that is not what it was is never given out. */
static void
test_damaged_content(Fixture *fixture, gconstpointer data)
{
  static const char *const same[] = {"", NULL};
  g_autofree char *digest = NULL;
  {
    g_autoptr(History) history = open_history(fixture->dir);
    digest = add_version(history, SERVER, "p", HISTORY_SENT, "x", 0);
  }
  {
    g_autoptr(Store) store = store_open(fixture->path, same, NULL);
    g_assert_true(store_run(store, "UPDATE content SET data = x'00'", NULL));
  }
  g_autoptr(History) history = open_history(fixture->dir);
  g_autoptr(GError) error = NULL;
  g_assert_null(history_content(history, digest, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

/* Adds 1 MB where there is no room for it; what was there stays. */
static void
overfill(const char *dir, const char *words)
{
  g_autoptr(History) history = history_open(dir, NULL);
  if (history == NULL)
    _exit(2);
  add(history, HISTORY_SENT, "before");
  g_autoptr(GError) error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_FUNCTION, "p", HISTORY_SENT);
  g_autoptr(GBytes) content = g_bytes_new_take(g_malloc0(1 << 20), 1 << 20);
  if (history_add(history, entry, content, &error))
    _exit(3);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_nonnull(strstr(error->message, dir));
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 1);
  add(history, HISTORY_SENT, "after");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 2);
}

#ifdef __linux__
static gboolean
tell(const char *path, const char *word)
{
  return g_file_set_contents_full(path, word, -1, G_FILE_SET_CONTENTS_NONE, 0, NULL);
}

/* In a child: a file system of its own there, of 512 KB. */
static gboolean
mount_small(const char *path)
{
  if (geteuid() != 0) {
    g_autofree char *users = g_strdup_printf("0 %u 1", (guint)getuid());
    g_autofree char *groups = g_strdup_printf("0 %u 1", (guint)getgid());
    if (unshare(CLONE_NEWUSER) != 0 || !tell("/proc/self/uid_map", users) ||
        !tell("/proc/self/setgroups", "deny") || !tell("/proc/self/gid_map", groups))
      return FALSE;
  }
  return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount("tmpfs", path, "tmpfs", 0, "size=512k") == 0;
}
#endif

static void
test_full(Fixture *fixture, gconstpointer data)
{
#ifdef __linux__
  pid_t pid = fork();
  if (pid == 0) {
    if (!mount_small(fixture->tree->root))
      _exit(77);
    overfill(fixture->dir, "disk is full");
    _exit(0);
  }
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    g_test_skip("a small file system cannot be mounted here");
  else
    g_assert_cmpint(status, ==, 0);
#else
  g_test_skip("a small file system cannot be mounted here");
#endif
}

static void
test_file_too_large(Fixture *fixture, gconstpointer data)
{
  pid_t pid = fork();
  if (pid == 0) {
    struct rlimit limit = {300 << 10, 300 << 10};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    overfill(fixture->dir, g_strerror(EFBIG));
    _exit(0);
  }
  assert_ends_well(pid);
}

#define PROCESSES 20
#define EACH 10

static void
write_versions(const char *dir, int number)
{
  for (int i = 0; i < EACH; i++) {
    g_autoptr(History) history = history_open(dir, NULL);
    g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_FUNCTION, "p", HISTORY_SENT);
    g_autofree char *text = g_strdup_printf("%d of %d %100000s", i, number, "");
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    entry->message = g_strdup_printf("%d/%d", number, i);
    if (history == NULL || !history_add(history, entry, content, NULL))
      _exit(1);
    g_clear_pointer(&history, history_free);
  }
  _exit(0);
}

/* All at once, from the making of the folder on. */
static void
test_processes(Fixture *fixture, gconstpointer data)
{
  pid_t pids[PROCESSES];
  for (int i = 0; i < PROCESSES; i++) {
    pids[i] = fork();
    g_assert_cmpint(pids[i], >=, 0);
    if (pids[i] == 0)
      write_versions(fixture->dir, i);
  }
  for (int i = 0; i < PROCESSES; i++)
    assert_ends_well(pids[i]);
  g_autoptr(History) history = open_history(fixture->dir);
  g_autoptr(GPtrArray) entries = list(history, SERVER, "p");
  g_autoptr(GHashTable) messages = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < entries->len; i++) {
    HistoryEntry *entry = g_ptr_array_index(entries, i);
    GError *error = NULL;
    g_bytes_unref(history_content(history, entry->digest, &error));
    g_assert_no_error(error);
    g_hash_table_add(messages, entry->message);
  }
  g_assert_cmpuint(g_hash_table_size(messages), ==, PROCESSES * EACH);
}

/* kill -9 while it writes: everything that it had been told is kept is there. */
static void
test_killed(Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 10; round++) {
    int pipe_ends[2];
    g_assert_cmpint(pipe(pipe_ends), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
      History *history = open_history(fixture->dir);
      for (int i = 0;; i++) {
        g_autofree char *text = g_strdup_printf("%u %d %50000s", round, i, "");
        add(history, HISTORY_SENT, text);
        if (write(pipe_ends[1], "x", 1) != 1)
          _exit(1);
      }
    }
    close(pipe_ends[1]);
    char byte;
    for (guint i = 0; i <= round; i++)
      g_assert_cmpint(read(pipe_ends[0], &byte, 1), ==, 1);
    kill(pid, SIGKILL);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    guint told = round + 1;
    while (read(pipe_ends[0], &byte, 1) == 1)
      told++;
    close(pipe_ends[0]);

    GError *error = NULL;
    g_autoptr(History) history = open_history(fixture->dir);
    g_autoptr(GPtrArray) entries = list(history, SERVER, "p");
    g_assert_cmpuint(entries->len, >=, told);
    for (guint i = 0; i < entries->len; i++) {
      HistoryEntry *entry = g_ptr_array_index(entries, i);
      g_bytes_unref(history_content(history, entry->digest, &error));
      g_assert_no_error(error);
    }
    g_assert_true(history_purge(history, NULL, FAMILY_FUNCTION, "p", NULL, &error));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
  ADD("/history-trouble/odd-folder", test_odd_folder);
  ADD("/history-trouble/readonly", test_readonly);
  ADD("/history-trouble/unwritable", test_unwritable);
  g_test_add("/history-trouble/unwritable-no-log", Fixture, "x", set_up, test_unwritable,
             tear_down);
  ADD("/history-trouble/cannot-make", test_cannot_make);
  ADD("/history-trouble/newer", test_newer);
  ADD("/history-trouble/damaged", test_damaged);
  ADD("/history-trouble/damaged-content", test_damaged_content);
  ADD("/history-trouble/full", test_full);
  ADD("/history-trouble/file-too-large", test_file_too_large);
  ADD("/history-trouble/processes", test_processes);
  ADD("/history-trouble/killed", test_killed);
  return g_test_run();
}
