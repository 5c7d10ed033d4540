/* SPDX-License-Identifier: MIT */
/* The history: what is kept, found again and forgotten. */
#include "history.h"

#include "support/history_fixture.h"

#include <sys/stat.h>

#define OTHER_SERVER "http://localhost:3000"
#define DAY ((gint64)24 * 60 * 60)

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
  g_assert_cmpstr(found->valves, ==, "{\"secret\":\"s\"}");
  g_assert_true(found->is_active);
  g_assert_false(found->is_global);
  g_autoptr(GBytes) back = history_content(history, found->digest, &error);
  g_assert_true(g_bytes_equal(back, content));
}

/* Adds a version with a stamp of that write; its row. */
static gint64
add_write(History *history, const char *server, const char *text, const char *write)
{
  g_autoptr(HistoryEntry) entry = history_entry_new(server, FAMILY_FUNCTION, "p", HISTORY_SENT);
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  entry->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
  entry->meta =
      g_strdup_printf("{\"owup\":{\"sha256\":\"%s\",\"write\":\"%s\"}}", entry->digest, write);
  g_assert_true(history_add(history, entry, content, NULL));
  return entry->row;
}

static gint64
find_write(History *history, const char *server, const char *text, const char *write)
{
  GError *error = NULL;
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_autoptr(HistoryEntry) entry =
      history_find_write(history, server, FAMILY_FUNCTION, "p", write, digest, &error);
  g_assert_no_error(error);
  return entry != NULL ? entry->row : 0;
}

/* A write names a state, whatever the URL; the same text by another write is another state. */
static void
test_write(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  gint64 row = add_write(history, SERVER, "a", "11");
  add_write(history, SERVER, "b", "22");
  g_assert_cmpint(find_write(history, OTHER_SERVER, "a", "11"), ==, row);
  g_assert_cmpint(find_write(history, SERVER, "a", "11"), ==, 0);
  g_assert_cmpint(find_write(history, OTHER_SERVER, "b", "11"), ==, 0);
  g_assert_cmpint(find_write(history, OTHER_SERVER, "a", "22"), ==, 0);
  g_assert_cmpint(find_write(history, OTHER_SERVER, "a", "owup"), ==, 0);
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
  g_free(add_version(history, SERVER, "p", HISTORY_SENT, "2", now - 9 * DAY));
  g_free(add_version(history, SERVER, "p", HISTORY_SENT, "3", now - 9 * DAY));
  add(history, HISTORY_SENT, "4");
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 4); /* more than two, but young */
  assert_content(history, shared, "shared");
  g_assert_cmpuint(count(history, SERVER, "q"), ==, 1);
}

/* A deploy leaves two entries: what it sent, and that this was there at the next one. */
static void
test_limits_seen_again(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  history_set_limits(history, 3, 0);
  for (int i = 0; i < 5; i++) {
    g_autofree char *text = g_strdup_printf("%d", i);
    g_free(add_version(history, SERVER, "p", HISTORY_SENT, text, 10 + i));
    g_free(add_version(history, SERVER, "p", HISTORY_PULLED, text, 10 + i));
  }
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 6);
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
    g_assert_cmpint(st.st_size, <=, 1 << 20);
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
  ADD("/history/write", test_write);
  ADD("/history/entry", test_entry);
  ADD("/history/unknown-values", test_unknown_values);
  ADD("/history/order", test_order);
  ADD("/history/last-write", test_last_write);
  ADD("/history/not-twice", test_not_twice);
  ADD("/history/limits", test_limits);
  ADD("/history/limits-seen-again", test_limits_seen_again);
  ADD("/history/limits-last-write", test_limits_last_write);
  ADD("/history/purge", test_purge);
  ADD("/history/private", test_private);
  ADD("/history/log-bounded", test_log_bounded);
  ADD("/history/folder", test_folder);
  g_test_add_func("/history/action-names", test_action_names);
  return g_test_run();
}
