/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"
#include "error.h"
#include "local_plugins.h"
#include "report_status.h"
#include "session.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean exit_code, localized, no_history;
  char *type, *history;
  char **excludes;
} Options;

static const Option option_table[] = {
    OPTION_TEXT("type", 't', type, "Only pipe, filter, action, event or tool", "KIND"),
    OPTION_TEXTS("exclude", 0, excludes, "Leave out files that match; may be repeated", "GLOB"),
    OPTION_FLAG("localized", 0, localized,
                "Also X_cn.py and X_zh.py beside X.py that are not on the server"),
    OPTION_FLAG("exit-code", 0, exit_code, "Exit with 1 where anything differs"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history, "Do without what is known here of earlier deploys"),
    {NULL},
};

/* Filled by the worker, read after its end. */
typedef struct {
  const CommandLine *line;
  const LocalPlugins *local_plugins;
  Status *status;
  GPtrArray *rows; /* of Comparison, owned by `status` */
  GError *error;
} Run;

/* The rows that the words mean, each once, in the table's order. FALSE: one means none. */
static gboolean
choose_rows(Run *run, GError **error)
{
  char **args = run->line->args;
  g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
  for (guint i = 0; args[i] != NULL; i++) {
    g_autoptr(GPtrArray) hits =
        status_find(run->status, args[i], g_ptr_array_index(run->local_plugins->named, i));
    if (hits->len == 0) {
      owup_error_set(error, OWUP_ERROR_NOT_FOUND,
                     _("No plugin here or on the server is called \"%s\""), args[i]);
      return owup_error_add_hint(error, _("See what is there: owup status"));
    }
    for (guint k = 0; k < hits->len; k++)
      g_hash_table_add(wanted, g_ptr_array_index(hits, k));
  }
  for (guint i = 0; i < run->status->rows->len; i++) {
    gpointer row = g_ptr_array_index(run->status->rows, i);
    if (args[0] == NULL || g_hash_table_contains(wanted, row))
      g_ptr_array_add(run->rows, row);
  }
  return TRUE;
}

static int
compare_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  const Options *options = run->line->options;
  StatusRequest request = {
      .found = run->local_plugins->found,
      .localized = options->localized,
      .has_type = run->local_plugins->has_type,
      .type = run->local_plugins->type,
      .history = context->history,
  };
  run->status = status_make(context->client, &request, &run->error);
  if (run->status == NULL || !choose_rows(run, &run->error))
    return 0;
  if (context->history_error != NULL && run->status->no_history == NULL)
    run->status->no_history = g_error_copy(context->history_error);
  return 0;
}

static void
tell_left_out(const Run *run)
{
  const Status *status = run->status;
  Report *report = run->line->report;
  if (run->line->args[0] == NULL)
    local_plugins_report_unread(report, run->local_plugins->unread);
  if (run->line->args[0] == NULL && status->templates + status->localized > 0)
    report_note(report, NOTE_INFO,
                _("Left out: %u templates, %u localized copies that are not on the server"),
                status->templates, status->localized);
  if (status->unreadable > 0)
    report_note(report, NOTE_INFO,
                _("Left out: tools on the server whose code is not shared with this key: %u"),
                status->unreadable);
  if (status->no_history != NULL)
    report_note(report, NOTE_WARNING, _("Without the local history: %s"),
                status->no_history->message);
}

static int
report_rows(const Run *run, gint64 since)
{
  const Options *options = run->line->options;
  Report *report = run->line->report;
  int status = options->exit_code && report_comparison_differs(run->rows) > 0 ? 1 : 0;
  report_status(report, run->status, run->rows);
  tell_left_out(run);
  report_status_summary(report, run->rows, status, clock_took_ms(since));
  return status;
}

static int
run_status(const CommandLine *line)
{
  const Options *options = line->options;
  gint64 since = clock_stopwatch();
  g_autoptr(GError) error = NULL;
  g_autoptr(LocalPlugins) local_plugins =
      local_plugins_find(line, options->excludes, options->type, &error);
  if (local_plugins == NULL)
    return report_error(line->report, error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new();
  Run run = {.line = line, .local_plugins = local_plugins, .rows = rows};
  SessionRequest session = {.history_dir = options->history, .no_history = options->no_history};
  int status = session_run(line, &session, compare_in_worker, NULL, &run);
  if (run.error != NULL)
    status = report_error(line->report, run.error);
  else if (run.status != NULL && status == 0)
    status = report_rows(&run, since);
  if (run.error != NULL && options->exit_code)
    status = report_comparison_failure(status);
  g_clear_error(&run.error);
  status_free(run.status);
  return status;
}

const Command command_status = {
    .name = "status",
    .alias = "st",
    .summary = N_("Show every plugin here and on the server, side by side"),
    .usage = N_("[NAME...]"),
    .details = N_("A NAME is a plugin here (id, file, folder or title) or on the server (id or "
                  "title). Without one, all of them."),
    .examples = "owup status\n"
                "owup status my_filter --exit-code\n"
                "owup status --type tool --json",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_status,
};
