/* The history: what is kept, found again, forgotten; what it does where it cannot. */
#include "history.h"

#include "error.h"
#include "folder.h"
#include "store.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

#define SERVER "https://example.org"
#define OTHER_SERVER "http://localhost:3000"
#define DAY ((gint64)24 * 60 * 60)

typedef struct {
  char *folder, *dir, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->folder = folder_make();
  fixture->dir = g_build_filename(fixture->folder, "state", "owup", NULL);
  fixture->path = g_build_filename(fixture->dir, "history.db", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  folder_remove(fixture->folder);
  g_free(fixture->folder);
  g_free(fixture->dir);
  g_free(fixture->path);
}

static History *
open_history(const char *dir)
{
  GError *error = NULL;
  History *history = history_open(dir, &error);
  g_assert_no_error(error);
  g_assert_nonnull(history);
  return history;
}

/* Adds `text` as a version of plugin `id`; the digest, owned by the caller. */
static char *
add_version(History *history, const char *server, const char *id, HistoryAction action,
            const char *text, gint64 at)
{
  GError *error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(server, FAMILY_FUNCTION, id, action);
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  entry->at = at;
  history_add(history, entry, content, &error);
  g_assert_no_error(error);
  g_assert_cmpint(entry->row, >, 0);
  return g_strdup(entry->digest);
}

static void
add(History *history, HistoryAction action, const char *text)
{
  g_free(add_version(history, SERVER, "p", action, text, 0));
}

static GPtrArray *
list(History *history, const char *server, const char *id)
{
  GError *error = NULL;
  GPtrArray *entries = history_list(history, server, FAMILY_FUNCTION, id, &error);
  g_assert_no_error(error);
  return entries;
}

static guint
count(History *history, const char *server, const char *id)
{
  g_autoptr(GPtrArray) entries = list(history, server, id);
  return entries->len;
}

static void
assert_content(History *history, const char *digest, const char *text)
{
  GError *error = NULL;
  g_autoptr(GBytes) content = history_content(history, digest, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
}

static void
assert_gone(History *history, const char *digest)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(history_content(history, digest, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_NOT_FOUND);
}

/* Makes the database a file of other words, its log gone. */
static void
spoil(const char *dir, const char *words)
{
  g_autofree char *path = g_build_filename(dir, "history.db", NULL);
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  g_autofree char *shared = g_strconcat(path, "-shm", NULL);
  g_remove(log);
  g_remove(shared);
  g_assert_true(g_file_set_contents(path, words, -1, NULL));
}

static void
assert_refused(const char *dir, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(History) history = history_open(dir, &error);
  g_assert_null(history);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_nonnull(strstr(error->message, dir));
}

/* The child ends by itself, with status 0. */
static void
assert_ends_well(pid_t pid)
{
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
test_entry(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(History) history = open_history(fixture->dir);
  g_assert_cmpstr(history_dir(history), ==, fixture->dir);
  g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_TOOL, "精读", HISTORY_DELETED);
  entry->at = 1700000000;
  entry->sent_digest = g_strdup("0123");
  entry->name = g_strdup("Name '精'");
  entry->meta = g_strdup("{\"a\":1}");
  entry->version = g_strdup("1.2.3");
  entry->message = g_strdup("why; key sk-0123456789abcdef0123456789abcdef");
  entry->from = g_strdup("abc123");
  entry->version_id = g_strdup("v-1");
  entry->undo_of = g_strdup("feed");
  entry->valves = g_strdup("{\"secret\":\"s\"}");
  entry->is_active = TRUE;
  g_autoptr(GBytes) content = g_bytes_new_static("a\r\n\xff", 4);
  g_assert_true(history_add(history, entry, content, &error));
  g_clear_pointer(&history, history_free);

  history = open_history(fixture->dir);
  g_autoptr(GPtrArray) entries = history_list(history, SERVER, FAMILY_TOOL, "精读", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(entries->len, ==, 1);
  HistoryEntry *found = g_ptr_array_index(entries, 0);
  g_assert_cmpint(found->row, ==, entry->row);
  g_assert_cmpstr(found->server, ==, SERVER);
  g_assert_cmpint(found->family, ==, FAMILY_TOOL);
  g_assert_cmpstr(found->id, ==, "精读");
  g_assert_cmpint(found->action, ==, HISTORY_DELETED);
  g_assert_cmpint(found->at, ==, 1700000000);
  g_assert_cmpstr(found->digest, ==, entry->digest);
  g_assert_cmpstr(found->sent_digest, ==, "0123");
  g_assert_cmpstr(found->name, ==, "Name '精'");
  g_assert_cmpstr(found->meta, ==, "{\"a\":1}");
  g_assert_cmpstr(found->version, ==, "1.2.3");
  g_assert_cmpstr(found->message, ==, "why; key ***");
  g_assert_cmpstr(found->from, ==, "abc123");
  g_assert_cmpstr(found->version_id, ==, "v-1");
  g_assert_cmpstr(found->undo_of, ==, "feed");
  g_assert_cmpstr(found->valves, ==, "{\"secret\":\"s\"}");
  g_assert_true(found->is_active);
  g_assert_false(found->is_global);
  g_autoptr(GBytes) back = history_content(history, found->digest, &error);
  g_assert_true(g_bytes_equal(back, content));
}

static void
test_unknown_values(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  gint64 before = g_get_real_time() / G_USEC_PER_SEC;
  g_autofree char *digest = add_version(history, SERVER, "p", HISTORY_SENT, "", 0);
  /* Of nothing at all. */
  g_assert_cmpstr(digest, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_content(history, digest, "");
  g_autoptr(GPtrArray) entries = list(history, SERVER, "p");
  HistoryEntry *found = g_ptr_array_index(entries, 0);
  g_assert_null(found->name);
  g_assert_null(found->message);
  g_assert_cmpint(found->at, >=, before);
}

static void
test_order(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  add(history, HISTORY_REPLACED, "theirs");
  add(history, HISTORY_SENT, "ours");
  add(history, HISTORY_REPLACED, "theirs again");
  g_free(add_version(history, SERVER, "q", HISTORY_SENT, "q", 0));
  g_free(add_version(history, OTHER_SERVER, "p", HISTORY_SENT, "elsewhere", 0));

  g_autoptr(GPtrArray) entries = list(history, SERVER, "p");
  g_assert_cmpuint(entries->len, ==, 3);
  const char *texts[] = {"theirs again", "ours", "theirs"};
  for (guint i = 0; i < entries->len; i++) {
    HistoryEntry *entry = g_ptr_array_index(entries, i);
    assert_content(history, entry->digest, texts[i]);
  }
  g_assert_cmpuint(count(history, SERVER, "none"), ==, 0);
}

static void
test_last_write(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(History) history = open_history(fixture->dir);
  g_assert_null(history_last_write(history, SERVER, FAMILY_FUNCTION, "p", &error));
  g_assert_no_error(error);
  add(history, HISTORY_SENT, "1");
  add(history, HISTORY_ROLLED_BACK, "2");
  add(history, HISTORY_REPLACED, "3");
  add(history, HISTORY_DELETED, "4");
  g_autoptr(HistoryEntry) last = history_last_write(history, SERVER, FAMILY_FUNCTION, "p", &error);
  g_assert_nonnull(last);
  assert_content(history, last->digest, "2");
  g_assert_null(history_last_write(history, SERVER, FAMILY_TOOL, "p", &error));
  g_assert_no_error(error);
}

/* What is already the newest entry is not told again, unless something about it is new. */
static void
test_not_twice(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  add(history, HISTORY_SENT, "a");
  add(history, HISTORY_REPLACED, "a");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 1);
  add(history, HISTORY_SENT, "a");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 2);
  add(history, HISTORY_REPLACED, "b");
  add(history, HISTORY_REPLACED, "b");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 3);
  add(history, HISTORY_REPLACED, "a");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 4);
  add(history, HISTORY_DELETED, "a");
  add(history, HISTORY_REPLACED, "a");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 6);

  GError *error = NULL;
  g_autoptr(GBytes) content = g_bytes_new_static("a", 1);
  g_autoptr(HistoryEntry) named = history_entry_new(SERVER, FAMILY_FUNCTION, "p", HISTORY_REPLACED);
  named->name = g_strdup("new name");
  g_assert_true(history_add(history, named, content, &error));
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 7);
}

/* Beyond both limits: gone, its content too where nothing else refers to it. */
static void
test_limits(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  history_set_limits(history, 2, 10);
  g_autofree char *old = add_version(history, SERVER, "p", HISTORY_SENT, "old", now - 20 * DAY);
  g_autofree char *shared =
      add_version(history, SERVER, "p", HISTORY_SENT, "shared", now - 19 * DAY);
  g_free(add_version(history, SERVER, "q", HISTORY_SENT, "shared", now - 19 * DAY));
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 2); /* as many as may be, however old */
  add(history, HISTORY_SENT, "1");
  assert_gone(history, old);
  add(history, HISTORY_SENT, "2");
  add(history, HISTORY_SENT, "3");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 3); /* more than two, but young */
  assert_content(history, shared, "shared");
  g_assert_cmpuint(count(history, SERVER, "q"), ==, 1);
}

/* Without it nobody could tell an edit by someone else. */
static void
test_limits_last_write(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  history_set_limits(history, 0, 0);
  g_autofree char *ours = add_version(history, SERVER, "p", HISTORY_SENT, "ours", 1);
  for (int i = 0; i < 3; i++) {
    g_autofree char *text = g_strdup_printf("theirs %d", i);
    g_free(add_version(history, SERVER, "p", HISTORY_REPLACED, text, 2 + i));
  }
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 2);
  assert_content(history, ours, "ours");
}

static void
test_find_digest(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(History) history = open_history(fixture->dir);
  g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
  const char *digests[] = {"abcd1", "abcd2", "ef012"};
  for (guint i = 0; i < G_N_ELEMENTS(digests); i++) {
    g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_FUNCTION, "p", HISTORY_SENT);
    entry->digest = g_strdup(digests[i]);
    entry->sent_digest = g_strdup_printf("77770%u", i);
    g_assert_true(history_add(history, entry, content, &error));
    g_clear_pointer(&entry, history_entry_free);
  }
  const struct {
    const char *prefix, *digest;
    OwupErrorCode code;
  } cases[] = {
      {"abcd1", "abcd1", 0},
      {"ABCD2", "abcd2", 0},
      {"ef01", "ef012", 0},
      {"777701", "abcd2", 0},
      {"ef0", NULL, OWUP_ERROR_NOT_FOUND},
      {"", NULL, OWUP_ERROR_NOT_FOUND},
      {"ef012a", NULL, OWUP_ERROR_NOT_FOUND},
      {"%%%%", NULL, OWUP_ERROR_NOT_FOUND},
      {"abcd", NULL, OWUP_ERROR_USAGE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) failed = NULL;
    g_autofree char *digest =
        history_find_digest(history, SERVER, FAMILY_FUNCTION, "p", cases[i].prefix, &failed);
    g_assert_cmpstr(digest, ==, cases[i].digest);
    if (cases[i].digest == NULL)
      g_assert_error(failed, OWUP_ERROR, (int)cases[i].code);
    else
      g_assert_no_error(failed);
  }
  g_assert_null(history_find_digest(history, SERVER, FAMILY_FUNCTION, "q", "abcd1", NULL));
}

static gboolean
folder_holds(const char *dir, const char *word)
{
  g_autoptr(GDir) list_of_files = g_dir_open(dir, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(list_of_files)) != NULL) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *content = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    if (memmem(content, size, word, strlen(word)) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
test_purge(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(History) history = open_history(fixture->dir);
  guint removed;
  g_autofree char *only = add_version(history, SERVER, "p", HISTORY_SENT, "the-only-secret", 0);
  g_autofree char *shared = add_version(history, SERVER, "p", HISTORY_SENT, "shared", 0);
  g_free(add_version(history, SERVER, "q", HISTORY_SENT, "shared", 0));
  g_free(add_version(history, OTHER_SERVER, "p", HISTORY_SENT, "other", 0));
  g_assert_true(folder_holds(fixture->dir, "the-only-secret"));

  g_assert_true(history_purge(history, SERVER, FAMILY_FUNCTION, "p", &removed, &error));
  g_assert_cmpuint(removed, ==, 2);
  assert_gone(history, only);
  assert_content(history, shared, "shared");
  g_assert_false(folder_holds(fixture->dir, "the-only-secret"));
  g_assert_cmpuint(count(history, OTHER_SERVER, "p"), ==, 1);

  g_free(add_version(history, SERVER, "p", HISTORY_SENT, "again", 0));
  g_assert_true(history_purge(history, NULL, FAMILY_FUNCTION, "p", &removed, &error));
  g_assert_cmpuint(removed, ==, 2);
  g_assert_true(history_purge(history, NULL, FAMILY_FUNCTION, "p", &removed, &error));
  g_assert_cmpuint(removed, ==, 0);
  g_assert_cmpuint(count(history, SERVER, "q"), ==, 1);
}

static void
assert_mode(const char *path, guint mode)
{
  struct stat st;
  g_assert_cmpint(stat(path, &st), ==, 0);
  g_assert_cmpuint(st.st_mode & 0777, ==, mode);
}

static void
test_private(Fixture *fixture, gconstpointer data)
{
  mode_t mask = umask(0);
  g_autoptr(History) history = open_history(fixture->dir);
  add(history, HISTORY_SENT, "x");
  umask(mask);
  g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
  g_autofree char *shared = g_strconcat(fixture->path, "-shm", NULL);
  assert_mode(fixture->dir, 0700);
  assert_mode(fixture->path, 0600);
  assert_mode(log, 0600);
  assert_mode(shared, 0600);
}

/* The log stays after closing, but not without end. */
static void
test_log_bounded(Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
  struct stat st;
  for (int i = 0; i < 40; i++) {
    g_autoptr(History) history = open_history(fixture->dir);
    g_autofree char *text = g_strnfill(100000, 'a' + i % 26);
    text[0] = (char)('0' + i);
    add(history, HISTORY_SENT, text);
    g_clear_pointer(&history, history_free);
    g_assert_cmpint(stat(log, &st), ==, 0);
    g_assert_cmpint(st.st_size, <=, 512 << 10);
  }
  g_autoptr(History) history = open_history(fixture->dir);
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 40);
}

static void
test_folder(Fixture *fixture, gconstpointer data)
{
  g_autofree char *flag = history_default_dir("/x/../y");
  g_assert_cmpstr(flag, ==, "/y");
  g_autofree char *state = history_default_dir(NULL);
  g_assert_cmpstr(state, ==, "/state/owup");
  g_setenv("OWUP_HISTORY", "/elsewhere", TRUE);
  g_autofree char *variable = history_default_dir("");
  g_assert_cmpstr(variable, ==, "/elsewhere");
  g_autofree char *both = history_default_dir("/flag");
  g_assert_cmpstr(both, ==, "/flag");
  g_unsetenv("OWUP_HISTORY");
}

/* A home folder need not be UTF-8; what is said about it is. */
static void
test_odd_folder(Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_build_filename(fixture->folder, "h\xf6me?mode=memory#%41", NULL);
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

static void
drop_rights(void)
{
  if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
    _exit(9);
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
  g_chmod(fixture->folder, 0755);
  pid_t pid = fork();
  if (pid == 0) {
    drop_rights();
    assert_refused(fixture->dir, "ermission denied");
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
  g_chmod(fixture->folder, 0555);
  pid_t pid = fork();
  if (pid == 0) {
    drop_rights();
    assert_refused(fixture->dir, "ermission denied");
    _exit(0);
  }
  assert_ends_well(pid);
  g_chmod(fixture->folder, 0700);
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

static void
test_full(Fixture *fixture, gconstpointer data)
{
#ifdef __linux__
  pid_t pid = fork();
  if (pid == 0) {
    if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", fixture->folder, "tmpfs", 0, "size=512k") != 0)
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
      History *history = history_open(fixture->dir, NULL);
      for (int i = 0; history != NULL; i++) {
        g_autofree char *text = g_strdup_printf("%u %d %50000s", round, i, "");
        add(history, HISTORY_SENT, text);
        if (write(pipe_ends[1], "x", 1) != 1)
          _exit(1);
      }
      _exit(1);
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

static void
test_action_names(void)
{
  g_assert_cmpstr(history_action_name(HISTORY_SENT), ==, "sent");
  g_assert_cmpstr(history_action_name(HISTORY_REPLACED), ==, "replaced");
  g_assert_cmpstr(history_action_name(HISTORY_DELETED), ==, "deleted");
  g_assert_cmpstr(history_action_name(HISTORY_ROLLED_BACK), ==, "rolled back");
}

int
main(int argc, char **argv)
{
  g_setenv("XDG_STATE_HOME", "/state", TRUE);
  g_unsetenv("OWUP_HISTORY");
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
  ADD("/history/entry", test_entry);
  ADD("/history/unknown-values", test_unknown_values);
  ADD("/history/order", test_order);
  ADD("/history/last-write", test_last_write);
  ADD("/history/not-twice", test_not_twice);
  ADD("/history/limits", test_limits);
  ADD("/history/limits-last-write", test_limits_last_write);
  ADD("/history/find-digest", test_find_digest);
  ADD("/history/purge", test_purge);
  ADD("/history/private", test_private);
  ADD("/history/log-bounded", test_log_bounded);
  ADD("/history/folder", test_folder);
  ADD("/history/odd-folder", test_odd_folder);
  ADD("/history/readonly", test_readonly);
  ADD("/history/unwritable", test_unwritable);
  g_test_add("/history/unwritable-no-log", Fixture, "x", set_up, test_unwritable, tear_down);
  ADD("/history/cannot-make", test_cannot_make);
  ADD("/history/newer", test_newer);
  ADD("/history/damaged", test_damaged);
  ADD("/history/damaged-content", test_damaged_content);
  ADD("/history/full", test_full);
  ADD("/history/file-too-large", test_file_too_large);
  ADD("/history/processes", test_processes);
  ADD("/history/killed", test_killed);
  g_test_add_func("/history/action-names", test_action_names);
  return g_test_run();
}
