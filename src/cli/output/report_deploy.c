/* SPDX-License-Identifier: MIT */
#include "report_deploy.h"

#include "frontmatter_lint.h"
#include "report_deploy_json.h"
#include "report_private.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *
version_of(const Plugin *plugin)
{
  return plugin->version != NULL ? plugin->version : PLUGIN_DEFAULT_VERSION;
}

static void
print_started(Report *report, const Event *event)
{
  const Plugin *plugin = event->plugin;
  if (event->text != NULL) {
    report_line(report, MARK_BEGUN, "%s", event->text);
  } else {
    report_line(report, MARK_BEGUN, _("Deploying %s '%s' (version %s)..."), kind_name(plugin->kind),
                plugin_label(plugin), version_of(plugin));
    report_line(report, MARK_UNDER, _("File: %s"), plugin->file);
  }
  if (report->target != NULL)
    report_line(report, MARK_UNDER, _("Target: %s"), report->target);
}

static void
print_update_failed(Report *report, const Event *event)
{
  if (event->status == 0)
    report_line(report, MARK_WARNING, _("Update got no answer, attempting to create instead..."));
  else
    report_line(report, MARK_WARNING,
                _("Update failed with status %d, attempting to create instead..."), event->status);
  if (event->looks_denied && event->plugin->kind == KIND_TOOL)
    report_line(report, MARK_UNDER,
                _("(%d is this server's answer for a tool that is not there yet; the key is fine)"),
                event->status);
}

static void note(Report *report, const Event *event, NoteLevel level, gboolean names_plugin,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Among many, a note may stand before its plugin's first line, or without it (stderr alone). One
 * that is about a plugin stands in its object, too. */
static void
note(Report *report, const Event *event, NoteLevel level, gboolean names_plugin, const char *format,
     ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  if (report->many && event->plugin != NULL && !names_plugin)
    report_note(report, level, "'%s': %s", plugin_label(event->plugin), text);
  else
    report_note(report, level, "%s", text);
  if (report->options.json && event->plugin != NULL)
    report_keep_note(report, text);
}

void
report_header(Report *report, const Plugin *plugin)
{
  for (guint i = 0; i < plugin->unread->len; i++) {
    g_autofree char *text = frontmatter_lint_text(g_ptr_array_index(plugin->unread, i));
    report_note(report, NOTE_WARNING, "%s", text);
    if (report->options.json)
      report_keep_note(report, text);
  }
}

void
report_event(Report *report, const Event *event)
{
  switch ((int)event->type) {
  case EVENT_STARTED:
    print_started(report, event);
    if (event->text == NULL)
      report_header(report, event->plugin);
    break;
  case EVENT_REQUEST:
    progress_line_begin(report->progress, event->text);
    break;
  case EVENT_UPDATE_FAILED:
    print_update_failed(report, event);
    break;
  case EVENT_CREATED_MEANWHILE:
    note(report, event, NOTE_WARNING, TRUE,
         _("'%s' was not there a moment ago: somebody else created it meanwhile; it "
           "was updated."),
         plugin_label(event->plugin));
    break;
  case EVENT_INSTALLING:
    note(report, event, NOTE_DETAIL, FALSE,
         _("The server may be installing its requirements now: %s"), event->text);
    break;
  case EVENT_SETTLING:
    note(report, event, NOTE_WARNING, FALSE,
         _("The answer was lost (%s). Finding out what became of it..."), event->text);
    progress_line_begin(report->progress, _("Asking the server what it holds"));
    break;
  case EVENT_NOTE:
    note(report, event, event->level, event->names_plugin, "%s", event->text);
    break;
  case EVENT_TRACE:
    report_detail(report, "%s", event->text);
    break;
  default: /* for the progress alone */
    break;
  }
}

void
report_next_step(Report *report, Kind kind)
{
  if (kind == KIND_FILTER)
    report_note(report, NOTE_HINT,
                _("It starts disabled: enable it at Admin Panel > Functions, then make "
                  "it global there or "
                  "attach it to a model."));
  else if (kind == KIND_TOOL)
    report_note(report, NOTE_HINT,
                _("It starts private: share it at Workspace > Tools, in its Access settings."));
  else
    report_note(report, NOTE_HINT, _("It starts disabled: enable it at Admin Panel > Functions."));
}

static void
print_would(Report *report, const Outcome *outcome)
{
  const Plugin *plugin = outcome->plugin;
  const char *from = outcome->server_version, *to = version_of(plugin);
  const char *kind = kind_name(outcome->kind);
  if (outcome->result == RESULT_CREATED)
    report_line(report, MARK_NONE, _("Would create %s '%s' (%s)"), kind, outcome->title, to);
  else if (from != NULL && g_strcmp0(from, to) != 0)
    report_line(report, MARK_NONE, _("Would update %s '%s' (%s -> %s)"), kind, outcome->title, from,
                to);
  else
    report_line(report, MARK_NONE, _("Would update %s '%s' (%s)"), kind, outcome->title, to);
}

static void
print_ok(Report *report, const Outcome *outcome)
{
  const Plugin *plugin = outcome->plugin;
  if (outcome->result == RESULT_UNCHANGED) {
    report_line(report, MARK_DONE, _("'%s' is up to date (version %s)."), outcome->title,
                plugin->version == NULL && outcome->server_version != NULL ? outcome->server_version
                                                                           : version_of(plugin));
  } else if (outcome->dry_run) {
    print_would(report, outcome);
  } else if (outcome->result == RESULT_CREATED) {
    report_line(report, MARK_DONE, _("Successfully created '%s' %s!"), outcome->title,
                kind_name(outcome->kind));
    if (outcome->enabled)
      report_line(report, MARK_UNDER, _("Switched on."));
  } else {
    report_line(report, MARK_DONE, _("Successfully updated '%s' %s!"), outcome->title,
                kind_name(outcome->kind));
  }
}

/* The server's own status and words where it said some, else our sentence; then the place in the
 * file, then the next step. */
static void
print_failed(Report *report, const Outcome *outcome)
{
  const char *detail = owup_error_detail(outcome->error);
  int status = owup_error_status(outcome->error);
  if (detail == NULL || !report_is_servers_word(outcome->error)) {
    report_error(report, outcome->error);
    report_diagnostics(report, outcome->diagnostics);
    return;
  }
  report_fault(report, MARK_FAILED, _("Failed to update or create. Status: %d"), status);
  report_servers_words(report, detail);
  report_diagnostics(report, outcome->diagnostics);
  report_indented(report, owup_error_hint(outcome->error));
}

void
report_repair(Report *report, const Outcome *outcome)
{
  if (outcome->repaired->len > 0)
    report_fault(report, MARK_BACK,
                 _("'%s' was switched off by the failed update; switched on again."),
                 outcome->title);
  if (outcome->broken != NULL) {
    report_fault(report, MARK_WARNING, _("'%s': %s."), outcome->title, outcome->broken);
    report_fault(report, MARK_UNDER, _("Look at it in Admin Panel > Functions."));
  }
}

/* Places in the file say what to do; where there is none, our sentence and its hint do. */
static void
print_invalid(Report *report, const Outcome *outcome)
{
  if (outcome->diagnostics->len == 0) {
    report_fault(report, MARK_UNDER, "%s.", outcome->error->message);
    report_indented(report, owup_error_hint(outcome->error));
  }
  report_diagnostics(report, outcome->diagnostics);
}

static void
print_bad(Report *report, const Outcome *outcome)
{
  Result result = outcome->result;
  if (result == RESULT_INVALID) {
    report_fault(report, MARK_FAILED, _("'%s' was not sent:"), plugin_label(outcome->plugin));
    print_invalid(report, outcome);
  } else if (result == RESULT_SKIPPED) {
    report_fault(report, MARK_WARNING, _("'%s': %s."),
                 outcome->plugin != NULL ? plugin_label(outcome->plugin) : outcome->id,
                 outcome->error->message);
  } else if (result == RESULT_REVERTED) {
    report_fault(report, MARK_BACK, "%s.", outcome->error->message);
  } else {
    print_failed(report, outcome);
  }
  if (result == RESULT_UNKNOWN)
    report_fault(report, MARK_UNDER, _("The server may still finish this: owup diff %s"),
                 outcome->id != NULL ? outcome->id : outcome->plugin->id);
  report_repair(report, outcome);
}

void
report_outcome(Report *report, const Outcome *outcome)
{
  progress_line_end(report->progress);
  if (report->options.json)
    report_outcome_json(report, outcome);
  else if (outcome_ok(outcome))
    print_ok(report, outcome);
  else
    print_bad(report, outcome);
}

void
report_follow(Report *report, ProgressText text, gpointer data)
{
  report->many = text != NULL;
  progress_line_follow(report->progress, text, data);
}

static gboolean
is_new(const Outcome *outcome)
{
  return outcome->result == RESULT_CREATED && !outcome->dry_run && !outcome->enabled;
}

static guint
count_new(const GPtrArray *outcomes, Family family)
{
  guint n = 0;
  for (guint i = 0; i < outcomes->len; i++) {
    const Outcome *outcome = g_ptr_array_index(outcomes, i);
    n += is_new(outcome) && kind_family(outcome->plugin->kind) == family ? 1 : 0;
  }
  return n;
}

/* Once a run: what is true of all that was created. */
static void
print_next_steps(Report *report, const GPtrArray *outcomes)
{
  const Outcome *first = g_ptr_array_index(outcomes, 0);
  guint functions = count_new(outcomes, FAMILY_FUNCTION), tools = count_new(outcomes, FAMILY_TOOL);
  if (outcomes->len == 1 && is_new(first)) {
    report_next_step(report, first->plugin->kind);
    return;
  }
  if (functions > 0)
    report_note(report, NOTE_HINT,
                ngettext("The new function starts disabled: enable it at Admin Panel > "
                         "Functions; a filter is then made global there or attached to a model.",
                         "New functions start disabled: enable them at Admin Panel > "
                         "Functions; filters are then made global there or attached to a model.",
                         functions));
  if (tools > 0)
    report_note(report, NOTE_HINT,
                ngettext("The new tool starts private: share it at Workspace > Tools, "
                         "in its Access settings.",
                         "New tools start private: share them at Workspace > Tools, "
                         "in their Access settings.",
                         tools));
}

static guint
count_results(const GPtrArray *outcomes, Result result)
{
  guint n = 0;
  for (guint i = 0; i < outcomes->len; i++)
    n += ((Outcome *)g_ptr_array_index(outcomes, i))->result == result ? 1 : 0;
  return n;
}

/* What could not be read knows nothing of it. */
static gboolean
is_dry_run(const GPtrArray *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    if (((Outcome *)g_ptr_array_index(outcomes, i))->dry_run)
      return TRUE;
  return FALSE;
}

/* "2 created, 1 failed"; of a dry run "2 would be created". Owned by the caller. */
static char *
describe_results(const GPtrArray *outcomes)
{
  GString *text = g_string_new(NULL);
  gboolean dry_run = is_dry_run(outcomes);
  for (Result result = RESULT_CREATED; result <= RESULT_REVERTED; result++) {
    guint n = count_results(outcomes, result);
    gboolean forecast = dry_run && (result == RESULT_CREATED || result == RESULT_UPDATED);
    if (n > 0)
      g_string_append_printf(text, "%s%u %s%s", text->len > 0 ? ", " : "", n,
                             forecast ? "would be " : "", result_name(result));
  }
  return g_string_free(text, FALSE);
}

void
report_summary(Report *report, const GPtrArray *outcomes, int exit_status, gint64 ms)
{
  if (report->options.json) {
    report_summary_json(report, outcomes, exit_status, ms);
    return;
  }
  print_next_steps(report, outcomes);
  if (outcomes->len < 2)
    return;
  g_autofree char *results = describe_results(outcomes);
  report_line(report, MARK_NONE, _("%u plugins: %s (%.1f s)"), outcomes->len, results,
              (double)ms / 1000);
  if (count_results(outcomes, RESULT_REVERTED) > 0)
    report_line(report, MARK_UNDER, _("Users could see the new code in between."));
}
