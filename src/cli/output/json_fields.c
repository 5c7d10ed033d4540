/* SPDX-License-Identifier: MIT */
#include "json_fields.h"

#include "error.h"

json_t *
json_fields_new(const char *type)
{
  json_t *object = json_object();
  json_add_text(object, "type", type);
  json_add_int(object, "schema", JSON_SCHEMA);
  return object;
}

json_t *
json_fields_plugin(const Plugin *plugin)
{
  json_t *object = json_fields_new("plugin");
  json_add_text(object, "id", plugin->id);
  json_add_text(object, "kind", plugin->has_kind ? kind_name(plugin->kind) : NULL);
  json_add_text(object, "title", plugin_label(plugin));
  json_add_text(object, "version", plugin->version);
  json_add_text(object, "file", plugin->file);
  return object;
}

json_t *
json_fields_summary(guint total, guint failed, int exit_status, gint64 ms)
{
  json_t *object = json_fields_new("summary");
  json_add_int(object, "total", total);
  json_add_int(object, "ok", total - failed);
  json_add_int(object, "failed", failed);
  json_add_int(object, "exit", exit_status);
  json_add_int(object, "ms", ms);
  return object;
}

json_t *
json_fields_diagnostics(const GPtrArray *diagnostics)
{
  json_t *array = json_array();
  for (guint i = 0; i < diagnostics->len; i++) {
    const Diagnostic *diagnostic = g_ptr_array_index(diagnostics, i);
    json_t *object = json_object();
    json_add_text(object, "file", diagnostic->file);
    json_add_int(object, "line", diagnostic->line);
    json_add_int(object, "col", diagnostic->col);
    json_add_text(object, "message", diagnostic->message);
    json_array_append_new(array, object);
  }
  return array;
}

json_t *
json_fields_error(const GError *error)
{
  if (error == NULL)
    return json_null();
  gboolean ours = error->domain == OWUP_ERROR;
  json_t *object = json_object();
  json_add_text(object, "code", ours ? owup_error_name((OwupErrorCode)error->code) : "local_state");
  json_add_text(object, "message", error->message);
  json_add_text(object, "detail", owup_error_detail(error));
  json_add_text(object, "hint", owup_error_hint(error));
  return object;
}

json_t *
json_fields_bump(const Plugin *plugin, const char *from, const char *to)
{
  json_t *object = json_fields_plugin(plugin);
  json_add_text(object, "type", "bump");
  json_add_text(object, "from", from);
  json_add_text(object, "to", to);
  json_add_text(object, "version", to);
  return object;
}

json_t *
json_fields_sandbox(const char *url, const char *key, const char *user_key)
{
  json_t *object = json_fields_new("sandbox");
  json_add_text(object, "url", url);
  json_add_text(object, "api_key", key);
  json_add_text(object, "user_api_key", user_key);
  return object;
}

json_t *
json_fields_version(const char *version, const char *const *built_with)
{
  json_t *object = json_fields_new("version"), *libraries = json_object();
  for (const char *const *at = built_with; *at != NULL; at += 2)
    json_add_text(libraries, at[0], at[1]);
  json_add_text(object, "version", version);
  json_object_set_new(object, "built_with", libraries);
  return object;
}
