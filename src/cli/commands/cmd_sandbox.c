/* SPDX-License-Identifier: MIT */
#include "command_table.h"

#include "error.h"
#include "json_fields.h"
#include "sandbox.h"
#include "signals.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* As shells and env(1) have it. */
#define EXIT_NOT_FOUND 127
#define EXIT_NOT_RUN 126
#define EXIT_SIGNAL 128

typedef struct {
  char *port;
  char *data;
  char *imitate;
  char *delay;
  char *cut;
  gboolean keys_off;
  gboolean plugins_off;
} Options;

/* A sandbox that runs, with the command that it is for. */
typedef struct {
  GMainLoop *loop;
  GPid child; /* 0: none */
  int status; /* the child's, as the exit status */
} Stay;

static gboolean
parse_cut(const char *text, SandboxOptions *options, GError **error)
{
  if (text == NULL)
    return TRUE;
  int number = 0;
  options->cut_before = g_str_has_prefix(text, "before:");
  if (!options->cut_before && !g_str_has_prefix(text, "after:"))
    return owup_error_set(error, OWUP_ERROR_USAGE, _("--cut takes before:N or after:N, not \"%s\""),
                          text);
  if (!command_option_number("--cut", strchr(text, ':') + 1, 1, G_MAXINT, &number, error))
    return FALSE;
  options->cut_set = TRUE;
  options->cut_number = (guint)number;
  return TRUE;
}

static gboolean
parse_options(const Options *args, SandboxOptions *options, GError **error)
{
  int port = 0, delay = 0;
  *options = (SandboxOptions){
      .data_file = args->data,
      .generation = SANDBOX_0_12,
      .keys_off = args->keys_off,
      .plugins_off = args->plugins_off,
  };
  if (args->imitate != NULL && !sandbox_generation_parse(args->imitate, &options->generation))
    return owup_error_set(error, OWUP_ERROR_USAGE,
                          _("--imitate takes 0.9, 0.11 or 0.12, not \"%s\""), args->imitate);
  if (!command_option_number("--port", args->port, 0, G_MAXUINT16, &port, error) ||
      !command_option_number("--delay", args->delay, 0, 10 * 60 * 1000, &delay, error) ||
      !parse_cut(args->cut, options, error))
    return FALSE;
  options->port = (guint16)port;
  options->delay_ms = (guint)delay;
  return TRUE;
}

/* The keys are made for this sandbox and open nothing else, so they may be shown. */
static void
print_ready(Report *report, const Sandbox *sandbox)
{
  if (report_is_json(report)) {
    report_json(report, json_fields_sandbox(sandbox_url(sandbox), sandbox_key(sandbox),
                                            sandbox_user_key(sandbox)));
    return;
  }
  printf("export OPENWEBUI_URL=%s\n", sandbox_url(sandbox));
  printf("export OPENWEBUI_API_KEY=%s\n", sandbox_key(sandbox));
  printf("export OPENWEBUI_USER_API_KEY=%s\n", sandbox_user_key(sandbox));
  fflush(stdout);
  if (isatty(STDERR_FILENO))
    report_note(report, NOTE_HINT,
                _("Paste these lines into another shell, then: owup deploy NAME. "
                  "Ctrl-C ends the sandbox."));
}

/* A Ctrl-C at the terminal reached the child too: sending it once more would be a second one. */
static gboolean
child_has_it(int signal_number)
{
  if (signal_number == SIGTERM)
    return FALSE;
  int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0)
    return FALSE;
  gboolean foreground = tcgetpgrp(terminal) == getpgrp();
  close(terminal);
  return foreground;
}

static void
on_signal(int signal_number, CancelLevel level, gpointer data)
{
  Stay *stay = data;
  if (stay->child == 0)
    g_main_loop_quit(stay->loop);
  else if (!child_has_it(signal_number))
    kill(stay->child, signal_number);
}

static void
on_child_end(GPid pid, gint wait_status, gpointer data)
{
  Stay *stay = data;
  stay->status =
      WIFSIGNALED(wait_status) ? EXIT_SIGNAL + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  stay->child = 0;
  g_spawn_close_pid(pid);
  g_main_loop_quit(stay->loop);
}

/* In the child, before the command. */
static void
restore_signals(gpointer data)
{
  signal(SIGPIPE, SIG_DFL);
}

static gboolean
start_command(const Sandbox *sandbox, char **command, Stay *stay, GError **error)
{
  g_auto(GStrv) env = g_get_environ();
  env = g_environ_setenv(env, "OPENWEBUI_URL", sandbox_url(sandbox), TRUE);
  env = g_environ_setenv(env, "OPENWEBUI_API_KEY", sandbox_key(sandbox), TRUE);
  env = g_environ_setenv(env, "OPENWEBUI_USER_API_KEY", sandbox_user_key(sandbox), TRUE);
  if (!g_spawn_async(NULL, command, env,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CHILD_INHERITS_STDIN,
                     restore_signals, NULL, &stay->child, error)) {
    stay->child = 0;
    return FALSE;
  }
  g_child_watch_add(stay->child, on_child_end, stay);
  return TRUE;
}

static int
report_not_started(Report *report, const char *command, const GError *reason)
{
  g_autoptr(GError) error =
      owup_error_new(OWUP_ERROR_USAGE, _("Cannot run %s: %s"), command, reason->message);
  report_error(report, error);
  return g_error_matches(reason, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? EXIT_NOT_FOUND
                                                                     : EXIT_NOT_RUN;
}

/* Until Ctrl-C, or until the command ends. */
static int
stay_up(Report *report, const Sandbox *sandbox, char **command)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Stay stay = {.loop = loop};
  g_autoptr(Signals) interrupt = signals_watch(NULL, on_signal, &stay);
  g_autoptr(GError) reason = NULL;
  if (command == NULL)
    print_ready(report, sandbox);
  else if (!start_command(sandbox, command, &stay, &reason))
    return report_not_started(report, command[0], reason);
  g_main_loop_run(loop);
  return stay.status;
}

static int
run_sandbox(const CommandLine *line)
{
  SandboxOptions options;
  g_autoptr(GError) error = NULL;
  g_autoptr(Sandbox) sandbox = NULL;
  if (line->trailing_args != NULL && line->trailing_args[0] == NULL)
    error = owup_error_new(OWUP_ERROR_USAGE, _("No command follows --"));
  else if (command_line_check_args(line, 0, &error) &&
           parse_options(line->options, &options, &error))
    sandbox = sandbox_start(&options, &error);
  if (sandbox == NULL)
    return report_error(line->report, error);
  return stay_up(line->report, sandbox, line->trailing_args);
}

static const Option option_table[] = {
    OPTION_TEXT("port", 0, port, "Listen on this port of 127.0.0.1 (a free one)", "N"),
    OPTION_TEXT("data", 0, data, "Keep everything in this file (in memory)", "FILE"),
    OPTION_TEXT("imitate", 0, imitate, "Behave like this generation of Open WebUI (0.12)",
                "0.9|0.11|0.12"),
    OPTION_TEXT("delay", 0, delay, "Answer that much later, in milliseconds", "MS"),
    OPTION_TEXT("cut", 0, cut, "Cut the connection of write number N, before or after acting on it",
                "before:N|after:N"),
    OPTION_FLAG("keys-off", 0, keys_off, "API keys are switched off"),
    OPTION_FLAG("plugins-off", 0, plugins_off, "Plugins are switched off"),
    {NULL},
};

const Command command_sandbox = {
    .name = "sandbox",
    .summary = N_("Run a server on this machine that imitates Open WebUI"),
    .usage = N_("[-- COMMAND...]"),
    .details =
        N_("Prints where it is and its keys as lines for a shell, and runs until Ctrl-C. With\n"
           "a COMMAND, runs that with OPENWEBUI_URL and OPENWEBUI_API_KEY set and exits with\n"
           "its status. It listens on this machine only. It cannot run Python: it refuses\n"
           "what its own scan finds broken, and an import that fails goes unseen."),
    .examples = "owup sandbox -- owup deploy my_filter.py\n"
                "owup sandbox --imitate 0.11 --data try.db\n",
    COMMAND_OPTIONS(option_table),
    .takes_command = TRUE,
    .run = run_sandbox,
};
