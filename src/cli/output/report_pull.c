/* SPDX-License-Identifier: MIT */
#include "report_pull.h"

#include "error.h"
#include "json_fields.h"
#include "report_private.h"
#include "suggest.h"

#include <glib/gi18n.h>

static void
print_json(Report *report, const Pulled *pulled)
{
  json_t *object = json_fields_new("pull");
  json_add_text(object, "id", pulled->id);
  json_add_text(object, "kind", pulled->kind);
  json_add_text(object, "title", pulled->title);
  json_add_text(object, "version", pulled->version_before);
  json_add_text(object, "server_version", pulled->version);
  json_add_text(object, "server", pulled->server);
  json_add_text(object, "file", pulled->file);
  json_add_text(object, "server_file", pulled->beside);
  json_add_text(object, "base_file", pulled->base);
  json_add_text(object, "local_file", pulled->kept);
  json_add_text(object, "valves_file", pulled->valves_file);
  json_add_text(object, "sha256", pulled->sha256);
  json_add_text(object, "result", pull_result_name(pulled->result));
  json_object_set_new(object, "error", json_fields_error(pulled->error));
  json_add_bool(object, "dry_run", pulled->dry_run);
  report_json(report, object);
}

static void
print_written(Report *report, const Pulled *pulled)
{
  const char *from = pulled->version_before, *to = pulled->version;
  ReportMark mark = pulled->dry_run ? MARK_NONE : MARK_DONE;
  const char *what = pulled->dry_run ? _("Would pull") : _("Pulled");
  if (from != NULL && to != NULL && !g_str_equal(from, to))
    report_line(report, mark, _("%s '%s' into %s (%s -> %s)"), what, pulled->title, pulled->file,
                from, to);
  else if (to != NULL)
    report_line(report, mark, _("%s '%s' into %s (%s)"), what, pulled->title, pulled->file, to);
  else
    report_line(report, mark, _("%s '%s' into %s"), what, pulled->title, pulled->file);
  if (pulled->kept != NULL)
    report_line(report, MARK_UNDER,
                pulled->dry_run ? _("What the file holds would be kept: %s")
                                : _("What the file held is kept: %s"),
                pulled->kept);
}

static void
print_conflict(Report *report, const Pulled *pulled)
{
  g_autofree char *file = suggest_shell_word(pulled->file);
  g_autofree char *beside = suggest_shell_word(pulled->beside);
  g_autofree char *base = suggest_shell_word(pulled->base != NULL ? pulled->base : "/dev/null");
  g_autofree char *id = suggest_shell_word(pulled->id);
  report_fault(report, MARK_FAILED,
               _("'%s' differs here from what was last deployed; %s stays as it is."),
               pulled->title, pulled->file);
  if (pulled->dry_run)
    report_fault(report, MARK_UNDER, _("The server's text would be written beside it: %s"),
                 pulled->beside);
  else
    report_fault(report, MARK_UNDER, _("The server's text is beside it: %s"), pulled->beside);
  report_fault(report, MARK_UNDER,
               _("Merge: git merge-file %s %s %s   Then: owup deploy --force %s"), file, base,
               beside, id);
  report_fault(report, MARK_UNDER,
               _("Or take theirs: owup pull --force %s   (yours is then kept as %s.orig)"), id,
               pulled->file);
  if (!pulled->dry_run)
    report_fault(report, MARK_UNDER, _("What was merged can go: rm %s%s%s"), beside,
                 pulled->base != NULL ? " " : "", pulled->base != NULL ? base : "");
}

static void
print_result(Report *report, const Pulled *pulled)
{
  if (pulled->result == PULL_UNCHANGED)
    report_line(report, MARK_DONE, _("'%s' is the same here (%s)."), pulled->title, pulled->file);
  else if (pulled->result == PULL_CONFLICT)
    print_conflict(report, pulled);
  else if (pulled->result != PULL_FAILED)
    print_written(report, pulled);
  if (pulled->own_id != NULL)
    report_note(report, NOTE_WARNING,
                _("It calls itself '%s', but on the server it is '%s': owup deploy %s --id %s"),
                pulled->own_id, pulled->id, pulled->file, pulled->id);
  if (pulled->unseen)
    report_note(report, NOTE_WARNING, _("--all and names leave out test_*.py: owup deploy %s"),
                pulled->file);
  if (pulled->valves_file != NULL)
    report_line(report, MARK_UNDER,
                pulled->dry_run ? _("Valves would go into %s, secrets masked.")
                                : _("Valves, secrets masked: %s"),
                pulled->valves_file);
}

int
report_pulled(Report *report, const Pulled *pulled)
{
  int status = pulled->result == PULL_CONFLICT ? 1 : 0;
  progress_line_end(report->progress);
  if (pulled->error != NULL)
    status = owup_error_exit((OwupErrorCode)pulled->error->code);
  if (report->options.json) {
    print_json(report, pulled);
    return status;
  }
  print_result(report, pulled);
  if (pulled->error != NULL)
    report_error(report, pulled->error);
  return status;
}

void
report_pulled_count(Report *report, const GPtrArray *all)
{
  g_autoptr(GString) counts = g_string_new(NULL);
  if (all->len < 2)
    return;
  for (PullResult result = PULL_UNCHANGED; result <= PULL_FAILED; result++) {
    guint n = 0;
    for (guint i = 0; i < all->len; i++)
      n += ((Pulled *)g_ptr_array_index(all, i))->result == result ? 1 : 0;
    if (n > 0)
      g_string_append_printf(counts, "%s%u %s", counts->len > 0 ? ", " : "", n,
                             pull_result_name(result));
  }
  report_line(report, MARK_NONE, _("%u plugins: %s"), all->len, counts->str);
}
