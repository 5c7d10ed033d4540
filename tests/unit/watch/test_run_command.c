/* SPDX-License-Identifier: MIT */
#include "run_command.h"

#include "clock.h"
#include "error.h"
#include "support/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs the main loop until `*value` is at least `least`; what never comes is the harness's
 * time-out.
 */
static void
run_until(const guint *value, guint least)
{
  while (*value < least)
    g_main_context_iteration(NULL, TRUE);
}

static Plugin *
load(const char *path)
{
  g_autoptr(GError) error = NULL;
  Plugin *plugin = plugin_load(path, NULL, &error);
  g_assert_no_error(error);
  return plugin;
}

static void
see_failed(const GError *error, gpointer data)
{
  guint *failed = data;
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  (*failed)++;
}

/* The last command of each test fails, so that its end is seen. */
static void
test_commands_do_not_overlap(void)
{
  g_autoptr(Tree) tree = tree_new();
  guint failed = 0;
  RunCommand *run = run_command_new("mkdir lock || echo overlap >>log; echo $OWUP_ID $OWUP_FILE "
                                    "$OWUP_RESULT >>log; rmdir lock; test $OWUP_ID != c",
                                    TRUE, see_failed, &failed);
  const char *const names[] = {"a.py", "b.py", "b.py", "c.py"};
  tree_write_plugin(tree, "a.py", "Filter", "");
  tree_write_plugin(tree, "b.py", "Filter", "");
  tree_write_plugin(tree, "c.py", "Filter", "");
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(Plugin) plugin = load(names[i]);
    g_autoptr(Outcome) outcome = outcome_new(plugin, NULL);
    outcome->result = i == 1 ? RESULT_CREATED : RESULT_UPDATED;
    run_command_after(run, outcome);
  }
  run_until(&failed, 1);
  g_autofree char *log = NULL;
  g_assert_true(g_file_get_contents("log", &log, NULL, NULL));
  g_assert_cmpstr(log, ==, "a a.py updated\nb b.py updated\nc c.py updated\n");
  run_command_free(run);
}

/* Its whole process group: the reader at the pipe's other end goes, too. */
static void
test_a_running_command_is_ended(void)
{
  g_autoptr(Tree) tree = tree_new();
  guint failed = 0;
  signal(SIGPIPE, SIG_IGN);
  tree_write_plugin(tree, "a.py", "Filter", "");
  g_assert_cmpint(mkfifo("fifo", 0600), ==, 0);
  RunCommand *run = run_command_new("cat fifo >cat; true", FALSE, see_failed, &failed);
  g_autoptr(Plugin) plugin = load("a.py");
  g_autoptr(Outcome) outcome = outcome_new(plugin, NULL);
  run_command_after(run, outcome);
  int fifo = g_open("fifo", O_WRONLY, 0); /* returns once cat reads */
  run_command_free(run);
  while (write(fifo, "x", 1) == 1)
    g_usleep(1000);
  g_assert_cmpint(errno, ==, EPIPE);
  close(fifo);
  g_assert_cmpuint(failed, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/run_command/no-overlap", test_commands_do_not_overlap);
  g_test_add_func("/run_command/ended", test_a_running_command_is_ended);
  return g_test_run();
}
