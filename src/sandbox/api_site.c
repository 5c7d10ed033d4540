/* SPDX-License-Identifier: MIT */
/* What is no plugin's: health, version, who asks, models. */
#include "class_valves.h"
#include "plugin_view.h"
#include "request.h"

Response *
api_health(Visit *visit)
{
  return response_json(200, json_pack("{s:b}", "status", TRUE));
}

/* The releases that were measured; see sandbox.h. */
Response *
api_release(Visit *visit)
{
  static const char *const releases[] = {
      [SANDBOX_0_9] = "0.9.6", [SANDBOX_0_11] = "0.11.4", [SANDBOX_0_12] = "0.12.4"};
  return response_json(200, json_pack("{s:s, s:s}", "version", releases[visit->options->generation],
                                      "deployment_id", ""));
}

Response *
api_who_am_i(Visit *visit)
{
  if (visit_since(visit, SANDBOX_0_12))
    return response_detail(403, "A human session is required.");
  const Person *person = visit->person;
  return response_json(
      200, json_pack("{s:n, s:n, s:n, s:n, s:n, s:n, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:{}}",
                     "bio", "gender", "date_of_birth", "status_emoji", "status_message",
                     "status_expires_at", "id", person->id, "name", person->name, "role",
                     person->admin ? "admin" : "user", "email", person->email, "profile_image_url",
                     "/user.png", "token", person->key, "token_type", "Bearer", "expires_at",
                     "permissions"));
}

static gboolean
has_user_valves(const StoredPlugin *pipe)
{
  g_autoptr(Outline) outline = plugin_view_outline(pipe);
  const OutlineItem *inner;
  return class_valves_find(outline_find_class(outline, "Pipe"), "UserValves", &inner);
}

Response *
api_models(Visit *visit)
{
  json_t *models = json_array();
  g_autoptr(GPtrArray) functions = sandbox_db_list(visit->state, FAMILY_FUNCTION, FALSE);
  for (guint i = 0; i < functions->len && !visit->options->plugins_off; i++) {
    const StoredPlugin *function = functions->pdata[i];
    /* Without a model entry that shares it, a pipe is the administrators' alone. */
    if (!visit->person->admin || !function->is_active || g_strcmp0(function->type, "pipe") != 0)
      continue;
    json_array_append_new(models,
                          json_pack("{s:s, s:s, s:s, s:I, s:s, s:{s:s}, s:b, s:[], s:[], s:[]}",
                                    "id", function->id, "name", function->name, "object", "model",
                                    "created", (json_int_t)function->created_at, "owned_by",
                                    "openai", "pipe", "type", "pipe", "has_user_valves",
                                    has_user_valves(function), "actions", "filters", "tags"));
  }
  return response_json(200, json_pack("{s:o}", "data", models));
}

Response *
api_format(Visit *visit)
{
  return response_detail(501, "owup's sandbox cannot run Black, which formats code here.");
}
