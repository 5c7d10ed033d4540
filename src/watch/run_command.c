/* SPDX-License-Identifier: MIT */
#include "run_command.h"

#include "clock.h"
#include "error.h"
#include "fd_limit.h"
#include "watch_times.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *id;
  char *file;
  const char *result;
} Success;

struct RunCommand {
  const char *command;
  gboolean out_to_err;
  gboolean stopped;
  RunCommandFunc failed;
  gpointer data;
  GQueue waiting; /* of Success */
  GPid child;     /* 0: none */
  guint watch;
  gint64 started, ended; /* of the last one; 0: none was */
};

static void
success_free(gpointer data)
{
  Success *success = data;
  g_free(success->id);
  g_free(success->file);
  g_free(success);
}

RunCommand *
run_command_new(const char *command, gboolean out_to_err, RunCommandFunc failed, gpointer data)
{
  RunCommand *run = g_new0(RunCommand, 1);
  run->command = command;
  run->out_to_err = out_to_err;
  run->failed = failed;
  run->data = data;
  g_queue_init(&run->waiting);
  return run;
}

void
run_command_stop(RunCommand *run)
{
  if (run != NULL)
    run->stopped = TRUE;
}

void
run_command_free(RunCommand *run)
{
  if (run == NULL)
    return;
  if (run->child != 0) {
    g_source_remove(run->watch);
    kill(-run->child, SIGTERM);
  }
  g_queue_clear_full(&run->waiting, success_free);
  g_free(run);
}

/* In the child: a process group of its own, so that all of it can be ended, and a Ctrl-C is owup's.
 */
static void
set_up_child(gpointer data)
{
  const RunCommand *run = data;
  setpgid(0, 0);
  signal(SIGPIPE, SIG_DFL);
  fd_limit_put_back();
  if (run->out_to_err)
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

static void start_next(RunCommand *run);

static void
on_end(GPid pid, gint status, gpointer data)
{
  RunCommand *run = data;
  g_autoptr(GError) error = NULL;
  run->child = 0;
  run->watch = 0;
  run->ended = clock_now();
  if (WIFSIGNALED(status))
    owup_error_set(&error, OWUP_ERROR_LOCAL_STATE, _("The command of --run was ended by signal %d"),
                   WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0)
    owup_error_set(&error, OWUP_ERROR_LOCAL_STATE, _("The command of --run ended with status %d"),
                   WEXITSTATUS(status));
  if (error != NULL)
    run->failed(error, run->data);
  start_next(run);
}

static void
start_next(RunCommand *run)
{
  Success *success = run->stopped ? NULL : g_queue_pop_head(&run->waiting);
  if (success == NULL)
    return;
  g_autoptr(GError) error = NULL;
  run->started = clock_now();
  g_auto(GStrv) environment = g_get_environ();
  environment = g_environ_setenv(environment, "OWUP_ID", success->id, TRUE);
  environment = g_environ_setenv(environment, "OWUP_FILE", success->file, TRUE);
  environment = g_environ_setenv(environment, "OWUP_RESULT", success->result, TRUE);
  char *arguments[] = {(char *)"/bin/sh", (char *)"-c", (char *)run->command, NULL};
  gboolean started = g_spawn_async(NULL, arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                                   set_up_child, run, &run->child, &error);
  success_free(success);
  if (started) {
    run->watch = g_child_watch_add(run->child, on_end, run);
    return;
  }
  run->child = 0;
  run->started = 0;
  run->failed(error, run->data);
}

gboolean
run_command_covers(const RunCommand *run, gint64 when)
{
  return run->started != 0 && when >= run->started - clock_of_real(RUN_COARSE_US) &&
         (run->child != 0 || when <= run->ended + clock_of_real(RUN_AFTERMATH_US));
}

static void
forget_file(RunCommand *run, const char *file)
{
  for (GList *at = run->waiting.head, *next; at != NULL; at = next) {
    Success *success = at->data;
    next = at->next;
    if (strcmp(success->file, file) != 0)
      continue;
    success_free(success);
    g_queue_delete_link(&run->waiting, at);
  }
}

void
run_command_after(RunCommand *run, const Outcome *outcome)
{
  forget_file(run, outcome->plugin->file);
  Success *success = g_new0(Success, 1);
  success->id = g_strdup(outcome->id != NULL ? outcome->id : outcome->plugin->id);
  success->file = g_strdup(outcome->plugin->file);
  success->result = result_name(outcome->result);
  g_queue_push_tail(&run->waiting, success);
  if (run->child == 0)
    start_next(run);
}
