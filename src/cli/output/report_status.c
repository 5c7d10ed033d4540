/* SPDX-License-Identifier: MIT */
#include "report_status.h"

#include "json_fields.h"
#include "report_private.h"
#include "report_table.h"

#include <glib/gi18n.h>
#include <string.h>

/* The id stays recognisable. */
static const TableColumn columns[] = {
    {.head = N_("KIND")},
    {.head = N_("ID"), .least = 16},
    {.head = N_("HERE"), .least = 8, .words = TRUE},
    {.head = N_("SERVER"), .least = 8, .words = TRUE},
    {.head = N_("ENABLED")},
    {.head = N_("GLOBAL")},
    {.head = N_("STATE")},
};

static const char *
version_here(const Comparison *row)
{
  return row->local != NULL ? row->local->version : NULL;
}

static const char *
version_there(const Comparison *row)
{
  return row->remote != NULL ? remote_plugin_manifest(row->remote, "version") : NULL;
}

static const char *
flag_word(const Comparison *row, gboolean flag)
{
  if (row->remote == NULL || row->family == FAMILY_TOOL)
    return "-";
  return flag ? _("yes") : _("no");
}

char *
report_comparison_state(const Comparison *row)
{
  const char *state = _(compare_state_name(row->state));
  if (row->parts == 0 || (row->parts & PART_CONTENT) != 0)
    return g_strdup(state);
  const char *part = row->parts == PART_NAME          ? _("name")
                     : row->parts == PART_DESCRIPTION ? _("description")
                                                      : _("name, description");
  return g_strdup_printf("%s (%s)", state, part);
}

static const char *
state_colour(CompareState state)
{
  return state == STATE_SAME                                       ? "\033[32m"
         : state == STATE_CHANGED_HERE || state == STATE_ONLY_HERE ? "\033[33m"
         : state == STATE_ONLY_THERE                               ? "\033[2m"
                                                                   : "\033[31m";
}

static void
add_row(ReportTable *table, const Comparison *row)
{
  g_autofree char *state = report_comparison_state(row);
  gboolean active = row->remote != NULL && row->remote->is_active;
  gboolean global = row->remote != NULL && row->remote->is_global;
  const char *enabled = flag_word(row, active), *everywhere = flag_word(row, global);
  const char *const cells[G_N_ELEMENTS(columns)] = {
      comparison_kind(row), row->id, version_here(row), version_there(row), enabled,
      everywhere,           state};
  report_table_add(table, cells, state_colour(row->state));
}

static void
print_table(Report *report, const GPtrArray *rows)
{
  g_autoptr(ReportTable) table = report_table_new(columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < rows->len; i++)
    add_row(table, g_ptr_array_index(rows, i));
  report_table_print(table, report);
}

/* With --quiet: what differs, one line each. */
static void
print_quietly(Report *report, const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len && report->options.quiet; i++) {
    const Comparison *row = g_ptr_array_index(rows, i);
    g_autofree char *state = report_comparison_state(row);
    if (row->state != STATE_SAME)
      report_fault(report, MARK_NONE, "%s/%s: %s", comparison_kind(row), row->id, state);
  }
}

static void
note_row(Report *report, const Status *status, const Comparison *row)
{
  if (row->local != NULL && strcmp(row->local->id, row->id) != 0)
    report_note(report, NOTE_DETAIL, _("%s is '%s' on the server (found by openwebui_id)."),
                row->local->file, row->id);
  if (row->unbumped && row->local != NULL)
    report_note(report, NOTE_WARNING,
                _("'%s': the content changed, but the version is still %s (owup bump "
                  "patch %s)."),
                comparison_label(row), row->local->version, row->id);
  if (row->local != NULL && g_ptr_array_find(status->twins, row->local, NULL))
    report_note(report, NOTE_WARNING,
                _("%s has an id that another file has too: '%s'. Deploy sends neither."),
                row->local->file, row->local->id);
}

static guint
count_state(const GPtrArray *rows, CompareState state)
{
  guint n = 0;
  for (guint i = 0; i < rows->len; i++)
    n += ((const Comparison *)g_ptr_array_index(rows, i))->state == state ? 1 : 0;
  return n;
}

char *
report_comparison_counts(const GPtrArray *rows)
{
  GString *text = g_string_new(NULL);
  g_string_printf(text, ngettext("%u plugin:", "%u plugins:", rows->len), rows->len);
  const char *between = " ";
  for (CompareState state = 0; state < N_STATES; state++) {
    guint n = count_state(rows, state);
    if (n == 0)
      continue;
    g_string_append_printf(text, "%s%u %s", between, n, _(compare_state_name(state)));
    between = ", ";
  }
  return g_string_free(text, FALSE);
}

guint
report_comparison_differs(const GPtrArray *rows)
{
  return rows->len - count_state(rows, STATE_SAME);
}

int
report_comparison_failure(int status)
{
  return status == 1 ? 2 : status;
}

static json_t *
parts_json(guint parts)
{
  json_t *array = json_array();
  if ((parts & PART_CONTENT) != 0)
    json_add_item(array, "content");
  if ((parts & PART_NAME) != 0)
    json_add_item(array, "name");
  if ((parts & PART_DESCRIPTION) != 0)
    json_add_item(array, "description");
  return array;
}

json_t *
report_comparison_json(const char *type, const Comparison *row)
{
  const Plugin *local = row->local;
  const RemotePlugin *remote = row->remote;
  gboolean flags = remote != NULL && row->family == FAMILY_FUNCTION;
  json_t *object = json_fields_new(type);
  json_add_text(object, "id", row->id);
  json_add_text(object, "kind", comparison_kind(row));
  json_add_text(object, "title", local != NULL ? plugin_label(local) : comparison_label(row));
  json_add_text(object, "file", local != NULL ? local->file : NULL);
  json_add_text(object, "server", row->server);
  json_add_text(object, "server_name", remote != NULL ? remote->name : NULL);
  json_add_text(object, "version", version_here(row));
  json_add_text(object, "server_version", version_there(row));
  json_add_bool_if(object, "enabled", flags, flags && remote->is_active);
  json_add_bool_if(object, "global", flags, flags && remote->is_global);
  json_add_text(object, "state", compare_state_name(row->state));
  json_object_set_new(object, "changed", parts_json(row->parts));
  json_add_bool(object, "unbumped", row->unbumped);
  json_add_text(object, "sha256", row->sha256_here);
  json_add_text(object, "server_sha256", row->sha256_there);
  json_add_text(object, "error", NULL);
  return object;
}

/* What a person at a terminal can do about it. */
static void
tell_next(Report *report, const GPtrArray *rows)
{
  if (!report->out.terminal)
    return;
  if (count_state(rows, STATE_CHANGED_HERE) + count_state(rows, STATE_ONLY_HERE) > 0)
    report_note(report, NOTE_HINT, _("Send what is new here: owup deploy NAME"));
  if (count_state(rows, STATE_CHANGED_THERE) + count_state(rows, STATE_BOTH_CHANGED) +
          count_state(rows, STATE_DIFFERS) >
      0)
    report_note(report, NOTE_HINT,
                _("See what differs: owup diff NAME   Take theirs: owup pull NAME"));
}

void
report_status(Report *report, const Status *status, const GPtrArray *rows)
{
  progress_line_end(report->progress);
  if (report->options.json) {
    for (guint i = 0; i < rows->len; i++)
      report_json(report, report_comparison_json("status", g_ptr_array_index(rows, i)));
    return;
  }
  if (rows->len > 0)
    print_table(report, rows);
  print_quietly(report, rows);
  for (guint i = 0; i < rows->len; i++)
    note_row(report, status, g_ptr_array_index(rows, i));
  if (rows->len == 0) {
    report_line(report, MARK_NONE, _("No plugin here, and none on the server."));
  } else if (rows->len > 1) {
    g_autofree char *counts = report_comparison_counts(rows);
    report_line(report, MARK_NONE, "%s", counts);
  }
  tell_next(report, rows);
}

void
report_status_summary(Report *report, const GPtrArray *rows, int exit_status, gint64 ms)
{
  json_t *summary = json_fields_summary(rows->len, 0, exit_status, ms);
  json_add_int(summary, "different", report_comparison_differs(rows));
  report_json(report, summary);
}
