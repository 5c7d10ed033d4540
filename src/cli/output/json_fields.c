#include "json_fields.h"

json_t *
json_fields_text_or_null(const char *text)
{
  if (text == NULL)
    return json_null();
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  return json_string(valid);
}

json_t *
json_fields_plugin(const Plugin *plugin)
{
  json_t *object = json_object();
  json_object_set_new(object, "type", json_string("plugin"));
  json_object_set_new(object, "id", json_fields_text_or_null(plugin->id));
  json_object_set_new(object, "kind",
                      json_fields_text_or_null(plugin->has_kind ? kind_name(plugin->kind) : NULL));
  json_object_set_new(object, "title", json_fields_text_or_null(plugin_label(plugin)));
  json_object_set_new(object, "version", json_fields_text_or_null(plugin->version));
  json_object_set_new(object, "file", json_fields_text_or_null(plugin->file));
  return object;
}

json_t *
json_fields_summary(guint total, guint failed, int exit_status, gint64 ms)
{
  json_t *object = json_object();
  json_object_set_new(object, "type", json_string("summary"));
  json_object_set_new(object, "total", json_integer(total));
  json_object_set_new(object, "ok", json_integer(total - failed));
  json_object_set_new(object, "failed", json_integer(failed));
  json_object_set_new(object, "exit", json_integer(exit_status));
  json_object_set_new(object, "ms", json_integer(ms));
  return object;
}
