/* SPDX-License-Identifier: MIT */
#include "cancel.h"

typedef struct {
  Cancel *cancel;
  GThread *thread;
  gboolean passed;
} Waiter;

static void
count(gpointer data)
{
  (*(int *)data)++;
}

static void
test_levels(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  g_assert_cmpint(cancel_level(cancel), ==, CANCEL_NONE);
  g_assert_cmpint(cancel_raise(cancel), ==, CANCEL_GENTLY);
  g_assert_cmpint(cancel_level(cancel), ==, CANCEL_GENTLY);
  g_assert_cmpint(cancel_raise(cancel), ==, CANCEL_NOW);
  g_assert_cmpint(cancel_raise(cancel), ==, CANCEL_NOW);
  g_assert_cmpint(cancel_level(cancel), ==, CANCEL_NOW);
}

static void
test_wakers(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  int first = 0, second = 0;
  guint a = cancel_add_wake(cancel, count, &first);
  guint b = cancel_add_wake(cancel, count, &second);
  g_assert_cmpuint(a, >, 0);
  g_assert_cmpuint(b, !=, a);
  cancel_raise(cancel);
  g_assert_cmpint(first, ==, 1);
  g_assert_cmpint(second, ==, 1);
  cancel_remove_wake(cancel, a);
  cancel_remove_wake(cancel, a);
  cancel_remove_wake(cancel, 0);
  cancel_raise(cancel);
  cancel_raise(cancel);
  g_assert_cmpint(first, ==, 1);
  g_assert_cmpint(second, ==, 3);
  cancel_remove_wake(cancel, b);
}

static void
test_none(void)
{
  g_assert_cmpint(cancel_level(NULL), ==, CANCEL_NONE);
  g_assert_cmpuint(cancel_add_wake(NULL, count, NULL), ==, 0);
  cancel_remove_wake(NULL, 1);
  g_assert_true(cancel_wait(NULL, 0, CANCEL_GENTLY));
  cancel_free(NULL);
}

static void
test_wait_ends_by_time(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  gint64 start = g_get_monotonic_time();
  g_assert_true(cancel_wait(cancel, 20, CANCEL_GENTLY));
  g_assert_cmpint(g_get_monotonic_time() - start, >=, 20000);
  g_assert_true(cancel_wait(cancel, 0, CANCEL_NOW));
}

static void
test_wait_is_over_at_once(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  cancel_raise(cancel);
  g_assert_false(cancel_wait(cancel, G_MAXUINT, CANCEL_GENTLY));
  cancel_raise(cancel);
  g_assert_false(cancel_wait(cancel, G_MAXUINT, CANCEL_NOW));
}

static gpointer
wait_long(gpointer data)
{
  Waiter *waiter = data;
  waiter->passed = cancel_wait(waiter->cancel, G_MAXUINT, CANCEL_NOW);
  return NULL;
}

/* Whether the raises come before or after the wait begins, it ends; with a lost wake-up this test
 * would not. */
static void
test_raise_ends_waits(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  Waiter waiters[4];
  for (gsize i = 0; i < G_N_ELEMENTS(waiters); i++) {
    waiters[i] = (Waiter){.cancel = cancel, .passed = TRUE};
    waiters[i].thread = g_thread_new("waiter", wait_long, &waiters[i]);
  }
  cancel_raise(cancel);
  cancel_raise(cancel);
  for (gsize i = 0; i < G_N_ELEMENTS(waiters); i++) {
    g_thread_join(waiters[i].thread);
    g_assert_false(waiters[i].passed);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cancel/levels", test_levels);
  g_test_add_func("/cancel/wakers", test_wakers);
  g_test_add_func("/cancel/none", test_none);
  g_test_add_func("/cancel/wait-ends-by-time", test_wait_ends_by_time);
  g_test_add_func("/cancel/wait-is-over-at-once", test_wait_is_over_at_once);
  g_test_add_func("/cancel/raise-ends-waits", test_raise_ends_waits);
  return g_test_run();
}
