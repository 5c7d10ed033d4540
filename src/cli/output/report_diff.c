/* SPDX-License-Identifier: MIT */
#include "report_diff.h"

#include "diff.h"
#include "error.h"
#include "json_fields.h"
#include "report_private.h"
#include "report_status.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <string.h>

void
report_diff_page_begin(Report *report, Pager *pager)
{
  progress_line_end(report->progress);
  if (pager != NULL)
    report->out.file = pager_stream(pager);
}

void
report_diff_page_end(Report *report)
{
  report->out.file = stdout;
}

/* As diff and patch know it: a name that is no absolute path, a tab, what is no name. */
static char *
label(const Comparison *row, char side, gboolean there, const char *what)
{
  const char *name = row->local->file;
  if (!there)
    return g_strdup("/dev/null");
  return g_strdup_printf("%c/%s\t%s", side, name + strspn(name, "/"), what);
}

static char *
make_diff(const Comparison *row)
{
  g_autoptr(GBytes) none = g_bytes_new_static("", 0);
  GBytes *there = row->remote != NULL ? row->remote->content : none;
  g_autofree char *a = label(row, 'a', row->remote != NULL, _("(on the server)"));
  g_autofree char *b = label(row, 'b', TRUE, _("(here)"));
  return diff_unified(a, there, b, row->local->stored);
}

static const char *
line_colour(const char *line, gboolean in_hunks)
{
  return !in_hunks        ? "\033[1m"
         : line[0] == '+' ? "\033[32m"
         : line[0] == '-' ? "\033[31m"
         : line[0] == '@' ? "\033[36m"
                          : "";
}

/* To a terminal. */
static void
print_safely(Report *report, const char *diff)
{
  g_auto(GStrv) lines = g_strsplit(diff, "\n", -1);
  gboolean in_hunks = FALSE;
  for (char **line = lines; line[0] != NULL && line[1] != NULL; line++) {
    gsize len = strlen(*line);
    if (len > 0 && (*line)[len - 1] == '\r')
      (*line)[len - 1] = '\0';
    in_hunks = in_hunks || (*line)[0] == '@';
    const char *colour = report->out.colour ? line_colour(*line, in_hunks) : "";
    g_autofree char *safe = terminal_text_safe(*line, TRUE);
    fprintf(report->out.file, "%s%s%s\n", colour, safe, *colour != '\0' ? "\033[0m" : "");
  }
}

static void
print_change(Report *report, const char *what, const char *there, const char *here)
{
  if (g_strcmp0(there, here) != 0)
    report_fault(report, MARK_NONE, "%s '%s' -> '%s'", what, there != NULL ? there : "",
                 here != NULL ? here : "");
}

static void
print_changes(Report *report, const Comparison *row)
{
  const Plugin *local = row->local;
  const RemotePlugin *remote = row->remote;
  if (local->version != NULL)
    print_change(report, _("version"), remote_plugin_manifest(remote, "version"), local->version);
  if ((row->parts & PART_NAME) != 0)
    print_change(report, _("name"), remote->name, local->title);
  if ((row->parts & PART_DESCRIPTION) != 0)
    print_change(report, _("description"), remote_plugin_description(remote), local->description);
}

void
report_diff_head(Report *report, const Comparison *row)
{
  const Plugin *local = row->local;
  const RemotePlugin *remote = row->remote;
  gboolean bold = report->out.colour;
  g_autofree char *state = report_comparison_state(row);
  g_autofree char *head = g_strdup_printf(_("diff %s (%s '%s', %s)"), row->id, comparison_kind(row),
                                          comparison_label(row), state);
  g_autofree char *safe = report_text_safe(report, head, FALSE);
  if (report->options.json)
    return;
  g_autofree char *line = g_strconcat(bold ? "\033[1m" : "", safe, bold ? "\033[0m" : "", NULL);
  report_text_line(report, &report->out, line);
  if (local != NULL && remote != NULL)
    print_changes(report, row);
  fflush(report->out.file);
}

static void
print_json(Report *report, const Comparison *row, const char *diff)
{
  json_t *object = report_comparison_json("diff", row);
  json_add_text(object, "diff", diff);
  report_json(report, object);
}

void
report_diff(Report *report, const Comparison *row)
{
  progress_line_end(report->progress);
  g_autofree char *diff = row->local != NULL ? make_diff(row) : g_strdup("");
  if (report->options.json) {
    print_json(report, row, diff);
    return;
  }
  if (row->state == STATE_SAME)
    return;
  report_diff_head(report, row);
  if (row->local == NULL)
    report_fault(report, MARK_UNDER, _("Nothing here to compare it with. Take it: owup pull %s"),
                 row->id);
  else if (report->out.terminal)
    print_safely(report, diff);
  else
    report_text_code(report, diff, strlen(diff));
  fflush(report->out.file);
}

void
report_diff_stat(Report *report, const Comparison *row)
{
  g_autoptr(GBytes) none = g_bytes_new_static("", 0);
  guint added, removed;
  progress_line_end(report->progress);
  if (row->state == STATE_SAME)
    return;
  diff_count(row->remote != NULL ? row->remote->content : none,
             row->local != NULL ? row->local->stored : none, &added, &removed);
  g_autofree char *state = report_comparison_state(row);
  report_fault(report, MARK_NONE, "%s | +%u -%u  %s", row->id, added, removed, state);
}

int
report_diff_failure(Report *report, const char *word, const GError *error)
{
  if (!report->options.json || word == NULL)
    return report_error(report, error);
  json_t *object = json_fields_new("diff");
  json_add_text(object, "id", word);
  json_object_set_new(object, "error", json_fields_error(error));
  report_json(report, object);
  return owup_error_exit((OwupErrorCode)error->code);
}

void
report_diff_same(Report *report, const Comparison *row)
{
  g_autofree char *text =
      g_strdup_printf(_("'%s' is the same here and on the server."), comparison_label(row));
  if (!report->options.quiet)
    report_line_after(report, &report->err, "", MARK_DONE, text);
}
