/* SPDX-License-Identifier: MIT */
/* Functions and tools, read and listed. */
#include "class_valves.h"
#include "plugin_view.h"
#include "request.h"
#include "request_schema.h"

#include <string.h>

/* A tool in one of its two lists. Up to 0.9 they carry the content; from 0.11 on it is null. */
static json_t *
listed_tool(const Visit *visit, const StoredPlugin *tool)
{
  json_t *json = plugin_view_show(visit, tool, SHOW_CONTENT);
  if (visit_since(visit, SANDBOX_0_11))
    json_object_set_new(json, "content", json_null());
  json_object_set_new(json, "user", plugin_view_show_maker(visit, tool));
  return json;
}

static gboolean
has_user_valves(const StoredPlugin *tool)
{
  g_autoptr(Outline) outline = plugin_view_outline(tool);
  const OutlineItem *inner;
  return class_valves_find(outline_find_class(outline, kind_class(KIND_TOOL)), "UserValves",
                           &inner);
}

/* Does the name hold the text of ?query=, whatever the case? */
static gboolean
is_asked_for(const Visit *visit, const StoredPlugin *tool)
{
  const char *asked = g_hash_table_lookup(visit->request->query, "query");
  if (asked == NULL || !visit_since(visit, SANDBOX_0_11))
    return TRUE;
  g_autofree char *wanted = g_utf8_casefold(asked, -1);
  g_autofree char *name = g_utf8_casefold(tool->name, -1);
  return strstr(name, wanted) != NULL;
}

static Response *
list_tools(Visit *visit)
{
  json_t *list = json_array();
  g_autoptr(GPtrArray) tools = sandbox_db_list(visit->state, FAMILY_TOOL, TRUE);
  for (guint i = 0; i < tools->len && !visit->options->plugins_off; i++) {
    const StoredPlugin *tool = tools->pdata[i];
    if (!plugin_view_may(visit, tool, "read") || !is_asked_for(visit, tool))
      continue;
    json_t *json = listed_tool(visit, tool);
    json_object_set_new(json, "has_user_valves", json_boolean(has_user_valves(tool)));
    json_array_append_new(list, json);
  }
  return response_json(200, list);
}

Response *
api_list(Visit *visit)
{
  if (visit->family == FAMILY_TOOL)
    return list_tools(visit);
  json_t *list = json_array();
  g_autoptr(GPtrArray) functions = sandbox_db_list(visit->state, FAMILY_FUNCTION, FALSE);
  for (guint i = 0; i < functions->len && !visit->options->plugins_off; i++)
    json_array_append_new(list, plugin_view_show(visit, functions->pdata[i], SHOW_BARE));
  return response_json(200, list);
}

Response *
api_list_people(Visit *visit)
{
  json_t *list = json_array();
  g_autoptr(GPtrArray) plugins = sandbox_db_list(visit->state, visit->family, TRUE);
  for (guint i = 0; i < plugins->len && !visit->options->plugins_off; i++) {
    const StoredPlugin *plugin = plugins->pdata[i];
    json_t *json;
    if (visit->family == FAMILY_TOOL) {
      if (!plugin_view_may(visit, plugin, "read"))
        continue;
      json = listed_tool(visit, plugin);
      json_object_set_new(json, "write_access",
                          json_boolean(plugin_view_may(visit, plugin, "write")));
    } else {
      json = plugin_view_show(visit, plugin, SHOW_BARE);
      json_object_set_new(json, "user", plugin_view_show_maker(visit, plugin));
    }
    json_array_append_new(list, json);
  }
  return response_json(200, list);
}

/* With plugins off the functions are kept back, the tools are not (0.11.4, 0.12.4). */
Response *
api_export(Visit *visit)
{
  gboolean tools = visit->family == FAMILY_TOOL, valves = FALSE;
  Response *answer = NULL;
  if (tools && !visit->person->admin)
    return response_detail(401, DETAIL_UNAUTHORIZED);
  if (!tools && !request_schema_query_bool(visit, "include_valves", &valves, &answer))
    return answer;
  json_t *list = json_array();
  g_autoptr(GPtrArray) plugins = sandbox_db_list(visit->state, visit->family, tools);
  for (guint i = 0; i < plugins->len && (tools || !visit->options->plugins_off); i++)
    json_array_append_new(
        list, plugin_view_show(visit, plugins->pdata[i], valves ? SHOW_VALVES : SHOW_CONTENT));
  return response_json(200, list);
}

Response *
api_read(Visit *visit)
{
  gboolean is_tool = visit->family == FAMILY_TOOL;
  g_autoptr(StoredPlugin) plugin = sandbox_db_read(visit->state, visit->family, visit->id);
  if (plugin == NULL)
    return response_detail(is_tool ? 404 : 401, DETAIL_NOT_FOUND);
  if (is_tool && !plugin_view_may(visit, plugin, "read"))
    return response_detail(401, DETAIL_NO_PERMISSION);
  json_t *json = plugin_view_show(visit, plugin, SHOW_CONTENT);
  if (is_tool) {
    gboolean writes = plugin_view_may(visit, plugin, "write");
    json_object_set_new(json, "user", json_null());
    json_object_set_new(json, "write_access", json_boolean(writes));
    if (!writes && visit_since(visit, SANDBOX_0_11))
      json_object_del(json, "content");
  }
  return response_json(200, json);
}
