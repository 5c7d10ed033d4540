/* SPDX-License-Identifier: MIT */
/* The settings of functions and tools: an administrator's valves and everybody's own. */
#include "class_valves.h"
#include "clock.h"
#include "plugin_view.h"
#include "request.h"

#include <string.h>

/* The class `name` inside the plugin's class. FALSE: there is none. `*outline` owns `*valves`. */
static gboolean
find_valves(const StoredPlugin *plugin, const char *name, Outline **outline,
            const OutlineItem **valves)
{
  Kind kind = KIND_TOOL;
  *valves = NULL;
  if (plugin->type != NULL && !kind_parse(plugin->type, &kind))
    return FALSE;
  *outline = plugin_view_outline(plugin);
  return class_valves_find(outline_find_class(*outline, kind_class(kind)), name, valves);
}

/* The plugin: who may write it sees its valves; his own anybody may set who may use it. */
static StoredPlugin *
find_plugin(const Visit *visit, const char *permission, Response **answer)
{
  int missing = visit->family == FAMILY_TOOL ? 404 : 401;
  return plugin_view_find(visit, permission, missing, DETAIL_NO_PERMISSION, answer);
}

static Response *
refuse_valves(const Visit *visit, const char *why, const char *whose)
{
  if (!visit_since(visit, SANDBOX_0_11))
    return response_detailf(400, "[ERROR: %s]", why);
  return response_detailf(400, "[ERROR: Error updating %s %s]",
                          visit->family == FAMILY_TOOL ? "tool" : "function", whose);
}

/* What was sent, as the plugin's class `name` takes it (owned by the caller), or NULL with the
 * answer. */
static json_t *
take_sent(const Visit *visit, const StoredPlugin *plugin, const char *name, const char *whose,
          Response **answer)
{
  g_autoptr(Outline) outline = NULL;
  const OutlineItem *valves;
  g_autofree char *refusal = NULL;
  json_t *taken = NULL;
  if (visit->options->plugins_off)
    *answer = response_broken();
  else if (!find_valves(plugin, name, &outline, &valves))
    *answer = response_detail(401, DETAIL_NOT_FOUND);
  else if ((taken = class_valves_take(valves, visit->body, &refusal)) == NULL)
    *answer = refuse_valves(visit, refusal, whose);
  return taken;
}

Response *
api_valves(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, "write", &answer);
  if (plugin == NULL)
    return answer;
  return response_json(200, plugin->valves != NULL ? json_incref(plugin->valves) : json_object());
}

/* The schema of one of the classes; null where the plugin has none. With plugins off nothing can be
 * loaded to ask it. */
static Response *
answer_spec(const Visit *visit, const StoredPlugin *plugin, const char *name)
{
  if (visit->options->plugins_off)
    return response_broken();
  g_autoptr(Outline) outline = NULL;
  const OutlineItem *valves;
  if (!find_valves(plugin, name, &outline, &valves))
    return response_json(200, json_null());
  return response_json(200, class_valves_schema(valves, name));
}

Response *
api_valves_spec(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, "write", &answer);
  return plugin == NULL ? answer : answer_spec(visit, plugin, "Valves");
}

Response *
api_valves_update(Visit *visit)
{
  g_autoptr(StoredPlugin) plugin = sandbox_db_read(visit->state, visit->family, visit->id);
  if (plugin == NULL)
    return response_detail(401, DETAIL_NOT_FOUND);
  if (plugin->family == FAMILY_TOOL && !plugin_view_may(visit, plugin, "write"))
    return response_detail(400, DETAIL_NO_PERMISSION);
  Response *answer = NULL;
  json_t *taken = take_sent(visit, plugin, "Valves", "valves", &answer);
  if (taken == NULL)
    return answer;
  json_decref(plugin->valves);
  plugin->valves = taken;
  plugin->updated_at = clock_wall_seconds();
  sandbox_db_write(visit->state, plugin);
  return response_json(200, json_incref(taken));
}

Response *
api_user_valves(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, "read", &answer);
  if (plugin == NULL)
    return answer;
  json_t *valves =
      sandbox_db_read_user_valves(visit->state, visit->family, visit->id, visit->person->id);
  return response_json(200, valves != NULL ? valves : json_object());
}

/* From 0.11 on a function's own valves exist only while it is switched on. */
static gboolean
is_asleep(const Visit *visit, const StoredPlugin *plugin)
{
  return plugin->family == FAMILY_FUNCTION && !plugin->is_active &&
         visit_since(visit, SANDBOX_0_11);
}

Response *
api_user_valves_spec(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, "read", &answer);
  if (plugin == NULL)
    return answer;
  if (is_asleep(visit, plugin))
    return response_json(200, json_null());
  return answer_spec(visit, plugin, "UserValves");
}

Response *
api_user_valves_update(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, "read", &answer);
  if (plugin == NULL)
    return answer;
  if (is_asleep(visit, plugin))
    return response_detail(400, "Function is not active");
  json_t *taken = take_sent(visit, plugin, "UserValves", "user valves", &answer);
  if (taken == NULL)
    return answer;
  sandbox_db_write_user_valves(visit->state, visit->family, visit->id, visit->person->id, taken);
  return response_json(200, taken);
}
