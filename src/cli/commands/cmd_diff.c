/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"
#include "discover.h"
#include "error.h"
#include "external_diff.h"
#include "json_fields.h"
#include "report_diff.h"
#include "report_status.h"
#include "selection.h"
#include "session.h"
#include "target.h"

#include <glib/gi18n.h>

typedef struct {
  SelectionOptions which;
  gboolean stat, no_history;
  char *history;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("all", 'a', which.all,
                "Every plugin below DIR, by default below the project's root"),
    OPTION_TEXT("type", 't', which.type, "Only pipe, filter, action, event or tool", "KIND"),
    OPTION_TEXTS("exclude", 0, which.excludes,
                 "With --all: leave out what matches; may be repeated", "GLOB"),
    OPTION_FLAG("localized", 0, which.localized,
                "With --all: also X_cn.py and X_zh.py beside X.py"),
    OPTION_FLAG("stat", 0, stat, "Only how many lines differ"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history, "Do without what is known here of earlier deploys"),
    {NULL},
};

/* One of comparison and error is set. */
typedef struct {
  const char *word; /* NULL: all */
  Comparison *comparison;
  GError *error;
} Compared;

/* `results` is filled by the worker and read after its end. */
typedef struct {
  const CommandLine *line;
  const Selection *selection; /* what is compared with --all or without a word; NULL: the words */
  GPtrArray *results;         /* of Compared */
} Run;

static void
compared_free(gpointer data)
{
  Compared *compared = data;
  comparison_free(compared->comparison);
  g_clear_error(&compared->error);
  g_free(compared);
}

/* Takes over what it is given. */
static void
add_compared(Run *run, const char *word, Comparison *comparison, GError *error)
{
  Compared *compared = g_new0(Compared, 1);
  compared->word = word;
  compared->comparison = comparison;
  compared->error = error;
  g_ptr_array_add(run->results, compared);
}

static void
compare_word(const DeployContext *context, Run *run, const char *word)
{
  GError *error = NULL;
  g_autoptr(Target) target = target_find(context->client, word, "diff", TRUE, &error);
  if (target == NULL)
    add_compared(run, word, NULL, error);
  else
    add_compared(run, word,
                 status_compare(context->client, context->history, target->local,
                                g_steal_pointer(&target->remote), NULL),
                 NULL);
}

/* What --all takes, as discover_plugins() would have it. The plugins belong to the selection. */
static GPtrArray *
found_of(Run *run)
{
  GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < run->selection->items->len; i++) {
    const Selected *selected = g_ptr_array_index(run->selection->items, i);
    if (selected->plugin == NULL)
      continue;
    Found *found = g_new0(Found, 1);
    found->plugin = selected->plugin;
    g_ptr_array_add(all, found);
  }
  return all;
}

static void
compare_all(const DeployContext *context, Run *run)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) found = found_of(run);
  StatusRequest request = {.found = found, .history = context->history};
  g_autoptr(Status) status = status_make(context->client, &request, &error);
  if (status == NULL) {
    add_compared(run, NULL, NULL, error);
    return;
  }
  while (status->rows->len > 0) {
    Comparison *row = g_ptr_array_steal_index(status->rows, 0);
    if (row->local != NULL)
      add_compared(run, NULL, row, NULL);
    else
      comparison_free(row);
  }
  for (guint i = 0; i < run->selection->items->len; i++) {
    const Selected *selected = g_ptr_array_index(run->selection->items, i);
    if (selected->plugin == NULL)
      add_compared(run, selected->word, NULL, g_error_copy(selected->error));
  }
}

static int
compare_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  const Options *options = run->line->options;
  if (options->which.all)
    compare_all(context, run);
  else if (run->selection != NULL)
    compare_word(context, run,
                 ((Selected *)g_ptr_array_index(run->selection->items, 0))->plugin->file);
  for (char **word = run->line->args; !options->which.all && *word != NULL; word++)
    compare_word(context, run, *word);
  return 0;
}

/* FALSE after an error, which is told. */
static gboolean
show_diff(Report *report, const Comparison *row, gboolean stat, int *status)
{
  gboolean json = report_is_json(report);
  const char *outer = json || stat ? NULL : external_diff_command();
  gboolean both = row->local != NULL && row->remote != NULL;
  if (stat && !json) {
    report_diff_stat(report, row);
  } else if (outer != NULL && both && (row->parts & PART_CONTENT) != 0) {
    g_autoptr(GError) error = NULL;
    report_diff_head(report, row);
    if (!external_diff_run(outer, row, &error)) {
      *status = report_comparison_failure(report_error(report, error));
      return FALSE;
    }
  } else {
    report_diff(report, row);
  }
  return TRUE;
}

/* 0: no difference, 1: some, else the first failure's. */
static int
show_all(const Run *run)
{
  const Options *options = run->line->options;
  Report *report = run->line->report;
  int failure = 0, different = 0;
  for (guint i = 0; i < run->results->len; i++) {
    const Compared *compared = g_ptr_array_index(run->results, i);
    int status = 0;
    if (compared->error != NULL)
      status =
          report_comparison_failure(report_diff_failure(report, compared->word, compared->error));
    else if (show_diff(report, compared->comparison, options->stat, &status))
      different |= compared->comparison->state != STATE_SAME ? 1 : 0;
    failure = failure != 0 ? failure : status;
  }
  return failure != 0 ? failure : different;
}

static GPtrArray *
compared_rows(const Run *run)
{
  GPtrArray *rows = g_ptr_array_new();
  for (guint i = 0; i < run->results->len; i++) {
    const Compared *compared = g_ptr_array_index(run->results, i);
    if (compared->comparison != NULL)
      g_ptr_array_add(rows, compared->comparison);
  }
  return rows;
}

static int
report_rows(const Run *run, gint64 since)
{
  Report *report = run->line->report;
  gboolean paged = !report_is_json(report) && external_diff_command() == NULL;
  Pager *pager = paged ? pager_open() : NULL;
  report_diff_page_begin(report, pager);
  int status = show_all(run);
  report_diff_page_end(report);
  pager_close(pager);
  g_autoptr(GPtrArray) rows = compared_rows(run);
  g_autofree char *counts = report_comparison_counts(rows);
  if (rows->len > 1)
    report_note(report, NOTE_INFO, "%s", counts);
  else if (status == 0 && rows->len == 1)
    report_diff_same(report, g_ptr_array_index(rows, 0));
  report_json(report, json_fields_summary(run->results->len, run->results->len - rows->len, status,
                                          clock_took_ms(since)));
  return status;
}

/* TRUE without `*selection` where words name what is wanted. */
static gboolean
select_locals(const CommandLine *line, Selection **selection, GError **error)
{
  const Options *options = line->options;
  if (!options->which.all && line->args[0] != NULL)
    return TRUE;
  *selection = selection_make(line, &options->which, error);
  if (*selection == NULL)
    return FALSE;
  selection_report_left_out(*selection, line->report);
  return TRUE;
}

static int
run_diff(const CommandLine *line)
{
  const Options *options = line->options;
  gint64 since = clock_stopwatch();
  g_autoptr(GError) error = NULL;
  g_autoptr(Selection) selection = NULL;
  if (!select_locals(line, &selection, &error))
    return report_error(line->report, error);
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(compared_free);
  Run run = {.line = line, .selection = selection, .results = results};
  SessionRequest session = {.history_dir = options->history, .no_history = options->no_history};
  int status = session_run(line, &session, compare_in_worker, NULL, &run);
  return status == 0 && results->len > 0 ? report_rows(&run, since) : status;
}

const Command command_diff = {
    .name = "diff",
    .summary = N_("Show what differs between the server and the files"),
    .usage = N_("[NAME...] | --all [DIR]"),
    .details =
        N_("A NAME is a plugin here or on the server. Without one, the only plugin of the current\n"
           "folder. Lines with - are the server's, lines with + the file's, as a server would\n"
           "hold it. Exit status: 0 no difference, 1 some, 2 no such plugin or a failure of the\n"
           "server, 3 the key, 4 the network."),
    .examples = "owup diff my_filter\n"
                "owup diff --all --stat\n"
                "OWUP_DIFF=meld owup diff my_filter",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS_ALL,
    .run = run_diff,
};
