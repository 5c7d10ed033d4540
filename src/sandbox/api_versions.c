/* SPDX-License-Identifier: MIT */
/* The versions of a function or tool: listed, compared, brought back. */
#include "diff.h"
#include "plugin_view.h"
#include "request.h"
#include "request_schema.h"
#include "version_chain.h"

#include <string.h>

#define PAGE 20

json_t *
version_chain_snapshot(const StoredPlugin *plugin)
{
  json_t *meta = json_copy(plugin->meta);
  static const char *const computed[] = {"manifest", "has_user_valves", "toggle"};
  for (gsize i = 0; i < G_N_ELEMENTS(computed); i++) {
    if (plugin->family == FAMILY_FUNCTION || !g_str_equal(computed[i], "toggle"))
      json_object_del(meta, computed[i]);
  }
  if (json_object_size(json_object_get(meta, "i18n")) == 0)
    json_object_del(meta, "i18n");
  gsize len;
  const char *content = g_bytes_get_data(plugin->content, &len);
  return json_pack("{s:s, s:s%, s:o}", "name", plugin->name, "content",
                   content != NULL ? content : "", (size_t)len, "meta", meta);
}

void
version_chain_extend(const Visit *visit, json_t *before, StoredPlugin *plugin)
{
  if (!visit_since(visit, SANDBOX_0_12))
    return;
  g_autoptr(SavedVersion) version = g_new0(SavedVersion, 1);
  version->snapshot = version_chain_snapshot(plugin);
  if (before != NULL && plugin->version_id != NULL && json_equal(before, version->snapshot))
    return;
  version->id = g_uuid_string_random();
  version->parent_id = plugin->version_id;
  version->user_id = g_strdup(visit->person->id);
  version->message = g_strdup(json_string_value(json_object_get(visit->body, "commit_message")));
  version->created_at = plugin->updated_at;
  sandbox_db_add_version(visit->state, plugin->family, plugin->id, version);
  plugin->version_id = g_strdup(version->id);
}

static json_t *
version_json(const Visit *visit, const SavedVersion *version)
{
  g_autoptr(Person) person = sandbox_db_person_by_id(visit->state, version->user_id);
  json_t *user = person == NULL ? json_null() : json_pack("{s:s}", "name", person->name);
  const char *owner = visit->family == FAMILY_TOOL ? "tool_id" : "function_id";
  return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:I, s:o}", "id", version->id, owner, visit->id,
                   "parent_id", version->parent_id, "user_id", version->user_id, "commit_message",
                   version->message, "created_at", (json_int_t)version->created_at, "user", user);
}

/* The plugin whose history the visitor may see. */
static StoredPlugin *
find_plugin(const Visit *visit, Response **answer)
{
  g_autoptr(StoredPlugin) plugin = sandbox_db_read(visit->state, visit->family, visit->id);
  if (plugin == NULL)
    *answer = response_detail(404, "Not found");
  else if (!plugin_view_may(visit, plugin, "write"))
    *answer = response_detail(401, DETAIL_NO_PERMISSION);
  else
    return g_steal_pointer(&plugin);
  return NULL;
}

static SavedVersion *
find_version(const Visit *visit, const char *id, Response **answer)
{
  SavedVersion *version = sandbox_db_read_version(visit->state, visit->family, visit->id, id);
  if (version == NULL)
    *answer = response_detail(404, "Version not found");
  return version;
}

Response *
api_versions(Visit *visit)
{
  Response *answer = NULL;
  gint64 page = 1;
  if (!request_schema_query_int(visit, "page", &page, &answer))
    return answer;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, &answer);
  if (plugin == NULL)
    return answer;
  json_t *list = json_array();
  g_autoptr(GPtrArray) versions =
      sandbox_db_list_versions(visit->state, visit->family, visit->id, page, PAGE);
  for (guint i = 0; i < versions->len; i++)
    json_array_append_new(list, version_json(visit, versions->pdata[i]));
  return response_json(200, list);
}

Response *
api_version_read(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, &answer);
  g_autoptr(SavedVersion) version =
      plugin == NULL ? NULL : find_version(visit, visit->version_id, &answer);
  if (version == NULL)
    return answer;
  json_t *json = version_json(visit, version);
  json_object_set(json, "snapshot", version->snapshot);
  return response_json(200, json);
}

Response *
api_version_delete(Visit *visit)
{
  Response *answer = NULL;
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, &answer);
  if (plugin == NULL)
    return answer;
  if (g_strcmp0(plugin->version_id, visit->version_id) == 0)
    return response_detail(400, "Cannot delete the current version");
  g_autoptr(SavedVersion) version = find_version(visit, visit->version_id, &answer);
  if (version == NULL)
    return answer;
  sandbox_db_delete_version(visit->state, visit->family, visit->id, version);
  return response_json(200, json_true());
}

/* Name and meta where they differ. */
static json_t *
changed_fields(json_t *before, json_t *after)
{
  static const char *const names[] = {"name", "meta"};
  json_t *changed = json_object();
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    json_t *left = json_object_get(before, names[i]), *right = json_object_get(after, names[i]);
    if (!json_equal(left, right))
      json_object_set_new(changed, names[i],
                          json_pack("{s:O, s:O}", "before", left, "after", right));
  }
  return changed;
}

static Response *
missing_ids(const char *from, const char *to)
{
  json_t *complaints = json_array();
  const char *names[] = {"from_id", "to_id"}, *values[] = {from, to};
  for (int i = 0; i < 2; i++) {
    if (values[i] == NULL)
      json_array_append_new(complaints,
                            json_pack("{s:s, s:[s, s], s:s, s:n}", "type", "missing", "loc",
                                      "query", names[i], "msg", "Field required", "input"));
  }
  return response_json(422, json_pack("{s:o}", "detail", complaints));
}

/* The content with every line ending as \n, so that those alone are no difference. */
static GBytes *
plain_lines(json_t *snapshot)
{
  json_t *content = json_object_get(snapshot, "content");
  GString *text = g_string_new_len(json_string_value(content), (gssize)json_string_length(content));
  g_string_replace(text, "\r\n", "\n", 0);
  g_string_replace(text, "\r", "\n", 0);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c(text, '\n');
  return g_string_free_to_bytes(text);
}

Response *
api_version_diff(Visit *visit)
{
  Response *answer = NULL;
  const char *from = g_hash_table_lookup(visit->request->query, "from_id");
  const char *to = g_hash_table_lookup(visit->request->query, "to_id");
  if (from == NULL || to == NULL)
    return missing_ids(from, to);
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, &answer);
  g_autoptr(SavedVersion) before = plugin == NULL ? NULL : find_version(visit, from, &answer);
  g_autoptr(SavedVersion) after = before == NULL ? NULL : find_version(visit, to, &answer);
  if (after == NULL)
    return answer;
  g_autoptr(GBytes) old = plain_lines(before->snapshot);
  g_autoptr(GBytes) new = plain_lines(after->snapshot);
  g_autofree char *diff = diff_unified("selected.py", old, "production.py", new);
  if (g_str_has_suffix(diff, "\n"))
    diff[strlen(diff) - 1] = '\0';
  gboolean endings_only =
      diff[0] == '\0' && !json_equal(json_object_get(before->snapshot, "content"),
                                     json_object_get(after->snapshot, "content"));
  return response_json(200, json_pack("{s:s, s:s, s:o, s:s, s:b}", "from_id", before->id, "to_id",
                                      after->id, "metadata",
                                      changed_fields(before->snapshot, after->snapshot),
                                      "content_diff", diff, "line_endings_only", endings_only));
}

/* Makes a saved version live again: an ordinary update with what it kept. */
Response *
api_version_restore(Visit *visit)
{
  Response *answer = NULL;
  const char *id = json_string_value(json_object_get(visit->body, "version_id"));
  g_autoptr(StoredPlugin) plugin = find_plugin(visit, &answer);
  g_autoptr(SavedVersion) version = plugin == NULL ? NULL : find_version(visit, id, &answer);
  if (version == NULL)
    return answer;
  json_decref(visit->body);
  visit->body = json_incref(version->snapshot);
  return api_update_to(visit, version->id);
}
