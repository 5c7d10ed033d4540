/* SPDX-License-Identifier: MIT */
#include "remote_plugin.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What stands behind a NUL must not get lost: "x\0y" is another id than "x". Owned by the caller.
 */
static char *
copy_string(const json_t *value)
{
  const char *text = json_string_value(value);
  const char *end = text + json_string_length(value);
  GString *copy = g_string_new(text);
  for (text += copy->len; text < end; text += strlen(text))
    g_string_append_printf(copy, "\uFFFD%s", ++text);
  return g_string_free(copy, FALSE);
}

/* Each take_...() takes a member; TRUE also where it is absent or null, FALSE where it is no
 * string. */
static gboolean
take_string(json_t *object, const char *key, char **out)
{
  json_t *value = json_object_get(object, key);
  if (json_is_string(value))
    *out = copy_string(value);
  return value == NULL || json_is_null(value) || json_is_string(value);
}

static gboolean
take_content(json_t *object, GBytes **out)
{
  json_t *value = json_object_get(object, "content");
  if (json_is_string(value))
    *out = g_bytes_new(json_string_value(value), json_string_length(value));
  return value == NULL || json_is_null(value) || json_is_string(value);
}

static gboolean
take_fields(RemotePlugin *remote, json_t *object)
{
  if (!take_string(object, "id", &remote->id) || !take_string(object, "type", &remote->type) ||
      !take_string(object, "name", &remote->name) ||
      !take_string(object, "version_id", &remote->version_id) ||
      !take_content(object, &remote->content))
    return FALSE;
  json_t *meta = json_object_get(object, "meta");
  if (meta != NULL && !json_is_null(meta) && !json_is_object(meta))
    return FALSE;
  remote->meta = json_is_object(meta) ? json_incref(meta) : NULL;
  remote->read_only = json_is_false(json_object_get(object, "write_access"));
  remote->is_active = json_is_true(json_object_get(object, "is_active"));
  remote->is_global = json_is_true(json_object_get(object, "is_global"));
  remote->updated_at = json_integer_value(json_object_get(object, "updated_at"));
  return remote->id != NULL && *remote->id != '\0';
}

RemotePlugin *
remote_plugin_from_json(Family family, json_t *object, GError **error)
{
  g_autoptr(RemotePlugin) remote = g_new0(RemotePlugin, 1);
  remote->family = family;
  if (!json_is_object(object) || !take_fields(remote, object))
    return owup_error_null(error, OWUP_ERROR_UNKNOWN,
                           _("The answer is JSON, but not that of a plugin"));
  if (remote->name == NULL)
    remote->name = g_strdup(remote->id);
  return g_steal_pointer(&remote);
}

RemotePlugin *
remote_plugin_copy(const RemotePlugin *remote)
{
  RemotePlugin *copy = g_memdup2(remote, sizeof *remote);
  copy->id = g_strdup(remote->id);
  copy->type = g_strdup(remote->type);
  copy->name = g_strdup(remote->name);
  copy->content = remote->content != NULL ? g_bytes_ref(remote->content) : NULL;
  copy->meta = json_incref(remote->meta);
  copy->version_id = g_strdup(remote->version_id);
  return copy;
}

void
remote_plugin_free(RemotePlugin *remote)
{
  if (remote == NULL)
    return;
  g_free(remote->id);
  g_free(remote->type);
  g_free(remote->name);
  g_clear_pointer(&remote->content, g_bytes_unref);
  json_decref(remote->meta);
  g_free(remote->version_id);
  g_free(remote);
}

const char *
remote_plugin_manifest(const RemotePlugin *remote, const char *key)
{
  json_t *manifest = json_object_get(remote->meta, "manifest");
  const char *value = json_string_value(json_object_get(manifest, key));
  return value != NULL && *value != '\0' ? value : NULL;
}

const char *
remote_plugin_description(const RemotePlugin *remote)
{
  const char *description = json_string_value(json_object_get(remote->meta, "description"));
  return description != NULL ? description : "";
}
