#include "command.h"
#include "error.h"
#include "former.h"
#include "report_rollback.h"
#include "rollback.h"
#include "session.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean undo, dry_run, force, no_history;
  char *to, *history;
} Options;

static const GOptionEntry entries[] = {
    OPTION_WORD("to", 0, to, "Which one: its number, version or digest in owup history", "VERSION"),
    OPTION_FLAG("undo", 0, undo, "Reverse the last rollback"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Show what would change, send nothing"),
    OPTION_FLAG("force", 'f', force, "Overwrite what somebody else changed on the server"),
    OPTION_HISTORY(Options),
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
work(const DeployContext *context, gpointer data)
{
  Run *run = data;
  const char *word = run->line->words[0];
  g_autoptr(Target) target =
      former_find(context->server, context->history, word, "rollback", &run->error);
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

static char *
describe(const Outcome *outcome)
{
  g_autofree char *digest = past_short_digest(outcome->sha256);
  const char *version = outcome->plugin->version;
  return version != NULL ? g_strdup_printf("%s (%s)", version, digest) : g_steal_pointer(&digest);
}

static void
print_diff(const char *diff)
{
  g_autofree char *safe = isatty(STDOUT_FILENO) ? text_safe(diff, TRUE) : NULL;
  fputs(safe != NULL ? safe : diff, stdout);
}

static void
print_would(Report *report, const Outcome *outcome)
{
  g_autofree char *target = describe(outcome);
  if (outcome->diff != NULL)
    print_diff(outcome->diff);
  if (outcome->result == RESULT_CREATED)
    report_line(report, _("Would bring back %s '%s': %s"), kind_name(outcome->plugin->kind),
                outcome->title, target);
  else
    report_line(report, _("Would roll back %s '%s' to %s"), kind_name(outcome->plugin->kind),
                outcome->title, target);
}

/* What was not kept the rollback itself has told. */
static void
tell_kept(Report *report, const Outcome *outcome)
{
  if (outcome->plugin->kind == KIND_TOOL)
    report_note(report, outcome->valves_kept
                            ? _("   With its valves. It starts private: share it at Workspace > "
                                "Tools, in its Access settings.")
                            : _("   It starts private: share it at Workspace > Tools, in its "
                                "Access settings."));
  else if (outcome->valves_kept)
    report_note(report, _("   With its valves, enabled and global as it was."));
  else if (outcome->flags_kept)
    report_note(report, _("   Enabled and global as it was."));
}

static void
print_done(Report *report, const Outcome *outcome)
{
  gboolean tool = outcome->plugin->kind == KIND_TOOL;
  g_autofree char *target = describe(outcome);
  if (outcome->result == RESULT_UNCHANGED) {
    report_line(report, _("✅ '%s' is at %s already."), outcome->title, target);
  } else if (outcome->result == RESULT_CREATED) {
    report_line(report, _("✅ '%s' is on the server again: %s."), outcome->title, target);
    tell_kept(report, outcome);
  } else {
    report_line(report, _("✅ '%s' is back at %s."), outcome->title, target);
    report_note(report,
                tool ? _("   Its valves are untouched.")
                     : _("   Its valves and flags are untouched. To switch it off: owup "
                         "disable %s"),
                outcome->id);
  }
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
      .patience_ms = (guint)line->global.timeout * 1000,
  };
  SessionRequest request = {TRUE, options->history, options->no_history, &deploy};
  Run run = {line, options, NULL, NULL};
  int status = session_run(line, &request, work, finished, &run);
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
  if (!command_line_check_words(line, 1, error))
    return FALSE;
  if (line->words[0] == NULL)
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
    .options = entries,
    .options_size = sizeof(Options),
    .needs_server = TRUE,
    .words = WORDS_PLUGINS,
    .run = run_rollback,
};
