/* SPDX-License-Identifier: MIT */
#include "ci_env.h"
#include "clock.h"
#include "command_table.h"
#include "deploy_batch.h"
#include "fd_limit.h"
#include "report_deploy.h"
#include "selection.h"
#include "session.h"

#include <glib/gi18n.h>
#include <string.h>

/* More connections buy nothing on loopback, where the server's one event loop is the limit; they
 * pay where a round trip costs. */
#define JOBS 8
#define MOST_JOBS 64

typedef struct {
  SelectionOptions which;
  gboolean atomic, resend, no_check, update_only, create_only, dry_run;
  gboolean force, no_stamp, no_downgrade, require_bump, enable, no_history;
  char *message, *history, *jobs;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("all", 'a', which.all,
                "Every plugin below DIR, by default below the project's root"),
    OPTION_TEXT("type", 't', which.type, "Only pipe, filter, action, event or tool", "KIND"),
    OPTION_TEXTS("exclude", 0, which.excludes,
                 "With --all: leave out what matches; may be repeated", "GLOB"),
    OPTION_FLAG("localized", 0, which.localized,
                "With --all: also X_cn.py and X_zh.py beside X.py"),
    OPTION_TEXT("jobs", 'j', jobs, "So many side by side (8); --atomic goes one by one", "N"),
    OPTION_FLAG("atomic", 0, atomic, "All or nothing: undo everything when one fails"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Say what would be done, send nothing"),
    OPTION_FLAG("force", 'f', force, "Overwrite what somebody else changed on the server"),
    OPTION_TEXT("message", 'm', message, "Why, for the history", "TEXT"),
    OPTION_TEXT("id", 0, which.id, "Deploy under this id", "ID"),
    OPTION_FLAG("enable", 0, enable, "Switch on what this run creates"),
    OPTION_FLAG("resend", 0, resend, "Send although the server holds the same"),
    OPTION_FLAG("no-check", 0, no_check, "Send although the check here found something"),
    OPTION_FLAG("update-only", 0, update_only, "Never create"),
    OPTION_FLAG("create-only", 0, create_only, "Never update"),
    OPTION_FLAG("no-downgrade", 0, no_downgrade, "Refuse a lower version than the server's"),
    OPTION_FLAG("require-bump", 0, require_bump,
                "Refuse changed content under an unchanged version"),
    OPTION_FLAG("no-stamp", 0, no_stamp, "Leave no mark of owup in the plugin's meta"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history,
                "Keep nothing here, even where the server keeps nothing"),
    {NULL},
};

typedef struct {
  const CommandLine *line;
  const Selection *selection;
  gboolean atomic;
  guint jobs;
  GPtrArray *outcomes; /* of Outcome; the main thread's alone */
} Run;

static Outcome *
refuse_selected(const DeployContext *context, const Selected *selected)
{
  Outcome *outcome = outcome_new(selected->plugin, client_url(context->client));
  outcome->word = g_strdup(selected->word);
  outcome->result = selected->plugin != NULL ? RESULT_INVALID : RESULT_FAILED;
  outcome->error = g_error_copy(selected->error);
  return outcome;
}

static void
push_outcome(const DeployContext *context, guint item, Outcome *outcome)
{
  Event *event = event_finished(outcome);
  event->item = item;
  context->observe(event, context->data);
}

/* In the worker: side by side; one failing does not stop the rest. */
static void
deploy_each(const DeployContext *context, const GPtrArray *items, guint jobs)
{
  g_autoptr(GPtrArray) plugins = g_ptr_array_new();
  for (guint i = 0; i < items->len; i++) {
    const Selected *selected = g_ptr_array_index(items, i);
    g_ptr_array_add(plugins, selected->error == NULL ? selected->plugin : NULL);
    if (selected->error != NULL)
      push_outcome(context, i, refuse_selected(context, selected));
  }
  deploy_batch(context, plugins, jobs);
}

static Outcome *
skip_selected(const DeployContext *context, const Selected *selected)
{
  if (selected->error != NULL)
    return refuse_selected(context, selected);
  Outcome *outcome = outcome_new(selected->plugin, client_url(context->client));
  outcome->result = RESULT_SKIPPED;
  outcome->error =
      owup_error_new(OWUP_ERROR_SKIPPED, _("Not sent, since another one failed (--atomic)"));
  return outcome;
}

/* In the worker: a word that fits nothing stops an --atomic deploy before anything is sent. */
static void
deploy_together(const DeployContext *context, const GPtrArray *items)
{
  g_autoptr(GPtrArray) plugins = g_ptr_array_new();
  for (guint i = 0; i < items->len; i++) {
    const Selected *selected = g_ptr_array_index(items, i);
    if (selected->error == NULL)
      g_ptr_array_add(plugins, selected->plugin);
  }
  gboolean whole = plugins->len == items->len;
  g_autoptr(GPtrArray) outcomes = whole ? deploy_atomic(context, plugins) : g_ptr_array_new();
  for (guint i = 0; !whole && i < items->len; i++)
    g_ptr_array_add(outcomes, skip_selected(context, g_ptr_array_index(items, i)));
  g_ptr_array_set_free_func(outcomes, NULL);
  for (guint i = 0; i < outcomes->len; i++)
    push_outcome(context, i, g_ptr_array_index(outcomes, i));
}

/* Once a run: what was replaced is on a machine that CI throws away. */
static void
tell_where_kept(const DeployContext *context)
{
  const Capabilities *client = client_capabilities(context->client);
  if (!context->options->ci || context->history == NULL || !client->known || client->has_history)
    return;
  context->observe(event_note(NULL, NOTE_WARNING,
                              _("This server keeps no old versions; they are kept only on this "
                                "machine.")),
                   context->data);
}

static int
deploy_in_worker(const DeployContext *context, gpointer data)
{
  const Run *run = data;
  if (run->atomic)
    deploy_together(context, run->selection->items);
  else
    deploy_each(context, run->selection->items, run->jobs);
  tell_where_kept(context);
  return 0;
}

static void
finished(Outcome *outcome, gpointer data)
{
  Run *run = data;
  if (outcome->dry_run && outcome->plugin != NULL)
    report_header(run->line->report, outcome->plugin);
  report_outcome(run->line->report, outcome);
  g_ptr_array_add(run->outcomes, outcome);
}

/* The first that failed decides; those skipped because of it do not. */
static int
exit_status(const GPtrArray *outcomes)
{
  int skipped = 0;
  for (guint i = 0; i < outcomes->len; i++) {
    const Outcome *outcome = g_ptr_array_index(outcomes, i);
    int status = outcome_exit(outcome);
    if (status != 0 && outcome->result != RESULT_SKIPPED && outcome->result != RESULT_REVERTED)
      return status;
    if (skipped == 0)
      skipped = status;
  }
  return skipped;
}

static DeployOptions
deploy_options(const CommandLine *line)
{
  const Options *options = line->options;
  return (DeployOptions){
      .resend = options->resend,
      .no_check = options->no_check,
      .update_only = options->update_only,
      .create_only = options->create_only,
      .dry_run = options->dry_run,
      .force = options->force,
      .no_stamp = options->no_stamp,
      .no_downgrade = options->no_downgrade,
      .require_bump = options->require_bump,
      .no_history = options->no_history,
      .enable = options->enable,
      .twin = selection_twin,
      .ci = ci_env_runs_this(),
      .message = options->message,
      .idle_timeout_ms = line->idle_timeout_ms,
  };
}

static int
deploy_selection(const CommandLine *line, const Selection *selection, guint jobs)
{
  const Options *options = line->options;
  DeployOptions deploy = deploy_options(line);
  SessionRequest request = {
      .writes = TRUE,
      .history_dir = options->history,
      .no_history = options->no_history,
      .options = &deploy,
      .plugins = selection->items->len,
  };
  g_autoptr(GPtrArray) outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
  Run run = {.line = line,
             .selection = selection,
             .atomic = options->atomic,
             .jobs = jobs,
             .outcomes = outcomes};
  gint64 start = clock_stopwatch();
  /* Each job has a connection and a database, and --atomic a lock for each plugin. */
  fd_limit_raise();
  int status = session_run(line, &request, deploy_in_worker, finished, &run);
  if (status == 0)
    status = exit_status(outcomes);
  if (outcomes->len > 0)
    report_summary(line->report, outcomes, status, clock_took_ms(start));
  return status;
}

static gboolean
check_options(const Options *options, int *jobs, GError **error)
{
  if (!command_option_number("--jobs", options->jobs, 1, MOST_JOBS, jobs, error))
    return FALSE;
  if (!options->update_only || !options->create_only)
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_USAGE,
                        _("--update-only and --create-only exclude each other"));
}

static int
run_deploy(const CommandLine *line)
{
  const Options *options = line->options;
  g_autoptr(GError) error = NULL;
  int jobs = JOBS;
  if (!check_options(options, &jobs, &error))
    return report_error(line->report, error);
  g_autoptr(Selection) selection = selection_make(line, &options->which, &error);
  if (selection == NULL)
    return report_error(line->report, error);
  selection_report_left_out(selection, line->report);
  return deploy_selection(line, selection, (guint)jobs);
}

const Command command_deploy = {
    .name = "deploy",
    .summary = N_("Update plugins on the server; create those that are not there"),
    .usage = N_("[PLUGIN...] | --all [DIR]"),
    .details = N_("A PLUGIN is a name (id, file, folder or title), a .py file, a folder, or - for "
                  "standard input "
                  "(with --id). Without one, the only plugin of the current folder."),
    .examples = "owup deploy my_filter\n"
                "owup deploy plugins/pipes/flux.py\n"
                "owup deploy --all --dry-run\n"
                "git show HEAD~1:my_filter.py | owup deploy - --id my_filter",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS_ALL,
    .run = run_deploy,
};
