/* SPDX-License-Identifier: MIT */
#include "debounce.h"

#include "clock_test.h"
#include "support/tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

/* A file, and what was told of it. The time is the test's own. */
typedef struct {
  Tree *tree;
  Debounce *save;
  gboolean same;
  guint asked, read, changing, saved, gone;
} Bench;

static gboolean
is_same(gpointer data)
{
  Bench *bench = data;
  bench->asked++;
  return bench->same;
}

static void
on_read(gpointer data)
{
  ((Bench *)data)->read++;
}

static void
on_changing(gpointer data)
{
  ((Bench *)data)->changing++;
}

static void
on_saved(gpointer data)
{
  ((Bench *)data)->saved++;
}

static void
on_gone(gpointer data)
{
  ((Bench *)data)->gone++;
}

static const DebounceHooks all = {is_same, on_read, on_changing, on_saved, on_gone};
static const DebounceHooks few = {.saved = on_saved, .gone = on_gone};

/* With a time of change that lies ahead: it was changed now, however long this takes. */
static void
write_file(const Bench *bench, const char *text)
{
  struct utimbuf ahead = {.actime = 0, .modtime = g_get_real_time() / G_USEC_PER_SEC + 3600};
  tree_write(bench->tree, "f.py", text);
  g_assert_cmpint(utime("f.py", &ahead), ==, 0);
}

static void
set_up(Bench *bench, const DebounceHooks *hooks)
{
  *bench = (Bench){.tree = tree_new()};
  g_autofree char *path = g_build_filename(bench->tree->root, "f.py", NULL);
  write_file(bench, "first");
  bench->save = debounce_new(path, hooks, bench);
  debounce_set_read(bench->save, TRUE);
  clock_test_script(NULL, NULL);
}

static void
clear(Bench *bench)
{
  clock_test_end();
  debounce_free(bench->save);
  tree_free(bench->tree);
}

/* `ms` later the timer is due, whatever the real time is. */
static void
pass(const Bench *bench, guint ms)
{
  clock_test_advance(ms);
  if (bench->save->timer != 0)
    g_source_set_ready_time(g_main_context_find_source_by_id(NULL, bench->save->timer), 0);
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

static void
test_a_save_is_read_before_it_is_told(void)
{
  Bench bench;
  set_up(&bench, &all);
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.save->timer, ==, 0);
  write_file(&bench, "second one");
  g_assert_true(debounce_is_stale(bench.save));
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.changing, ==, 1);
  g_assert_true(debounce_is_open(bench.save));
  pass(&bench, 19);
  g_assert_cmpuint(bench.read, ==, 0);
  pass(&bench, 1);
  g_assert_cmpuint(bench.read, ==, 1);
  g_assert_cmpuint(bench.changing, ==, 2);
  pass(&bench, 29);
  g_assert_cmpuint(bench.saved, ==, 0);
  pass(&bench, 1);
  g_assert_cmpuint(bench.saved, ==, 1);
  g_assert_false(debounce_is_open(bench.save));
  g_assert_false(debounce_is_stale(bench.save));
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.save->timer, ==, 0);
  clear(&bench);
}

static void
test_each_change_begins_it_anew(void)
{
  Bench bench;
  set_up(&bench, &all);
  write_file(&bench, "second one");
  debounce_touch(bench.save, SAVE_QUIET_US);
  pass(&bench, 40);
  g_assert_cmpuint(bench.read, ==, 1);
  write_file(&bench, "the third one"); /* nobody told of it */
  pass(&bench, 10);
  pass(&bench, 19);
  g_assert_cmpuint(bench.read, ==, 1);
  pass(&bench, 1);
  g_assert_cmpuint(bench.read, ==, 2);
  g_assert_cmpuint(bench.saved, ==, 0);
  pass(&bench, 30);
  g_assert_cmpuint(bench.saved, ==, 1);
  clear(&bench);
}

static void
test_how_long(gint64 quiet, const char *text, guint ms)
{
  Bench bench;
  set_up(&bench, &few);
  write_file(&bench, text);
  debounce_touch(bench.save, quiet);
  pass(&bench, ms - 1);
  g_assert_cmpuint(bench.saved, ==, 0);
  pass(&bench, 1);
  g_assert_cmpuint(bench.saved, ==, 1);
  g_assert_cmpuint(bench.gone, ==, 0);
  clear(&bench);
}

static void
test_how_long_it_is_left_alone(void)
{
  test_how_long(SAVE_QUIET_US, "second one", 50);
  test_how_long(SAVE_UNTOLD_US, "second one", 200);
  test_how_long(SAVE_OPEN_US, "second one", 1000);
  test_how_long(SAVE_QUIET_US, "", 1000);
}

/* It was open for writing, and then it was told that it was closed. */
static void
test_what_is_told_later_counts(void)
{
  Bench bench;
  set_up(&bench, &all);
  write_file(&bench, "second one");
  debounce_touch(bench.save, SAVE_OPEN_US);
  pass(&bench, 40);
  g_assert_cmpuint(bench.read, ==, 0);
  debounce_touch(bench.save, SAVE_QUIET_US);
  pass(&bench, 0);
  g_assert_cmpuint(bench.read, ==, 1);
  pass(&bench, 10);
  g_assert_cmpuint(bench.saved, ==, 1);
  clear(&bench);
}

static void
test_gone(void)
{
  Bench bench;
  set_up(&bench, &all);
  g_assert_cmpint(g_unlink("f.py"), ==, 0);
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_false(debounce_is_open(bench.save));
  pass(&bench, 999);
  g_assert_cmpuint(bench.gone, ==, 0);
  pass(&bench, 1);
  g_assert_cmpuint(bench.gone, ==, 1);
  g_assert_true(bench.save->gone);
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.save->timer, ==, 0);
  write_file(&bench, "first");
  debounce_touch(bench.save, SAVE_QUIET_US);
  pass(&bench, 50);
  pass(&bench, 0);
  pass(&bench, 30);
  g_assert_cmpuint(bench.saved, ==, 1);
  g_assert_false(bench.save->gone);
  g_assert_cmpuint(bench.gone, ==, 1);
  clear(&bench);
}

static void
test_deleted_and_written_anew(void)
{
  Bench bench;
  set_up(&bench, &few);
  g_assert_cmpint(g_unlink("f.py"), ==, 0);
  debounce_touch(bench.save, SAVE_QUIET_US);
  pass(&bench, 900);
  write_file(&bench, "second one");
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_true(bench.save->absent);
  pass(&bench, 50);
  g_assert_cmpuint(bench.saved, ==, 1);
  g_assert_cmpuint(bench.gone, ==, 0);
  clear(&bench);
}

/* Then nothing but its time differs: it is asked whether it is the same. */
static void
test_only_touched(void)
{
  Bench bench;
  set_up(&bench, &all);
  bench.same = TRUE;
  g_assert_cmpint(g_chmod("f.py", 0600), ==, 0);
  g_assert_true(debounce_is_stale(bench.save));
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.asked, ==, 1);
  g_assert_cmpuint(bench.save->timer, ==, 0);
  g_assert_false(debounce_is_stale(bench.save));
  bench.same = FALSE;
  g_usleep(20000); /* the file system's time is coarse */
  g_assert_cmpint(g_chmod("f.py", 0644), ==, 0);
  debounce_touch(bench.save, SAVE_QUIET_US);
  g_assert_cmpuint(bench.asked, ==, 2);
  g_assert_cmpuint(bench.save->timer, !=, 0);
  clear(&bench);
}

static void
test_stop(void)
{
  Bench bench;
  set_up(&bench, &all);
  write_file(&bench, "second one");
  debounce_touch(bench.save, SAVE_QUIET_US);
  debounce_stop(bench.save);
  g_assert_false(debounce_is_open(bench.save));
  pass(&bench, 5000);
  g_assert_cmpuint(bench.saved, ==, 0);
  debounce_touch(bench.save, SAVE_QUIET_US);
  debounce_set_read(bench.save, FALSE);
  pass(&bench, 20);
  pass(&bench, 30);
  g_assert_cmpuint(bench.saved, ==, 1);
  clear(&bench);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/debounce/read-before-told", test_a_save_is_read_before_it_is_told);
  g_test_add_func("/debounce/anew", test_each_change_begins_it_anew);
  g_test_add_func("/debounce/how-long", test_how_long_it_is_left_alone);
  g_test_add_func("/debounce/told-later", test_what_is_told_later_counts);
  g_test_add_func("/debounce/gone", test_gone);
  g_test_add_func("/debounce/written-anew", test_deleted_and_written_anew);
  g_test_add_func("/debounce/only-touched", test_only_touched);
  g_test_add_func("/debounce/stop", test_stop);
  return g_test_run();
}
