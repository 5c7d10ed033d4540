/* SPDX-License-Identifier: MIT */
#include "plugin_view.h"

Outline *
plugin_view_outline(const StoredPlugin *plugin)
{
  gsize len;
  const char *text = g_bytes_get_data(plugin->content, &len);
  return outline_read(text, len, TRUE);
}

/* A piece of UTF-8, that came in as JSON. */
static json_t *
content_json(const StoredPlugin *plugin)
{
  gsize len;
  const char *text = g_bytes_get_data(plugin->content, &len);
  return json_stringn_nocheck(text != NULL ? text : "", len);
}

json_t *
plugin_view_show(const Visit *visit, const StoredPlugin *plugin, Show show)
{
  json_t *json =
      json_pack("{s:s, s:s, s:s, s:O, s:I, s:I}", "id", plugin->id, "user_id", plugin->user_id,
                "name", plugin->name, "meta", plugin->meta, "updated_at",
                (json_int_t)plugin->updated_at, "created_at", (json_int_t)plugin->created_at);
  if (visit_since(visit, SANDBOX_0_12))
    json_object_set_new(json, "version_id", json_string(plugin->version_id));
  if (show >= SHOW_CONTENT)
    json_object_set_new(json, "content", content_json(plugin));
  if (plugin->family == FAMILY_TOOL) {
    json_object_set(json, "access_grants", plugin->grants);
    if (show >= SHOW_CONTENT)
      json_object_set(json, "specs", plugin->specs);
    return json;
  }
  json_object_set_new(json, "type", json_string(plugin->type));
  json_object_set_new(json, "is_active", json_boolean(plugin->is_active));
  json_object_set_new(json, "is_global", json_boolean(plugin->is_global));
  if (show >= SHOW_VALVES)
    json_object_set_new(json, "valves",
                        plugin->valves != NULL             ? json_incref(plugin->valves)
                        : visit_since(visit, SANDBOX_0_11) ? json_object()
                                                           : json_null());
  return json;
}

json_t *
plugin_view_show_maker(const Visit *visit, const StoredPlugin *plugin)
{
  g_autoptr(Person) person = sandbox_db_person_by_id(visit->state, plugin->user_id);
  if (person == NULL)
    return json_null();
  return json_pack("{s:s, s:s, s:s, s:s}", "id", person->id, "name", person->name, "role",
                   person->admin ? "admin" : "user", "email", person->email);
}

/* Is it shared with the visitor, or everybody, for this permission? */
static gboolean
is_shared(const Visit *visit, const StoredPlugin *plugin, const char *permission)
{
  size_t i;
  json_t *grant;
  json_array_foreach(plugin->grants, i, grant)
  {
    const char *type = NULL, *who = NULL, *what = NULL;
    if (json_unpack(grant, "{s:s, s:s, s:s}", "principal_type", &type, "principal_id", &who,
                    "permission", &what) == 0 &&
        g_str_equal(type, "user") && g_str_equal(what, permission) &&
        (g_str_equal(who, "*") || g_str_equal(who, visit->person->id)))
      return TRUE;
  }
  return FALSE;
}

gboolean
plugin_view_may(const Visit *visit, const StoredPlugin *plugin, const char *permission)
{
  return visit->person->admin || g_str_equal(plugin->user_id, visit->person->id) ||
         is_shared(visit, plugin, permission);
}

StoredPlugin *
plugin_view_find(const Visit *visit, const char *permission, int missing, const char *forbidden,
                 Response **answer)
{
  g_autoptr(StoredPlugin) plugin = sandbox_db_read(visit->state, visit->family, visit->id);
  if (plugin == NULL)
    *answer = response_detail(missing, DETAIL_NOT_FOUND);
  /* Only administrators get this far with functions, but for the valves of their own. */
  else if (plugin->family == FAMILY_TOOL && !plugin_view_may(visit, plugin, permission))
    *answer = response_detail(401, forbidden);
  else
    return g_steal_pointer(&plugin);
  return NULL;
}
