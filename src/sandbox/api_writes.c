/* SPDX-License-Identifier: MIT */
/* Functions and tools, changed: the order of checks and what a refusal leaves behind are a real
 * server's. */
#include "class_valves.h"
#include "clock.h"
#include "code_load.h"
#include "plugin_id.h"
#include "plugin_view.h"
#include "request.h"
#include "version_chain.h"

static const char *
noun(const Visit *visit)
{
  return visit->family == FAMILY_TOOL ? "tool" : "function";
}

static GBytes *
body_content(const Visit *visit)
{
  json_t *content = json_object_get(visit->body, "content");
  return g_bytes_new(json_string_value(content), json_string_length(content));
}

/* The answer where code does not load. Up to 0.9 with the reason; later a create hides it, and in
 * 0.10 and 0.11 an update too. */
static Response *
refuse_code(const Visit *visit, const char *reason, gboolean creating)
{
  if (!visit_since(visit, SANDBOX_0_11))
    return response_detailf(400, "[ERROR: %s]", reason);
  if (!creating && visit_since(visit, SANDBOX_0_12))
    return response_detail(400, reason);
  return response_detailf(400, "[ERROR: Error %s %s]", creating ? "creating" : "updating",
                          noun(visit));
}

/* What is kept of the `meta` that was sent: all of a function's; of a tool's, before 0.12, only
 * what the server knows. */
static json_t *
take_meta(const Visit *visit, const LoadedCode *code)
{
  json_t *sent = json_object_get(visit->body, "meta"), *meta;
  if (visit->family == FAMILY_FUNCTION || visit_since(visit, SANDBOX_0_12)) {
    meta = json_copy(sent);
  } else {
    meta = json_object();
    json_object_set(meta, "description", json_object_get(sent, "description"));
    if (visit_since(visit, SANDBOX_0_11))
      json_object_set(meta, "i18n", json_object_get(sent, "i18n"));
  }
  if (json_object_get(meta, "description") == NULL)
    json_object_set_new(meta, "description", json_null());
  json_object_set(meta, "manifest", code->manifest);
  if (visit->family == FAMILY_FUNCTION && visit_since(visit, SANDBOX_0_12))
    json_object_set_new(meta, "toggle", json_boolean(code->toggle));
  if (visit->family == FAMILY_TOOL && visit_since(visit, SANDBOX_0_11)) {
    if (json_object_get(meta, "i18n") == NULL)
      json_object_set_new(meta, "i18n", json_null());
    json_object_set_new(meta, "has_user_valves", json_boolean(code->has_user_valves));
  }
  return meta;
}

/* Grants as they are kept: with an id of their own and the tool they are for. */
static json_t *
take_grants(const Visit *visit, const char *id, json_t *sent)
{
  json_t *grants = json_array(), *grant;
  size_t i;
  json_array_foreach(sent, i, grant)
  {
    const char *type = NULL, *who = NULL, *what = NULL;
    if (json_unpack(grant, "{s:s, s:s, s:s}", "principal_type", &type, "principal_id", &who,
                    "permission", &what) != 0)
      continue;
    g_autofree char *uuid = g_uuid_string_random();
    json_array_append_new(
        grants, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "id", uuid, "resource_type",
                          "tool", "resource_id", id, "principal_type", type, "principal_id", who,
                          "permission", what, "created_at", (json_int_t)clock_wall_seconds()));
  }
  return grants;
}

/* Puts what was sent and what the code says into `plugin`. */
static void
fill_plugin(const Visit *visit, const LoadedCode *code, StoredPlugin *plugin)
{
  g_free(plugin->name);
  plugin->name = g_strdup(json_string_value(json_object_get(visit->body, "name")));
  g_clear_pointer(&plugin->content, g_bytes_unref);
  plugin->content = g_bytes_ref(code->held);
  json_decref(plugin->meta);
  plugin->meta = take_meta(visit, code);
  plugin->updated_at = clock_wall_seconds();
  if (visit->family == FAMILY_FUNCTION) {
    g_free(plugin->type);
    plugin->type = g_strdup(kind_name(code->kind));
  } else {
    json_decref(plugin->specs);
    plugin->specs = json_incref(code->specs);
  }
}

/* Before 0.12 a filter's own switch is noted only after the answer was made, and never taken back.
 */
static void
note_toggle(const Visit *visit, const LoadedCode *code, StoredPlugin *plugin)
{
  if (visit_since(visit, SANDBOX_0_12) || !code->toggle)
    return;
  json_object_set_new(plugin->meta, "toggle", json_true());
  sandbox_db_write(visit->state, plugin);
}

Response *
api_create(Visit *visit)
{
  if (!visit->person->admin)
    return response_detail(401, DETAIL_UNAUTHORIZED);
  const char *sent = json_string_value(json_object_get(visit->body, "id"));
  g_autofree char *id = g_utf8_strdown(sent, -1);
  if (!plugin_id_valid(id))
    return response_detail(400,
                           "Only alphanumeric characters and underscores are allowed in the id");
  g_autoptr(StoredPlugin) there = sandbox_db_read(visit->state, visit->family, id);
  if (there != NULL)
    return response_detail(
        400, "Uh-oh! This id is already registered. Please choose another id string.");
  g_auto(LoadedCode) code;
  g_autofree char *reason = NULL;
  g_autoptr(GBytes) content = body_content(visit);
  if (!code_load(content, visit->family, visit->options, &code, &reason))
    return refuse_code(visit, reason, TRUE);

  g_autoptr(StoredPlugin) plugin = g_new0(StoredPlugin, 1);
  plugin->family = visit->family;
  plugin->id = g_steal_pointer(&id);
  plugin->user_id = g_strdup(visit->person->id);
  plugin->created_at = clock_wall_seconds();
  if (visit->family == FAMILY_TOOL)
    plugin->grants = take_grants(visit, plugin->id, json_object_get(visit->body, "access_grants"));
  fill_plugin(visit, &code, plugin);
  version_chain_extend(visit, NULL, plugin);
  sandbox_db_write(visit->state, plugin);
  Response *answer = response_json(200, plugin_view_show(visit, plugin, SHOW_BARE));
  note_toggle(visit, &code, plugin);
  return answer;
}

/* Before 0.12 code that does not load switches the live function off. */
static void
switch_off(const Visit *visit, StoredPlugin *plugin)
{
  if (plugin == NULL || visit->family == FAMILY_TOOL || visit_since(visit, SANDBOX_0_12) ||
      visit->options->plugins_off)
    return;
  plugin->is_active = FALSE;
  plugin->updated_at = clock_wall_seconds();
  sandbox_db_write(visit->state, plugin);
}

static Response *
update_missing(const Visit *visit)
{
  if (visit_since(visit, SANDBOX_0_12))
    return response_detail(400, "Function not found");
  return response_detail(400, visit_since(visit, SANDBOX_0_11)
                                  ? "[ERROR: Error updating function]"
                                  : "[ERROR: 400: [ERROR: Error updating function]]");
}

/* A tool's sharing: left out it stays, an empty list ends it; from 0.12 on an update leaves it
 * alone. */
static void
update_grants(const Visit *visit, StoredPlugin *plugin)
{
  json_t *grants = json_object_get(visit->body, "access_grants");
  if (visit->family != FAMILY_TOOL || visit_since(visit, SANDBOX_0_12) || !json_is_array(grants))
    return;
  json_decref(plugin->grants);
  plugin->grants = take_grants(visit, plugin->id, grants);
}

Response *
api_update_to(Visit *visit, const char *restored)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = sandbox_db_read(visit->state, visit->family, visit->id);
  /* A tool is looked for before its code runs, a function after. */
  if (visit->family == FAMILY_TOOL) {
    g_autoptr(StoredPlugin) found =
        plugin_view_find(visit, "write", 401, DETAIL_UNAUTHORIZED, &answer);
    if (found == NULL)
      return answer;
  }
  g_auto(LoadedCode) code = {0};
  g_autofree char *reason = NULL;
  g_autoptr(GBytes) content = body_content(visit);
  /* Whom a tool is shared with may rename it, but only administrators bring new code. */
  if (!visit->person->admin && !g_bytes_equal(content, plugin->content))
    return response_detail(401, DETAIL_UNAUTHORIZED);
  if (!code_load(content, visit->family, visit->options, &code, &reason)) {
    switch_off(visit, plugin);
    return refuse_code(visit, reason, FALSE);
  }
  if (plugin == NULL)
    return update_missing(visit);
  g_autofree char *misfit =
      visit_since(visit, SANDBOX_0_12) ? class_valves_misfit(code.class, plugin->valves) : NULL;
  if (misfit != NULL)
    return response_detailf(400, "Current Valves are incompatible with this code: %s", misfit);
  json_auto_t *before = version_chain_snapshot(plugin);
  fill_plugin(visit, &code, plugin);
  update_grants(visit, plugin);
  if (restored != NULL) {
    g_free(plugin->version_id);
    plugin->version_id = g_strdup(restored);
  } else {
    version_chain_extend(visit, before, plugin);
  }
  sandbox_db_write(visit->state, plugin);
  answer = response_json(200, plugin_view_show(visit, plugin, SHOW_CONTENT));
  note_toggle(visit, &code, plugin);
  return answer;
}

Response *
api_update(Visit *visit)
{
  return api_update_to(visit, NULL);
}

/* A function that is not there is deleted too. */
Response *
api_delete(Visit *visit)
{
  Response *answer = NULL;
  if (visit->family == FAMILY_TOOL) {
    g_autoptr(StoredPlugin) tool =
        plugin_view_find(visit, "write", 401, DETAIL_UNAUTHORIZED, &answer);
    if (tool == NULL)
      return answer;
  }
  sandbox_db_delete(visit->state, visit->family, visit->id);
  return response_json(200, json_true());
}

static Response *
flip(Visit *visit, gboolean global)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) function =
      plugin_view_find(visit, "write", 401, DETAIL_NO_PERMISSION, &answer);
  if (function == NULL)
    return answer;
  if (global)
    function->is_global = !function->is_global;
  else
    function->is_active = !function->is_active;
  function->updated_at = clock_wall_seconds();
  sandbox_db_write(visit->state, function);
  return response_json(200, plugin_view_show(visit, function, SHOW_CONTENT));
}

Response *
api_toggle(Visit *visit)
{
  return flip(visit, FALSE);
}

Response *
api_toggle_global(Visit *visit)
{
  return flip(visit, TRUE);
}

Response *
api_share(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) tool =
      plugin_view_find(visit, "write", 404, DETAIL_UNAUTHORIZED, &answer);
  if (tool == NULL)
    return answer;
  json_decref(tool->grants);
  tool->grants = take_grants(visit, tool->id, json_object_get(visit->body, "access_grants"));
  sandbox_db_write(visit->state, tool);
  return response_json(200, plugin_view_show(visit, tool, SHOW_CONTENT));
}
