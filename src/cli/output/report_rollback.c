/* SPDX-License-Identifier: MIT */
#include "report_rollback.h"

#include "report_deploy.h"
#include "report_private.h"
#include "version_list.h"

#include <glib/gi18n.h>
#include <string.h>

static void
print_would(Report *report, const Outcome *outcome)
{
  g_autofree char *target = version_list_describe(outcome->plugin->version, outcome->sha256);
  if (outcome->diff != NULL)
    report_text_code(report, outcome->diff, strlen(outcome->diff));
  if (outcome->result == RESULT_CREATED)
    report_line(report, MARK_NONE, _("Would bring back %s '%s': %s"),
                kind_name(outcome->plugin->kind), outcome->title, target);
  else
    report_line(report, MARK_NONE, _("Would roll back %s '%s' to %s"),
                kind_name(outcome->plugin->kind), outcome->title, target);
}

/* What was not kept the rollback itself has told. */
static void
tell_kept(Report *report, const Outcome *outcome)
{
  if (outcome->plugin->kind == KIND_TOOL)
    report_note(report, NOTE_HINT,
                outcome->valves_kept
                    ? _("With its valves. It starts private: share it at Workspace > "
                        "Tools, in its Access settings.")
                    : _("It starts private: share it at Workspace > Tools, in its "
                        "Access settings."));
  else if (outcome->valves_kept)
    report_note(report, NOTE_DETAIL, _("With its valves, enabled and global as it was."));
  else if (outcome->flags_kept)
    report_note(report, NOTE_DETAIL, _("Enabled and global as it was."));
}

static void
print_done(Report *report, const Outcome *outcome)
{
  gboolean tool = outcome->plugin->kind == KIND_TOOL;
  g_autofree char *target = version_list_describe(outcome->plugin->version, outcome->sha256);
  if (outcome->result == RESULT_UNCHANGED) {
    report_line(report, MARK_DONE, _("'%s' is at %s already."), outcome->title, target);
  } else if (outcome->result == RESULT_CREATED) {
    report_line(report, MARK_DONE, _("'%s' is on the server again: %s."), outcome->title, target);
    tell_kept(report, outcome);
  } else {
    report_line(report, MARK_DONE, _("'%s' is back at %s."), outcome->title, target);
    report_note(report, NOTE_DETAIL,
                tool ? _("Its valves are untouched.")
                     : _("Its valves and flags are untouched. To switch it off: owup "
                         "disable %s"),
                outcome->id);
  }
}

void
report_rollback(Report *report, const Outcome *outcome)
{
  progress_line_end(report->progress);
  if (report_is_json(report) || !outcome_ok(outcome))
    report_outcome(report, outcome);
  else if (outcome->dry_run && outcome->result != RESULT_UNCHANGED)
    print_would(report, outcome);
  else
    print_done(report, outcome);
}
