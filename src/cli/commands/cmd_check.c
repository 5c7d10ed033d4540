/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"

#include "compile_check.h"
#include "error.h"
#include "history.h"
#include "json_fields.h"
#include "plugin_version.h"
#include "report_check.h"
#include "selection.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  SelectionOptions which;
  char *history;
} Options;

/* What one run of check needs and finds. */
typedef struct {
  Report *report;
  History *history;     /* NULL where it cannot be read: check needs none */
  guint failed, unread; /* how many are not fine; those of them that no file was read for */
  gboolean no_python;
} Run;

static void
verdict_clear(Verdict *verdict)
{
  g_ptr_array_unref(verdict->diagnostics);
  g_ptr_array_unref(verdict->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verdict, verdict_clear)

/* Does this version number stand for another text already, on whatever server? */
static gboolean
is_unbumped(const Run *run, const Plugin *plugin)
{
  if (run->history == NULL || plugin->version == NULL)
    return FALSE;
  HistoryEntry *last =
      history_last_anywhere(run->history, kind_family(plugin->kind), plugin->id, NULL);
  g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plugin->stored);
  gboolean unbumped = last != NULL && g_strcmp0(last->version, plugin->version) == 0 &&
                      strcmp(last->digest, digest) != 0;
  history_entry_free(last);
  return unbumped;
}

static void
judge_version(const Run *run, const Plugin *plugin, GPtrArray *warnings)
{
  if (plugin->version != NULL && !plugin_version_is_strict(plugin->version))
    g_ptr_array_add(warnings, g_strdup_printf(_("Its version \"%s\" is not MAJOR.MINOR.PATCH."),
                                              plugin->version));
  if (is_unbumped(run, plugin))
    g_ptr_array_add(warnings,
                    g_strdup_printf(_("Its content changed since the last deploy, but the version "
                                      "is still %s (owup bump patch %s)."),
                                    plugin->version, plugin->id));
}

/* The scan's findings; where there are none, a local python3 is asked too. */
static Verdict
judge(const Run *run, const Plugin *plugin)
{
  Verdict verdict = {
      .diagnostics = g_ptr_array_new_with_free_func((GDestroyNotify)diagnostic_free),
      .warnings = g_ptr_array_new_with_free_func(g_free),
  };
  Diagnostic *found = NULL;
  for (guint i = 0; i < plugin->diagnostics->len; i++)
    g_ptr_array_add(verdict.diagnostics,
                    diagnostic_copy(g_ptr_array_index(plugin->diagnostics, i)));
  judge_version(run, plugin, verdict.warnings);
  if (verdict.diagnostics->len > 0)
    return verdict;
  CompileCheckResult result = compile_check(plugin->file, plugin->content, plugin->stored, &found);
  verdict.no_python = result == PYCHECK_UNAVAILABLE;
  if (result == PYCHECK_BROKEN && found != NULL)
    g_ptr_array_add(verdict.diagnostics, found);
  return verdict;
}

/* Returns the exit status for this one. */
static int
check_one(Run *run, const Selected *selected)
{
  if (selected->error != NULL) {
    run->unread += selected->plugin == NULL ? 1 : 0;
    return report_check_unread(run->report, selected->plugin, selected->word, selected->error);
  }
  g_auto(Verdict) verdict = judge(run, selected->plugin);
  run->no_python |= verdict.no_python;
  report_check_verdict(run->report, selected->plugin, &verdict);
  return verdict.diagnostics->len > 0 ? owup_error_exit(OWUP_ERROR_LOCAL_PLUGIN) : 0;
}

/* A word that names no plugin is none that is invalid. */
static void
print_counts(const Run *run, guint total)
{
  guint fine = total - run->failed, invalid = run->failed - run->unread;
  if (run->unread == 0)
    report_line(run->report, MARK_NONE, _("%u plugins: %u fine, %u invalid"), total, fine, invalid);
  else if (invalid == 0)
    report_line(run->report, MARK_NONE, _("%u plugins: %u fine, %u failed"), total, fine,
                run->unread);
  else
    report_line(run->report, MARK_NONE, _("%u plugins: %u fine, %u invalid, %u failed"), total,
                fine, invalid, run->unread);
}

static void
print_end(const Run *run, const Selection *selection)
{
  guint total = selection->items->len;
  selection_report_left_out(selection, run->report);
  if (total > 1 && run->failed == 0)
    report_line(run->report, MARK_NONE, _("%u plugins: all fine"), total);
  else if (total > 1)
    print_counts(run, total);
  if (run->no_python)
    report_note(run->report, NOTE_DETAIL,
                _("Checked without Python: no python3 of 3.11 or newer was found."));
}

static int
run_check(const CommandLine *line)
{
  const Options *options = line->options;
  gint64 since = clock_stopwatch();
  g_autoptr(GError) error = NULL;
  g_autoptr(Selection) selection = selection_make(line, &options->which, &error);
  if (selection == NULL)
    return report_error(line->report, error);
  int status = 0;
  g_autofree char *dir = history_default_dir(options->history);
  g_autoptr(History) history = history_open_readonly(dir, NULL);
  Run run = {.report = line->report, .history = history};
  for (guint i = 0; i < selection->items->len; i++) {
    int one = check_one(&run, g_ptr_array_index(selection->items, i));
    run.failed += one != 0;
    status = status != 0 ? status : one;
  }
  if (line->global.json)
    report_json(line->report, json_fields_summary(selection->items->len, run.failed, status,
                                                  clock_took_ms(since)));
  print_end(&run, selection);
  return status;
}

static const Option option_table[] = {
    OPTION_FLAG("all", 'a', which.all, "Every plugin below DIR, or the project's root"),
    OPTION_TEXT("type", 't', which.type, "Only pipe, filter, action, event or tool", "KIND"),
    OPTION_TEXTS("exclude", 0, which.excludes,
                 "With --all: leave out what matches; may be repeated", "GLOB"),
    OPTION_FLAG("localized", 0, which.localized,
                "With --all: localized copies (X_cn.py beside X.py) too"),
    OPTION_TEXT("id", 0, which.id, "The id to check it under", "ID"),
    OPTION_HISTORY,
    {NULL},
};

const Command command_check = {
    .name = "check",
    .summary = N_("Check plugins here, without a server"),
    .usage = N_("[PLUGIN...] | --all [DIR]"),
    .details =
        N_("PLUGIN is a file, a folder, a name, or - for standard input (with --id). Without\n"
           "one, the only plugin of the current folder. A python3 of 3.11 or newer is asked\n"
           "too where there is one; the plugin itself never runs. Exit status 5: invalid."),
    .examples = "owup check my_filter.py\n"
                "owup check --all\n",
    COMMAND_OPTIONS(option_table),
    .args = ARGS_PLUGINS_ALL,
    .run = run_check,
};
