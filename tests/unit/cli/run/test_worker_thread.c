/* SPDX-License-Identifier: MIT */
#include "cancel.h"
#include "channel.h"
#include "signals.h"
#include "worker_thread.h"

#include <glib-unix.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  Channel *channel;
  guint last; /* what the work tells: 1 to this */
} Count;

static gpointer
count(gpointer data)
{
  Count *counting = data;
  for (guint i = 1; i <= counting->last; i++)
    channel_push(counting->channel, GUINT_TO_POINTER(i));
  return GUINT_TO_POINTER(counting->last + 1);
}

static void
see(gpointer item, gpointer data)
{
  guint *seen = data;
  g_assert_cmpuint(GPOINTER_TO_UINT(item), ==, *seen + 1);
  *seen = GPOINTER_TO_UINT(item);
}

static void
run_count(guint last)
{
  g_autoptr(Channel) channel = channel_new(NULL);
  Count counting = {channel, last};
  guint seen = 0;
  gpointer result = worker_thread_run(count, &counting, channel, see, &seen);
  g_assert_cmpuint(GPOINTER_TO_UINT(result), ==, last + 1);
  g_assert_cmpuint(seen, ==, last);
  g_assert_null(channel_try_pop(channel));
}

static void
test_all_in_order(void)
{
  run_count(0);
  run_count(1);
  run_count(10000);
}

/* One after the other in one process: nothing is left behind. */
static void
test_again(void)
{
  for (int i = 0; i < 100; i++)
    run_count(3);
}

typedef struct {
  Cancel *cancel;
  Channel *channel;
  int told[4]; /* signal numbers, in the order of arrival */
  CancelLevel levels[4];
  guint n;
} Told;

static void
on_interrupt(int signal_number, CancelLevel level, gpointer data)
{
  Told *told = data;
  g_assert_cmpuint(told->n, <, 4);
  told->told[told->n] = signal_number;
  told->levels[told->n++] = level;
}

/* Sends itself signals, each when the one before has arrived. */
static gpointer
interrupt_itself(gpointer data)
{
  Told *told = data;
  kill(getpid(), SIGINT);
  while (cancel_wait(told->cancel, 60000, CANCEL_GENTLY))
    ;
  channel_push(told->channel, told);
  kill(getpid(), SIGTERM);
  while (cancel_wait(told->cancel, 60000, CANCEL_NOW))
    ;
  return NULL;
}

static void
ignore_item(gpointer item, gpointer data)
{
}

static void
test_interrupts(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(Channel) channel = channel_new(NULL);
  Told told = {.cancel = cancel, .channel = channel};
  g_autoptr(Signals) interrupt = signals_watch(cancel, on_interrupt, &told);
  worker_thread_run(interrupt_itself, &told, channel, ignore_item, NULL);
  g_clear_pointer(&interrupt, signals_free);
  g_assert_cmpuint(told.n, ==, 2);
  g_assert_cmpint(told.told[0], ==, SIGINT);
  g_assert_cmpint(told.levels[0], ==, CANCEL_GENTLY);
  g_assert_cmpint(told.told[1], ==, SIGTERM);
  g_assert_cmpint(told.levels[1], ==, CANCEL_NOW);
}

static void
quit_loop(int signal_number, CancelLevel level, gpointer data)
{
  g_assert_cmpint(level, ==, CANCEL_NONE);
  g_main_loop_quit(data);
}

/* The main loop does not run: it writes to somebody who does not read. */
static void
test_interrupts_without_main_loop(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  Told told = {.cancel = cancel};
  g_autoptr(Signals) interrupt = signals_watch(cancel, on_interrupt, &told);
  kill(getpid(), SIGINT);
  while (cancel_wait(cancel, 60000, CANCEL_GENTLY))
    ;
  g_assert_cmpuint(told.n, ==, 0);
  g_clear_pointer(&interrupt, signals_free);
  g_assert_cmpuint(told.n, ==, 1);
  g_assert_cmpint(told.levels[0], ==, CANCEL_GENTLY);
}

static void
pass_on(gpointer data)
{
  kill(getpid(), SIGINT);
}

/* A signal to a child that has not become another program yet is the child's alone, and what it
 * becomes has no handler of ours. */
static void
test_children(void)
{
  const char *argv[] = {"/bin/sh", "-c", "kill -INT $$", NULL};
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(Signals) interrupt = signals_watch(cancel, NULL, NULL);
  int status = 0;
  g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, pass_on, NULL, NULL, NULL,
                             &status, NULL));
  g_assert_true(WIFSIGNALED(status));
  g_assert_cmpint(WTERMSIG(status), ==, SIGINT);
  g_clear_pointer(&interrupt, signals_free);
  g_assert_cmpint(cancel_level(cancel), ==, CANCEL_NONE);
}

/* Without a cancel, as often as one likes. */
static void
test_interrupts_without_cancel(void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  g_autoptr(Signals) interrupt = signals_watch(NULL, quit_loop, loop);
  for (int i = 0; i < 3; i++) {
    kill(getpid(), SIGINT);
    g_main_loop_run(loop);
  }
}

static void
die_of_the_third(void)
{
  signal(SIGHUP, SIG_IGN);
  g_autoptr(Cancel) cancel = cancel_new();
  Told told = {.cancel = cancel};
  g_autoptr(Signals) interrupt = signals_watch(cancel, on_interrupt, &told);
  kill(getpid(), SIGHUP);
  for (guint i = 1; i <= 2; i++) {
    kill(getpid(), SIGINT);
    while (told.n < i)
      g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(told.told[i - 1], ==, SIGINT);
  }
  kill(getpid(), SIGINT);
}

/* A hang-up is not for a program under nohup; the third Ctrl-C is for one that hangs. */
static void
test_default_actions(gconstpointer data)
{
  if (g_test_subprocess()) {
    die_of_the_third();
    return;
  }
  const char *argv[] = {data, "-p", "/worker/default_actions", "--GTestSubprocess", NULL};
  int status = 0;
  g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                             NULL, NULL, &status, NULL));
  g_assert_true(WIFSIGNALED(status));
  g_assert_cmpint(WTERMSIG(status), ==, SIGINT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/worker/all_in_order", test_all_in_order);
  g_test_add_func("/worker/again", test_again);
  g_test_add_func("/worker/interrupts", test_interrupts);
  g_test_add_func("/worker/interrupts_without_main_loop", test_interrupts_without_main_loop);
  g_test_add_func("/worker/children", test_children);
  g_test_add_func("/worker/interrupts_without_cancel", test_interrupts_without_cancel);
  g_test_add_data_func("/worker/default_actions", argv[0], test_default_actions);
  return g_test_run();
}
