/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "error.h"
#include "report_rollback.h"
#include "rollback.h"
#include "session.h"
#include "target_deleted.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean undo, dry_run, force, no_history;
  char *to, *history;
} Options;

static const Option option_table[] = {
    OPTION_TEXT("to", 0, to, "Which one: its number, version or digest in owup history", "VERSION"),
    OPTION_FLAG("undo", 0, undo, "Reverse the last rollback"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Show what would change, send nothing"),
    OPTION_FLAG("force", 'f', force, "Overwrite what somebody else changed on the server"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history,
                "Keep nothing here, even where the server keeps nothing"),
    {NULL},
};

typedef struct {
  const CommandLine *line;
  const Options *options;
  Outcome *outcome; /* the main thread's */
  GError *error;    /* the worker's until it ends: no such plugin */
} Run;

/* In the worker. */
static int
roll_back_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  const char *word = run->line->args[0];
  g_autoptr(Target) target =
      target_find_deleted(context->client, context->history, word, "rollback", &run->error);
  if (target == NULL)
    return 0;
  RollbackRequest request = {
      .to = run->options->to,
      .undo = run->options->undo,
      .file = target->local != NULL ? target->local->file : NULL,
  };
  Outcome *outcome = rollback_one(context, target->family, target->id, &request);
  context->observe(event_finished(outcome), context->data);
  return 0;
}

static void
finished(Outcome *outcome, gpointer data)
{
  Run *run = data;
  run->outcome = outcome;
  report_rollback(run->line->report, outcome);
}

static int
roll_back(const CommandLine *line)
{
  const Options *options = line->options;
  DeployOptions deploy = {
      .dry_run = options->dry_run,
      .force = options->force,
      .no_history = options->no_history,
      .idle_timeout_ms = line->idle_timeout_ms,
  };
  SessionRequest request = {
      .writes = TRUE,
      .history_dir = options->history,
      .no_history = options->no_history,
      .options = &deploy,
  };
  Run run = {.line = line, .options = options};
  int status = session_run(line, &request, roll_back_in_worker, finished, &run);
  if (run.error != NULL)
    status = report_error(line->report, run.error);
  else if (status == 0 && run.outcome != NULL)
    status = outcome_exit(run.outcome);
  g_clear_error(&run.error);
  outcome_free(run.outcome);
  return status;
}

static gboolean
check_line(const CommandLine *line, GError **error)
{
  const Options *options = line->options;
  if (!command_line_check_args(line, 1, error))
    return FALSE;
  if (line->args[0] == NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("Which plugin? owup rollback NAME"));
  else if (options->undo && options->to != NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("--undo and --to exclude each other"));
  else
    return TRUE;
  return FALSE;
}

static int
run_rollback(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  return check_line(line, &error) ? roll_back(line) : report_error(line->report, error);
}

const Command command_rollback = {
    .name = "rollback",
    .summary = N_("Bring an older version of a plugin back"),
    .usage = N_("NAME"),
    .details = N_(
        "The version before, or the one that --to names. Run again, it goes one further back.\n"
        "Code, name and meta come back; valves and flags stay. A plugin that owup deleted comes\n"
        "back with both. Needs no local file. A later deploy of what was rolled back needs\n"
        "--force."),
    .examples = "owup rollback my_filter\n"
                "owup rollback my_filter --to 1.2.0 --dry-run\n"
                "owup rollback my_filter --undo",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_rollback,
};
