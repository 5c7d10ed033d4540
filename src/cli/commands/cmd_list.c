/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"

#include "discover.h"
#include "error.h"
#include "json_fields.h"
#include "local_plugins.h"
#include "report_table.h"
#include "suggest.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* The id is what the other commands take; a path's folders mostly repeat it. */
static const TableColumn columns[] = {
    {.head = N_("KIND")},
    {.head = N_("ID"), .least = 28},
    {.head = N_("VERSION"), .least = 8, .words = TRUE},
    {.head = N_("TITLE"), .least = 12, .words = TRUE},
    {.head = N_("FILE"), .least = 12, .keeps_end = TRUE},
};

typedef struct {
  char *type;
} Options;

static void
print_table(Report *report, const GPtrArray *plugins)
{
  g_autoptr(ReportTable) table = report_table_new(columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < plugins->len; i++) {
    const Plugin *plugin = g_ptr_array_index(plugins, i);
    const char *const cells[G_N_ELEMENTS(columns)] = {
        kind_name(plugin->kind), plugin->id, plugin->version, plugin_label(plugin), plugin->file};
    report_table_add(table, cells, NULL);
  }
  report_table_print(table, report);
}

static void
print_none(Report *report, const char *folder, gboolean has_kind, Kind kind)
{
  if (has_kind)
    report_line(report, MARK_NONE, _("No %s found below %s."), kind_name(kind), folder);
  else
    report_line(report, MARK_NONE, _("No plugin found below %s."), folder);
  report_note(report, NOTE_HINT, "%s", suggest_what_is_a_plugin());
}

/* For scripts and completion. */
static void
print_ids(const GPtrArray *plugins)
{
  for (guint i = 0; i < plugins->len; i++) {
    g_autofree char *id = terminal_text_safe(((Plugin *)g_ptr_array_index(plugins, i))->id, FALSE);
    printf("%s\n", id);
  }
}

static void
print_json(Report *report, const GPtrArray *plugins, gint64 since)
{
  for (guint i = 0; i < plugins->len; i++)
    report_json(report, json_fields_plugin(g_ptr_array_index(plugins, i)));
  report_json(report, json_fields_summary(plugins->len, 0, 0, clock_took_ms(since)));
}

/* Plugins below `folder`, all kinds or one; of Plugin. NULL: error. */
static GPtrArray *
find_plugins(Report *report, const char *folder, gboolean has_kind, Kind kind, GError **error)
{
  g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_free);
  g_autoptr(GPtrArray) found = discover_readable(folder, NULL, unread, error);
  if (found == NULL)
    return NULL;
  local_plugins_report_unread(report, unread);
  GPtrArray *plugins = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  for (guint i = 0; i < found->len; i++) {
    const Found *hit = g_ptr_array_index(found, i);
    if (!has_kind || hit->plugin->kind == kind)
      g_ptr_array_add(plugins, plugin_ref(hit->plugin));
  }
  return plugins;
}

static int
run_list(const CommandLine *line)
{
  const Options *options = line->options;
  gint64 since = clock_stopwatch();
  gboolean has_kind = FALSE;
  Kind kind = KIND_PIPE;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autoptr(GPtrArray) plugins = NULL;
  if (command_line_check_args(line, 1, &error) &&
      command_option_kind(options->type, &has_kind, &kind, &error))
    folder = line->args[0] != NULL ? g_strdup(line->args[0]) : command_line_root(&error);
  if (folder != NULL)
    plugins = find_plugins(line->report, folder, has_kind, kind, &error);
  if (plugins == NULL)
    return report_error(line->report, error);
  if (line->global.json)
    print_json(line->report, plugins, since);
  else if (line->global.quiet)
    print_ids(plugins);
  else if (plugins->len == 0)
    print_none(line->report, folder, has_kind, kind);
  else
    print_table(line->report, plugins);
  return 0;
}

static const Option option_table[] = {
    OPTION_TEXT("type", 't', type, "Only pipe, filter, action, event or tool", "KIND"),
    {NULL},
};

const Command command_list = {
    .name = "list",
    .alias = "ls",
    .summary = N_("List the plugins found below here"),
    .usage = N_("[DIR]"),
    .details =
        N_("Looks below DIR, else below the project's root: the nearest folder upward with\n"
           "owup.yaml, else with .git, else with plugins/. Needs no server. With -q the ids\n"
           "alone, one a line."),
    .examples = "owup list\n"
                "owup list --type filter plugins\n",
    COMMAND_OPTIONS(option_table),
    .args = ARGS_FOLDERS,
    .run = run_list,
};
