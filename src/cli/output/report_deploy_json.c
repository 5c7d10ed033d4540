/* SPDX-License-Identifier: MIT */
#include "report_deploy_json.h"

#include "json_fields.h"
#include "report_private.h"
#include "terminal_text.h"

static json_t *
words_json(const GPtrArray *words)
{
  json_t *array = json_array();
  for (guint i = 0; i < words->len; i++)
    json_add_item(array, g_ptr_array_index(words, i));
  return array;
}

static json_t *
status_json(int status)
{
  return status != 0 ? json_integer(status) : json_null();
}

void
report_keep_note(Report *report, const char *text)
{
  g_autofree char *safe = terminal_text_safe(text, FALSE);
  json_add_item(report->notes, g_strstrip(safe));
}

void
report_outcome_json(Report *report, const Outcome *outcome)
{
  const Plugin *plugin = outcome->plugin;
  json_t *object = json_fields_new("plugin");
  json_add_text(object, "id", outcome->id != NULL || plugin == NULL ? outcome->id : plugin->id);
  json_add_text(object, "kind", plugin != NULL ? kind_name(outcome->kind) : NULL);
  json_add_text(object, "title",
                outcome->title != NULL || plugin == NULL ? outcome->title : plugin_label(plugin));
  json_add_text(object, "version", plugin != NULL ? plugin->version : NULL);
  json_add_text(object, "server_version", outcome->server_version);
  json_add_text(object, "file", plugin != NULL ? plugin->file : outcome->word);
  json_add_text(object, "server", outcome->server);
  json_add_text(object, "sha256", outcome->sha256);
  json_add_text(object, "result", result_name(outcome->result));
  json_object_set_new(object, "http_status", status_json(outcome->http_status));
  json_object_set_new(object, "error", json_fields_error(outcome->error));
  json_object_set_new(object, "diagnostics", json_fields_diagnostics(outcome->diagnostics));
  json_object_set_new(object, "repaired", words_json(outcome->repaired));
  json_add_text(object, "broken", outcome->broken);
  json_object_set(object, "notes", report->notes);
  json_add_bool(object, "dry_run", outcome->dry_run);
  if (outcome->diff != NULL)
    json_add_text(object, "diff", outcome->diff);
  json_add_int(object, "ms", outcome->ms);
  report_json(report, object);
  json_array_clear(report->notes);
}

void
report_summary_json(Report *report, const GPtrArray *outcomes, int exit_status, gint64 ms)
{
  guint failed = 0;
  for (guint i = 0; i < outcomes->len; i++)
    failed += outcome_ok(g_ptr_array_index(outcomes, i)) ? 0 : 1;
  report_json(report, json_fields_summary(outcomes->len, failed, exit_status, ms));
}
