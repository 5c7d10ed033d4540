/* SPDX-License-Identifier: MIT */
#include "report_watch.h"

#include "clock.h"
#include "json_fields.h"
#include "report_deploy.h"
#include "report_deploy_json.h"
#include "report_private.h"

#include <glib/gi18n.h>

static char *
time_of_day(void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(clock_wall_seconds());
  return now != NULL ? g_date_time_format(now, "%H:%M:%S ") : g_strdup("");
}

static void timed_line(Report *report, Stream *stream, ReportMark mark, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void
timed_line(Report *report, Stream *stream, ReportMark mark, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *now = time_of_day();
  report_line_after(report, stream, now, mark, text);
}

void
report_watch_started(Report *report, guint plugins, const char *server)
{
  if (report->options.json) {
    json_t *object = json_fields_new("watching");
    json_add_int(object, "plugins", plugins);
    json_add_text(object, "server", server);
    report_json(report, object);
    return;
  }
  report_note(report, NOTE_INFO,
              ngettext("Watching %u plugin for %s. Ctrl-C ends it.",
                       "Watching %u plugins for %s. Ctrl-C ends it.", plugins),
              plugins, server);
}

void
report_watch_event(Report *report, const Event *event)
{
  if (event->type != EVENT_STARTED && event->type != EVENT_UPDATE_FAILED)
    report_event(report, event);
}

static const char *
label_of(const Outcome *outcome)
{
  if (outcome->title != NULL)
    return outcome->title;
  return outcome->plugin != NULL ? plugin_label(outcome->plugin) : outcome->word;
}

/* " 1.3.1", or "" where the file has none. */
static char *
version_of(const Outcome *outcome)
{
  const char *version = outcome->plugin != NULL ? outcome->plugin->version : NULL;
  return version != NULL ? g_strconcat(" ", version, NULL) : g_strdup("");
}

static void
print_ok(Report *report, const Outcome *outcome, gboolean first_create)
{
  g_autofree char *version = version_of(outcome);
  if (report->options.quiet)
    return;
  timed_line(report, &report->out, MARK_DONE, "%s '%s'%s (%d ms)", result_name(outcome->result),
             label_of(outcome), version, (int)outcome->ms);
  if (first_create && outcome->enabled)
    report_line(report, MARK_UNDER, _("Switched on."));
  else if (first_create)
    report_next_step(report, outcome->kind);
}

/* The error in a few words: the server's own, else ours. */
static void
print_error(Report *report, const GError *error)
{
  const char *detail = owup_error_detail(error);
  if (detail != NULL && report_is_servers_word(error))
    report_fault(report, MARK_UNDER, _("Status %d: %s"), owup_error_status(error), detail);
  else
    report_indented(report, error->message);
}

/* What is asked for is another key, and the settings are read only once. */
static gboolean
wants_another_key(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_KEY_BAD) || owup_error_is(error, OWUP_ERROR_NOT_ADMIN);
}

static void
print_bad(Report *report, const Outcome *outcome)
{
  g_autofree char *version = version_of(outcome);
  timed_line(report, &report->out, MARK_FAILED, "%s '%s'%s (%d ms)", result_name(outcome->result),
             label_of(outcome), version, (int)outcome->ms);
  if (outcome->error != NULL &&
      (outcome->result != RESULT_INVALID || outcome->diagnostics->len == 0))
    print_error(report, outcome->error);
  report_diagnostics(report, outcome->diagnostics);
  report_indented(report, owup_error_hint(outcome->error));
  if (wants_another_key(outcome->error))
    report_fault(report, MARK_UNDER,
                 _("Then start owup watch again: it keeps the key that it began with."));
  if (outcome->result == RESULT_CONFLICT)
    report_fault(report, MARK_UNDER,
                 _("It is left alone until that is settled; the others go on."));
  report_repair(report, outcome);
}

void
report_watch_saved(Report *report, const Outcome *outcome, WatchSaid said)
{
  progress_line_end(report->progress);
  if (report->options.json)
    report_outcome_json(report, outcome);
  else if (outcome_ok(outcome))
    print_ok(report, outcome, (said & WATCH_FIRST_CREATE) != 0);
  else if ((said & WATCH_REPEATED) == 0)
    print_bad(report, outcome);
}

void
report_watch_waiting(Report *report, const char *label, const GError *error)
{
  progress_line_end(report->progress);
  if (report->options.json) {
    json_t *object = json_fields_new("waiting");
    json_add_text(object, "title", label);
    json_object_set_new(object, "error", json_fields_error(error));
    report_json(report, object);
    return;
  }
  g_auto(GStrv) lines = g_strsplit(error->message, "\n", 2);
  timed_line(report, &report->out, MARK_WARNING, "%s", lines[0]);
  report_fault(report, MARK_UNDER,
               _("'%s' waits, and what is saved from now on; it is sent when the server "
                 "answers again."),
               label);
}

static void
print_notice_json(Report *report, const WatchNotice *notice)
{
  static const char *const names[] = {
      [WATCH_APPEARED] = "appeared", [WATCH_MOVED] = "moved",       [WATCH_DELETED] = "deleted",
      [WATCH_GIT] = "git",           [WATCH_LEFT_OUT] = "left_out",
  };
  json_t *object = json_fields_new("notice");
  json_add_text(object, "notice", names[notice->type]);
  json_add_text(object, "id", notice->plugin->id);
  json_add_text(object, "file", notice->plugin->file);
  json_add_text(object, "other", notice->other);
  report_json(report, object);
}

/* To delete it is advised only where that takes nothing from another file. */
static void
print_deleted(Report *report, const WatchNotice *notice)
{
  const char *file = notice->plugin->file;
  if (notice->other != NULL)
    timed_line(report, &report->err, MARK_WARNING, _("%s is gone; %s has the same plugin"), file,
               notice->other);
  else if (notice->live != NULL)
    timed_line(report, &report->err, MARK_WARNING,
               _("%s is gone; the server keeps '%s' (owup delete %s)"), file,
               plugin_label(notice->plugin), notice->live);
  else
    timed_line(report, &report->err, MARK_WARNING,
               _("%s is gone; on the server nothing is deleted"), file);
}

void
report_watch_noticed(Report *report, const WatchNotice *notice)
{
  const char *file = notice->plugin->file;
  if (report->options.json)
    print_notice_json(report, notice);
  else if (notice->type == WATCH_DELETED)
    print_deleted(report, notice);
  else if (report->options.quiet)
    return;
  else if (notice->type == WATCH_GIT)
    timed_line(report, &report->err, MARK_NONE,
               _("%s waits, and what git changed with it, until git has ended (%s)"), file,
               notice->other);
  else if (notice->type == WATCH_LEFT_OUT)
    timed_line(report, &report->err, MARK_NONE, _("%s is left out from now on (.owupignore)"),
               file);
  else if (notice->type == WATCH_MOVED)
    timed_line(report, &report->err, MARK_NONE, _("%s is now %s"), notice->other, file);
  else
    timed_line(report, &report->err, MARK_NONE, _("%s is new, and watched from now on"), file);
}

void
report_watch_trouble(Report *report, const GError *error)
{
  timed_line(report, &report->err, MARK_WARNING, "%s", error->message);
}

static void
print_summary_json(Report *report, const WatchCounts *counts, int exit_status, gint64 ms)
{
  json_t *object = json_fields_summary(counts->saves, counts->failed, exit_status, ms);
  json_add_int(object, "updated", counts->updated);
  json_add_int(object, "unchanged", counts->unchanged);
  json_add_int(object, "unsent", counts->unsent);
  report_json(report, object);
}

void
report_watch_summary(Report *report, const WatchCounts *counts, int exit_status, gint64 ms)
{
  progress_line_end(report->progress);
  if (report->options.json) {
    print_summary_json(report, counts, exit_status, ms);
    return;
  }
  g_autofree char *unchanged = counts->unchanged > 0
                                   ? g_strdup_printf(_(", %u unchanged"), counts->unchanged)
                                   : g_strdup("");
  g_autofree char *unsent =
      counts->unsent > 0 ? g_strdup_printf(_(", %u not sent"), counts->unsent) : g_strdup("");
  g_autofree char *saves =
      g_strdup_printf(ngettext("%u save", "%u saves", counts->saves), counts->saves);
  report_line(report, MARK_NONE, _("%s: %u updated%s, %u failed%s"), saves, counts->updated,
              unchanged, counts->failed, unsent);
}
