/* SPDX-License-Identifier: MIT */
#include "cancel.h"
#include "clock.h"
#include "clock_test.h"

static void
test_real(void)
{
  gint64 stopwatch = clock_stopwatch(), begun = clock_now();
  clock_wait(2);
  g_assert_cmpint(clock_now() - begun, >=, 2000);
  g_assert_cmpint(clock_took_ms(stopwatch), >=, 2);
  g_assert_cmpint(clock_took_ms(stopwatch), <, 60000);
  g_assert_cmpint(ABS(clock_wall() - g_get_real_time()), <, 60 * G_USEC_PER_SEC);
  g_assert_cmpint(ABS(clock_wall_seconds() - g_get_real_time() / G_USEC_PER_SEC), <=, 60);
  g_assert_cmpint(clock_real_us(1), ==, 1);
  g_assert_cmpint(clock_of_real(1), ==, 1);
  g_assert_cmpuint(clock_real_ms(1), ==, 1);
  g_assert_false(clock_skips(1));
}

static void
test_deadline(void)
{
  ClockDeadline far = clock_deadline(60000);
  g_assert_false(clock_passed(far));
  g_assert_cmpint(clock_left(far), >, 50000);
  g_assert_cmpint(clock_left(far), <=, 60000);
  g_assert_cmpint(clock_poll_ms(far), >, 50000);
  ClockDeadline over = clock_deadline_from(clock_now() - 5000, 5);
  g_assert_true(clock_passed(over));
  g_assert_cmpint(clock_left(over), ==, 0);
  g_assert_cmpint(clock_poll_ms(over), ==, 0);
  g_assert_cmpint(clock_poll_ms(clock_deadline((gint64)G_MAXINT * 2)), ==, G_MAXINT);
  /* Less than a millisecond is some time to wait, but no whole one. */
  clock_test_script(NULL, NULL);
  ClockDeadline soon = {clock_now() + 999};
  g_assert_cmpint(clock_left(soon), ==, 0);
  g_assert_cmpint(clock_poll_ms(soon), ==, 1);
  g_assert_false(clock_passed(soon));
  clock_test_advance(1);
  g_assert_true(clock_passed(soon));
  clock_test_end();
}

static gboolean
on_timer(gpointer data)
{
  g_main_loop_quit(data);
  return G_SOURCE_REMOVE;
}

/* Each of these would take half a minute, and together they still take a fraction of one. */
static void
test_scale(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  gint64 stopwatch = clock_stopwatch();
  clock_test_set_scale(1000);
  gint64 begun = clock_now();
  clock_wait(30000);
  g_assert_true(cancel_wait(cancel, 30000, CANCEL_GENTLY));
  g_assert_true(cancel_wait(NULL, 30000, CANCEL_GENTLY));
  clock_timer(30000, on_timer, loop);
  g_main_loop_run(loop);
  g_assert_cmpint(clock_now() - begun, >=, 120 * G_USEC_PER_SEC - 1000);
  g_assert_cmpint(clock_took_ms(stopwatch), <, 60000);
  g_assert_cmpint(clock_poll_ms(clock_deadline(30000)), <=, 30);
  g_assert_cmpint(clock_real_us(1), ==, 1);
  g_assert_cmpint(clock_real_us(1001), ==, 2);
  g_assert_cmpuint(clock_real_ms(1), ==, 1);
  g_assert_cmpuint(clock_real_ms(0), ==, 0);
  g_assert_cmpint(clock_of_real(20), ==, 20000);
  g_assert_cmpint(ABS(clock_wall() - g_get_real_time()), <, 60 * G_USEC_PER_SEC);
  clock_test_end();
  g_assert_cmpint(clock_of_real(20), ==, 20);
}

static void
note(gint64 ms, gpointer data)
{
  g_array_append_val((GArray *)data, ms);
}

static gpointer
advance(gpointer data)
{
  for (int i = 0; i < 100; i++)
    clock_test_advance(10);
  return NULL;
}

static void
test_script(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(gint64));
  clock_test_script(note, waits);
  gint64 begun = clock_now();
  ClockDeadline end = clock_deadline(1500);
  g_assert_cmpint(clock_now(), ==, begun);
  clock_wait(400);
  g_assert_true(cancel_wait(cancel, 600, CANCEL_GENTLY));
  g_assert_cmpuint(waits->len, ==, 2);
  g_assert_cmpint(g_array_index(waits, gint64, 0), ==, 400);
  g_assert_cmpint(g_array_index(waits, gint64, 1), ==, 1000);
  g_assert_cmpint(clock_left(end), ==, 500);
  g_assert_cmpint(clock_poll_ms(end), ==, 1);
  GThread *thread = g_thread_new("other", advance, NULL);
  while (!clock_passed(end))
    g_thread_yield();
  g_thread_join(thread);
  g_assert_cmpint(clock_test_elapsed(), ==, 2000);
  clock_test_end();
}

/* What is cancelled before or while it waits has not waited. */
static void
raise_once(gint64 ms, gpointer data)
{
  cancel_raise(data);
}

static void
test_script_and_cancel(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  clock_test_script(raise_once, cancel);
  g_assert_false(cancel_wait(cancel, 100, CANCEL_GENTLY));
  g_assert_cmpint(clock_test_elapsed(), ==, 100);
  g_assert_false(cancel_wait(cancel, 100, CANCEL_GENTLY));
  g_assert_cmpint(clock_test_elapsed(), ==, 100);
  g_assert_false(cancel_wait(cancel, 100, CANCEL_NOW));
  clock_test_end();
}

static void
test_environment(void)
{
  static const char *const wrong[] = {"0", "-1", "1001", "2x", "x", "1.5"};
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_setenv("OWUP_TEST_CLOCK", wrong[i], TRUE);
    g_assert_false(clock_test_from_environment());
  }
  g_setenv("OWUP_TEST_CLOCK", "20", TRUE);
  g_assert_true(clock_test_from_environment());
  g_assert_cmpint(clock_of_real(1), ==, 20);
  g_setenv("OWUP_TEST_CLOCK", "", TRUE);
  g_assert_true(clock_test_from_environment());
  g_assert_cmpint(clock_of_real(1), ==, 1);
  g_unsetenv("OWUP_TEST_CLOCK");
  g_assert_true(clock_test_from_environment());
  g_assert_cmpint(clock_of_real(1), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clock/real", test_real);
  g_test_add_func("/clock/deadline", test_deadline);
  g_test_add_func("/clock/scale", test_scale);
  g_test_add_func("/clock/script", test_script);
  g_test_add_func("/clock/script-and-cancel", test_script_and_cancel);
  g_test_add_func("/clock/environment", test_environment);
  return g_test_run();
}
