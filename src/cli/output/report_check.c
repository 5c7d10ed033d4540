/* SPDX-License-Identifier: MIT */
#include "report_check.h"

#include "error.h"
#include "frontmatter_lint.h"
#include "json_fields.h"
#include "report_deploy.h"

#include <glib/gi18n.h>

static void
print_fine(Report *report, const Plugin *plugin)
{
  if (plugin->version != NULL)
    report_line(report, MARK_DONE, _("'%s' is fine (%s, version %s)"), plugin_label(plugin),
                kind_name(plugin->kind), plugin->version);
  else
    report_line(report, MARK_DONE, _("'%s' is fine (%s, no version)"), plugin_label(plugin),
                kind_name(plugin->kind));
}

static void
print_verdict(Report *report, const Plugin *plugin, const Verdict *verdict)
{
  if (verdict->diagnostics->len == 0) {
    print_fine(report, plugin);
  } else {
    report_fault(report, MARK_FAILED, _("'%s' is invalid:"), plugin_label(plugin));
    report_diagnostics(report, verdict->diagnostics);
  }
  report_header(report, plugin);
  for (guint i = 0; i < verdict->warnings->len; i++)
    report_note(report, NOTE_WARNING, "'%s': %s", plugin_label(plugin),
                (const char *)g_ptr_array_index(verdict->warnings, i));
}

static json_t *
warnings_json(const Plugin *plugin, const GPtrArray *warnings)
{
  json_t *array = json_array();
  for (guint i = 0; i < plugin->unread->len; i++) {
    g_autofree char *text = frontmatter_lint_text(g_ptr_array_index(plugin->unread, i));
    json_add_item(array, text);
  }
  for (guint i = 0; i < warnings->len; i++)
    json_add_item(array, g_ptr_array_index(warnings, i));
  return array;
}

static void
print_json(Report *report, const Plugin *plugin, const Verdict *verdict)
{
  json_t *object = json_fields_plugin(plugin);
  json_add_text(object, "result", verdict->diagnostics->len == 0 ? "fine" : "invalid");
  json_add_text(object, "error", NULL);
  json_object_set_new(object, "diagnostics", json_fields_diagnostics(verdict->diagnostics));
  json_object_set_new(object, "warnings", warnings_json(plugin, verdict->warnings));
  report_json(report, object);
}

void
report_check_verdict(Report *report, const Plugin *plugin, const Verdict *verdict)
{
  if (report_is_json(report))
    print_json(report, plugin, verdict);
  else
    print_verdict(report, plugin, verdict);
}

int
report_check_unread(Report *report, const Plugin *plugin, const char *word, const GError *error)
{
  if (!report_is_json(report))
    return report_error(report, error);
  json_t *object = plugin != NULL ? json_fields_plugin(plugin) : json_fields_new("plugin");
  if (plugin == NULL)
    json_add_text(object, "file", word);
  json_add_text(object, "result", plugin != NULL ? "invalid" : "failed");
  json_object_set_new(object, "error", json_fields_error(error));
  json_object_set_new(object, "diagnostics", json_array());
  json_object_set_new(object, "warnings", json_array());
  report_json(report, object);
  return owup_error_exit((OwupErrorCode)error->code);
}
