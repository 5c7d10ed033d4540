/* SPDX-License-Identifier: MIT */
/* The journal of open writes, also of a process that dies in between. */
#include "journal.h"

#include "error.h"
#include "plugin_lock.h"
#include "support/tree.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER "https://example.org"

typedef struct {
  Tree *tree;
  const char *dir;
  History *history;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  fixture->tree = tree_new();
  fixture->dir = fixture->tree->root;
  fixture->history = history_open(fixture->dir, &error);
  g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  history_free(fixture->history);
  tree_free(fixture->tree);
}

static JournalRow *
new_row(const char *id, const char *batch)
{
  JournalRow *row = g_new0(JournalRow, 1);
  row->server = g_strdup(SERVER);
  row->id = g_strdup(id);
  row->batch = g_strdup(batch);
  return row;
}

/* Begins a write; its number. */
static gint64
begin(History *history, const char *id, const char *batch)
{
  GError *error = NULL;
  g_autoptr(JournalRow) row = new_row(id, batch);
  journal_begin(history, row, &error);
  g_assert_no_error(error);
  g_assert_cmpint(row->row, >, 0);
  return row->row;
}

/* The ids of the open writes, in order. */
static char *
open_ids(History *history)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) rows = journal_rows(history, SERVER, &error);
  g_assert_no_error(error);
  GString *ids = g_string_new(NULL);
  for (guint i = 0; i < rows->len; i++) {
    JournalRow *row = g_ptr_array_index(rows, i);
    g_string_append_printf(ids, "%s ", row->id);
  }
  return g_string_free(ids, FALSE);
}

static void
assert_open(History *history, const char *expected)
{
  g_autofree char *ids = open_ids(history);
  g_assert_cmpstr(ids, ==, expected);
}

static void
test_row(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  JournalRow row = {
      .batch = (char *)"b-1",
      .server = (char *)SERVER,
      .family = FAMILY_TOOL,
      .id = (char *)"../精",
      .title = (char *)"Title",
      .action = JOURNAL_CREATE,
      .digest_before = (char *)"aaaa",
      .digest_after = (char *)"bbbb",
      .is_global = TRUE,
      .server_date = 12,
      .started_at = 13,
      .before = (char *)"{\"name\":\"n\"}",
      .patience_s = 300,
  };
  g_assert_true(journal_begin(fixture->history, &row, &error));
  g_autoptr(GPtrArray) rows = journal_rows(fixture->history, SERVER, &error);
  g_assert_cmpuint(rows->len, ==, 1);
  JournalRow *found = g_ptr_array_index(rows, 0);
  g_assert_cmpint(found->row, ==, row.row);
  g_assert_cmpstr(found->batch, ==, "b-1");
  g_assert_cmpstr(found->server, ==, SERVER);
  g_assert_cmpint(found->family, ==, FAMILY_TOOL);
  g_assert_cmpstr(found->id, ==, "../精");
  g_assert_cmpstr(found->title, ==, "Title");
  g_assert_cmpint(found->action, ==, JOURNAL_CREATE);
  g_assert_cmpstr(found->digest_before, ==, "aaaa");
  g_assert_cmpstr(found->digest_after, ==, "bbbb");
  g_assert_false(found->is_active);
  g_assert_true(found->is_global);
  g_assert_cmpint(found->server_date, ==, 12);
  g_assert_cmpint(found->started_at, ==, 13);
  g_assert_cmpstr(found->before, ==, "{\"name\":\"n\"}");
  g_assert_cmpint(found->patience_s, ==, 300);
  g_autoptr(GPtrArray) elsewhere = journal_rows(fixture->history, "http://other", &error);
  g_assert_cmpuint(elsewhere->len, ==, 0);
}

static void
test_end(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  gint64 before = g_get_real_time() / G_USEC_PER_SEC;
  gint64 a = begin(fixture->history, "a", NULL), b = begin(fixture->history, "b", NULL);
  assert_open(fixture->history, "a b ");
  g_autoptr(GPtrArray) rows = journal_rows(fixture->history, SERVER, &error);
  g_assert_cmpint(((JournalRow *)g_ptr_array_index(rows, 0))->started_at, >=, before);
  g_assert_true(journal_end(fixture->history, a, &error));
  assert_open(fixture->history, "b ");
  g_assert_true(journal_end(fixture->history, a, &error));
  g_assert_true(journal_end(fixture->history, b, &error));
  assert_open(fixture->history, "");
  /* Ending the old one late must not end a new one. */
  g_assert_cmpint(begin(fixture->history, "c", NULL), >, b);
}

static void
test_batch(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  begin(fixture->history, "a", "one");
  begin(fixture->history, "b", "one");
  begin(fixture->history, "c", "two");
  begin(fixture->history, "d", NULL);
  assert_open(fixture->history, "a b c d ");
  g_assert_true(journal_end_batch(fixture->history, "one", &error));
  assert_open(fixture->history, "c d ");
}

static gboolean
has_content(History *history, const char *digest)
{
  g_autoptr(GBytes) content = history_content(history, digest, NULL);
  return content != NULL;
}

/* What an open write replaced can be brought back until it ends, whatever the history forgets. */
static void
test_keeps_content(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  History *history = fixture->history;
  g_autoptr(HistoryEntry) entry = history_entry_new(SERVER, FAMILY_FUNCTION, "a", HISTORY_REPLACED);
  g_autoptr(GBytes) content = g_bytes_new_static("old", 3);
  g_assert_true(history_add(history, entry, content, &error));
  g_autoptr(JournalRow) row = new_row("a", NULL);
  row->digest_before = g_strdup(entry->digest);
  g_assert_true(journal_begin(history, row, &error));
  g_assert_true(history_purge(history, SERVER, FAMILY_FUNCTION, "a", NULL, &error));
  g_assert_true(has_content(history, entry->digest));
  g_assert_true(journal_end(history, row->row, &error));
  g_assert_false(has_content(history, entry->digest));
}

/* kill -9 between begin and end: the row is there, the lock is free; not before. */
static void
test_killed(Fixture *fixture, gconstpointer data)
{
  g_clear_pointer(&fixture->history, history_free);
  int pipe_ends[2];
  g_assert_cmpint(pipe(pipe_ends), ==, 0);
  pid_t pid = fork();
  if (pid == 0) {
    History *history = history_open(fixture->dir, NULL);
    PluginLock *lock = plugin_lock_try(fixture->dir, SERVER, FAMILY_FUNCTION, "a");
    if (history == NULL || lock == NULL)
      _exit(1);
    begin(history, "a", NULL);
    if (write(pipe_ends[1], "x", 1) != 1)
      _exit(1);
    for (;;)
      pause();
  }
  close(pipe_ends[1]);
  char byte;
  g_assert_cmpint(read(pipe_ends[0], &byte, 1), ==, 1);
  close(pipe_ends[0]);
  g_autoptr(PluginLock) held = plugin_lock_try(fixture->dir, SERVER, FAMILY_FUNCTION, "a");
  g_assert_null(held);
  kill(pid, SIGKILL);
  g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
  g_autoptr(PluginLock) lock = plugin_lock_try(fixture->dir, SERVER, FAMILY_FUNCTION, "a");
  g_assert_nonnull(lock);
  GError *error = NULL;
  fixture->history = history_open(fixture->dir, &error);
  g_assert_no_error(error);
  assert_open(fixture->history, "a ");
}

/* A command that only reads sees them, and makes no history where there is none. */
static void
test_readonly(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  begin(fixture->history, "a", NULL);
  g_autoptr(History) reader = history_open_readonly(fixture->dir, &error);
  g_assert_no_error(error);
  assert_open(reader, "a ");
  g_autofree char *nowhere = g_build_filename(fixture->dir, "none", NULL);
  g_autoptr(History) empty = history_open_readonly(nowhere, &error);
  g_assert_no_error(error);
  assert_open(empty, "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
  ADD("/journal/row", test_row);
  ADD("/journal/end", test_end);
  ADD("/journal/batch", test_batch);
  ADD("/journal/keeps-content", test_keeps_content);
  ADD("/journal/killed", test_killed);
  ADD("/journal/readonly", test_readonly);
  return g_test_run();
}
