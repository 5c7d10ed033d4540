/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include "clock.h"
#include "clock_test.h"
#include "error.h"
#include "file_signature.h"
#include "support/rights.h"
#include "support/tree.h"
#include "watch_times.h"
#include "watched_file.h"

#include <glib/gstdio.h>

/* Runs the main loop until `*value` is at least `least`; what never comes is the harness's
 * time-out.
 */
static void
run_until(const guint *value, guint least)
{
  while (*value < least)
    g_main_context_iteration(NULL, TRUE);
}

static void
test_marks(void)
{
  g_autoptr(Tree) tree = tree_new();
  FileSignature none = file_signature_of("a.py");
  g_assert_false(none.there);
  tree_write(tree, "a.py", "x = 1\n");
  FileSignature first = file_signature_of("a.py"), again = file_signature_of("a.py");
  g_assert_true(first.there);
  g_assert_true(file_signature_equal(&first, &again));
  g_assert_false(file_signature_equal(&first, &none));
  tree_write(tree, "b.py", "x = 1\n");
  g_assert_cmpint(g_rename("b.py", "a.py"), ==, 0);
  FileSignature other = file_signature_of("a.py");
  g_assert_false(file_signature_equal(&first, &other));
  FileSignature folder = file_signature_of(".");
  g_assert_false(folder.there);
}

static void
test_when(void)
{
  FileSignature old = {.there = TRUE, .modified = 1, .changed = 2};
  FileSignature future = {.there = TRUE,
                          .changed = g_get_real_time() + (gint64)G_USEC_PER_SEC * 3600};
  FileSignature recent = {.there = TRUE, .changed = g_get_real_time() - 10};
  g_assert_cmpint(file_signature_when(&old, 1000000, 50), ==, 1000000 - 50);
  g_assert_cmpint(file_signature_when(&future, 1000000, 50), ==, 1000000);
  g_assert_cmpint(file_signature_when(&recent, 1000000, G_MAXINT), <=, 1000000 - 10);
}

typedef struct {
  guint changing, saved, gone;
  char *title;
} Seen;

static Seen *
seen_of(gpointer file)
{
  return ((const WatchedFile *)file)->files->owner;
}

static void
see_changing(gpointer data)
{
  seen_of(data)->changing++;
}

static void
see_saved(gpointer data)
{
  const WatchedFile *file = data;
  Seen *seen = seen_of(data);
  seen->saved++;
  g_free(seen->title);
  seen->title = g_strdup(file->error == NULL ? file->plugin->title : "unreadable");
}

static void
see_gone(gpointer data)
{
  seen_of(data)->gone++;
}

static const DebounceHooks save_hooks = {
    .changing = see_changing, .saved = see_saved, .gone = see_gone};

static void
test_a_save_is_told_once(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autofree char *path = g_build_filename(tree->root, "f.py", NULL);
  Seen seen = {0};
  tree_write_plugin(tree, "f.py", "Filter", "title: One\n");
  WatchedFiles *files = watched_files_new(&save_hooks, &seen);
  WatchedFile *file = watched_files_add(files, path, NULL, 0);
  watched_file_touch(file, SAVE_QUIET_US);
  g_assert_cmpuint(file->save->timer, ==, 0);

  tree_write_plugin(tree, "f.py", "Filter", "title: Two two\n");
  watched_file_touch(file, SAVE_OPEN_US);
  watched_file_touch(file, SAVE_QUIET_US);
  tree_write_plugin(tree, "f.py", "Filter", "title: Three three three\n");
  g_assert_true(debounce_is_open(file->save));
  run_until(&seen.saved, 1);
  g_assert_cmpstr(seen.title, ==, "Three three three");
  g_assert_cmpuint(seen.changing, >=, 2);
  g_assert_false(debounce_is_stale(file->save));
  g_assert_false(debounce_is_open(file->save));
  watched_files_check(files);
  g_assert_cmpuint(file->save->timer, ==, 0);
  g_assert_cmpuint(seen.saved, ==, 1);
  watched_files_free(files);
  g_free(seen.title);
}

static void
test_gone_and_back(void)
{
  clock_test_set_scale(20);
  g_autoptr(Tree) tree = tree_new();
  g_autofree char *path = g_build_filename(tree->root, "f.py", NULL);
  Seen seen = {0};
  tree_write_plugin(tree, "f.py", "Filter", "title: One\n");
  WatchedFiles *files = watched_files_new(&save_hooks, &seen);
  WatchedFile *file = watched_files_add(files, path, NULL, 0);
  g_assert_cmpint(g_unlink("f.py"), ==, 0);
  watched_files_check(files);
  g_assert_false(debounce_is_open(file->save));
  run_until(&seen.gone, 1);
  watched_files_check(files);
  g_assert_cmpuint(file->save->timer, ==, 0);
  tree_write_plugin(tree, "f.py", "Filter", "title: Back\n");
  watched_files_check(files);
  run_until(&seen.saved, 1);
  g_assert_cmpstr(seen.title, ==, "Back");
  g_assert_cmpuint(seen.gone, ==, 1);
  watched_files_free(files);
  g_free(seen.title);
  clock_test_end();
}

static void
test_twins(void)
{
  g_autoptr(Tree) tree = tree_new();
  Seen seen = {0};
  WatchedFiles *files = watched_files_new(&save_hooks, &seen);
  const char *names[] = {"a.py", "b.py", "c.py"};
  WatchedFile *three[3];
  tree_write_plugin(tree, "a.py", "Filter", "id: same\n");
  tree_write_plugin(tree, "b.py", "Tools", "id: same\n");
  tree_write_plugin(tree, "c.py", "Pipe", "id: same\n");
  for (int i = 0; i < 3; i++) {
    g_autofree char *path = g_build_filename(tree->root, names[i], NULL);
    three[i] = watched_files_add(files, path, NULL, 0);
  }
  g_assert_true(watched_file_twin(three[0]) == three[2]);
  g_assert_true(watched_file_twin(three[2]) == three[0]);
  g_assert_null(watched_file_twin(three[1]));
  watched_files_free(files);
}

/* A watch whose worker is the test itself. */
typedef struct {
  Tree *tree;
  Watch *watch;
  guint told, first, waiting, noticed, trouble;
} Bench;

static void
hook_saved(const Outcome *outcome, WatchSaid said, gpointer data)
{
  Bench *bench = data;
  bench->told += (said & WATCH_REPEATED) == 0 ? 1 : 0;
  bench->first += (said & WATCH_FIRST_CREATE) != 0 ? 1 : 0;
}

static void
hook_waiting(const char *label, const GError *error, gpointer data)
{
  ((Bench *)data)->waiting++;
}

static void
hook_noticed(const WatchNotice *notice, gpointer data)
{
  ((Bench *)data)->noticed++;
}

static void
hook_trouble(const GError *error, gpointer data)
{
  ((Bench *)data)->trouble++;
}

static const WatchHooks hooks = {hook_saved, hook_waiting, hook_noticed, hook_trouble};

static Plugin *
load(const char *path)
{
  g_autoptr(GError) error = NULL;
  Plugin *plugin = plugin_load(path, NULL, &error);
  g_assert_no_error(error);
  return plugin;
}

static void
bench_set_up(Bench *bench, const char *const *names)
{
  static const WatchOptions options;
  bench->tree = tree_new();
  bench->watch = watch_new(&options, &hooks, bench);
  for (; *names != NULL; names++) {
    g_autoptr(GError) error = NULL;
    tree_write_plugin(bench->tree, *names, "Filter", "version: 1\n");
    g_autoptr(Plugin) plugin = load(*names);
    g_assert_true(watch_add(bench->watch, plugin, TRUE, &error));
    g_assert_no_error(error);
  }
  watch_start(bench->watch, NULL);
}

static void
bench_clear(Bench *bench)
{
  watch_free(bench->watch);
  tree_free(bench->tree);
}

static void
finish(Bench *bench, Result result, GError *error)
{
  Outcome *outcome = outcome_new(NULL, NULL);
  outcome->result = result;
  outcome->error = error;
  watch_finished(bench->watch, outcome);
}

static void
test_one_at_a_time(void)
{
  Bench bench = {0};
  const char *const names[] = {"a.py", "b.py", NULL};
  bench_set_up(&bench, names);
  g_assert_true(watch_is_busy(bench.watch));
  finish(&bench, RESULT_CREATED, NULL);
  g_assert_true(watch_is_busy(bench.watch));
  finish(&bench, RESULT_UNCHANGED, NULL);
  g_assert_false(watch_is_busy(bench.watch));
  WatchCounts counts = watch_counts(bench.watch);
  g_assert_cmpuint(counts.saves, ==, 2);
  g_assert_cmpuint(counts.updated, ==, 1);
  g_assert_cmpuint(counts.unchanged, ==, 1);
  g_assert_cmpuint(bench.first, ==, 1);
  bench_clear(&bench);
}

static void
test_saved_again_while_it_is_sent(void)
{
  Bench bench = {0};
  const char *const names[] = {"a.py", NULL};
  bench_set_up(&bench, names);
  for (int n = 2; n < 5; n++) {
    g_autofree char *head = g_strdup_printf("version: %d\n", n);
    tree_write_plugin(bench.tree, "a.py", "Filter", head);
  }
  finish(&bench, RESULT_CREATED, NULL);
  while (!watch_is_busy(bench.watch))
    g_main_context_iteration(NULL, TRUE);
  finish(&bench, RESULT_UPDATED, NULL);
  g_assert_false(watch_is_busy(bench.watch));
  g_assert_cmpuint(bench.told, ==, 2);
  bench_clear(&bench);
}

static void
test_an_outage_is_told_once_and_tried_again(void)
{
  clock_test_set_scale(20);
  gint64 begun = clock_now();
  Bench bench = {0};
  const char *const names[] = {"a.py", "b.py", NULL};
  bench_set_up(&bench, names);
  for (int i = 0; i < 2; i++) {
    finish(&bench, RESULT_FAILED, owup_error_new(OWUP_ERROR_UNREACHABLE, "away"));
    g_assert_false(watch_is_busy(bench.watch));
    while (!watch_is_busy(bench.watch))
      g_main_context_iteration(NULL, TRUE);
  }
  g_assert_cmpint(clock_now() - begun, >=, 1500 * 1000);
  g_assert_cmpuint(bench.waiting, ==, 1);
  g_assert_cmpuint(bench.told, ==, 0);
  finish(&bench, RESULT_UPDATED, NULL);
  finish(&bench, RESULT_UPDATED, NULL);
  g_assert_cmpuint(bench.told, ==, 2);
  g_assert_false(watch_is_busy(bench.watch));
  bench_clear(&bench);
  clock_test_end();
}

static void
test_what_is_no_outage(void)
{
  static const OwupErrorCode codes[] = {OWUP_ERROR_KEY_BAD, OWUP_ERROR_NOT_OPENWEBUI,
                                        OWUP_ERROR_REFUSED, OWUP_ERROR_LOCAL_STATE};
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    Bench bench = {0};
    const char *const names[] = {"a.py", NULL};
    bench_set_up(&bench, names);
    finish(&bench, RESULT_FAILED, owup_error_new(codes[i], "no"));
    g_assert_cmpuint(bench.waiting, ==, 0);
    g_assert_cmpuint(bench.told, ==, 1);
    g_assert_cmpuint(watch_counts(bench.watch).failed, ==, 1);
    bench_clear(&bench);
  }
}

static void
save_and_finish(Bench *bench, int number, Result result)
{
  g_autofree char *head = g_strdup_printf("version: 1.%d\n", number);
  tree_write_plugin(bench->tree, "a.py", "Filter", head);
  while (!watch_is_busy(bench->watch))
    g_main_context_iteration(NULL, TRUE);
  gboolean conflict = result == RESULT_CONFLICT;
  finish(bench, result, conflict ? owup_error_new(OWUP_ERROR_CONFLICT, "theirs") : NULL);
}

static void
test_a_conflict_is_told_once_until_it_is_settled(void)
{
  Bench bench = {0};
  const char *const names[] = {"a.py", NULL};
  bench_set_up(&bench, names);
  finish(&bench, RESULT_CONFLICT, owup_error_new(OWUP_ERROR_CONFLICT, "theirs"));
  g_assert_cmpuint(bench.told, ==, 1);
  save_and_finish(&bench, 1, RESULT_CONFLICT);
  g_assert_cmpuint(bench.told, ==, 1);
  g_assert_cmpuint(watch_counts(bench.watch).failed, ==, 2);
  save_and_finish(&bench, 2, RESULT_UPDATED);
  g_assert_cmpuint(bench.told, ==, 2);
  save_and_finish(&bench, 3, RESULT_CONFLICT);
  g_assert_cmpuint(bench.told, ==, 3);
  bench_clear(&bench);
}

static void
test_stopped_with_a_save_that_waits(void)
{
  Bench bench = {0};
  const char *const names[] = {"a.py", "b.py", NULL};
  bench_set_up(&bench, names);
  watch_stop(bench.watch);
  finish(&bench, RESULT_UPDATED, NULL);
  g_assert_false(watch_is_busy(bench.watch));
  g_assert_cmpuint(watch_counts(bench.watch).unsent, ==, 1);
  bench_clear(&bench);
}

/* Between the reading of a file and its monitor. */
static void
test_saved_before_it_was_watched(void)
{
  g_autoptr(GError) error = NULL;
  WatchOptions options = {.since = g_get_real_time()};
  Bench bench = {.tree = tree_new()};
  WatchScope scope = {.folder = bench.tree->root};
  bench.watch = watch_new(&options, &hooks, &bench);
  tree_write_plugin(bench.tree, "a.py", "Filter", "version: 1\n");
  tree_write_plugin(bench.tree, "b.py", "Filter", "version: 1\n");
  g_autoptr(Plugin) same = load("a.py");
  g_autoptr(Plugin) saved = load("b.py");
  tree_write_plugin(bench.tree, "b.py", "Filter", "version: 2\n");
  tree_write_plugin(bench.tree, "c.py", "Filter", "version: 1\n");
  g_assert_true(watch_add(bench.watch, same, FALSE, &error));
  g_assert_true(watch_add(bench.watch, saved, FALSE, &error));
  g_assert_true(watch_project(bench.watch, &scope, &error));
  watch_start(bench.watch, NULL);
  run_until(&bench.noticed, 1);
  while (watch_counts(bench.watch).saves < 2) {
    if (watch_is_busy(bench.watch))
      finish(&bench, RESULT_UPDATED, NULL);
    else
      g_main_context_iteration(NULL, TRUE);
  }
  g_assert_cmpuint(bench.noticed, ==, 1);
  bench_clear(&bench);
}

static void
serve(Bench *bench, guint saves)
{
  while (watch_counts(bench->watch).saves < saves) {
    if (watch_is_busy(bench->watch))
      finish(bench, RESULT_UPDATED, NULL);
    else
      g_main_context_iteration(NULL, TRUE);
  }
}

/* Permissions that are taken and given: what was sent is no save when it can be read again. */
static void
test_unreadable_for_a_while(void)
{
  if (!g_test_subprocess()) {
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    return;
  }
  drop_rights();
  Bench bench = {0};
  const char *const names[] = {"a.py", NULL};
  bench_set_up(&bench, names);
  serve(&bench, 1);
  g_assert_cmpint(g_chmod("a.py", 0), ==, 0);
  run_until(&bench.told, 2);
  g_assert_cmpuint(watch_counts(bench.watch).failed, ==, 1);
  g_assert_cmpint(g_chmod("a.py", 0644), ==, 0);
  gint64 until = clock_now() + (gint64)WATCH_CHECK_MS * 2500;
  while (clock_now() < until)
    g_main_context_iteration(NULL, TRUE);
  g_assert_false(watch_is_busy(bench.watch));
  g_assert_cmpuint(watch_counts(bench.watch).saves, ==, 2);
  tree_write_plugin(bench.tree, "a.py", "Filter", "version: 2\n");
  serve(&bench, 3);
  bench_clear(&bench);
}

/* A folder that was away when the watch began: its files are watched, and not sent. */
static void
test_older_than_the_watch(void)
{
  g_autoptr(GError) error = NULL;
  WatchOptions options = {.since = g_get_real_time() + 3600 * (gint64)G_USEC_PER_SEC};
  Bench bench = {.tree = tree_new()};
  WatchScope scope = {.folder = bench.tree->root};
  bench.watch = watch_new(&options, &hooks, &bench);
  g_assert_true(watch_project(bench.watch, &scope, &error));
  watch_start(bench.watch, NULL);
  tree_write_plugin(bench.tree, "a.py", "Filter", "version: 1\n");
  run_until(&bench.noticed, 1);
  g_assert_false(watch_is_busy(bench.watch));
  tree_write_plugin(bench.tree, "a.py", "Filter", "version: 2\n");
  serve(&bench, 1);
  g_assert_cmpuint(bench.noticed, ==, 1);
  bench_clear(&bench);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/file_mark/marks", test_marks);
  g_test_add_func("/file_mark/when", test_when);
  g_test_add_func("/saves/told-once", test_a_save_is_told_once);
  g_test_add_func("/saves/gone-and-back", test_gone_and_back);
  g_test_add_func("/saves/twins", test_twins);
  g_test_add_func("/watch/one-at-a-time", test_one_at_a_time);
  g_test_add_func("/watch/saved-again", test_saved_again_while_it_is_sent);
  g_test_add_func("/watch/outage", test_an_outage_is_told_once_and_tried_again);
  g_test_add_func("/watch/no-outage", test_what_is_no_outage);
  g_test_add_func("/watch/conflict", test_a_conflict_is_told_once_until_it_is_settled);
  g_test_add_func("/watch/stopped", test_stopped_with_a_save_that_waits);
  g_test_add_func("/watch/before", test_saved_before_it_was_watched);
  g_test_add_func("/watch/unreadable", test_unreadable_for_a_while);
  g_test_add_func("/watch/older", test_older_than_the_watch);
  return g_test_run();
}
