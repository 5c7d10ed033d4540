#include "payload.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

static json_t *
make_manifest(const Plugin *plugin, const char *title, const char *version)
{
  json_t *manifest = json_object();
  g_autoptr(GPtrArray) keys = frontmatter_keys(plugin->frontmatter);
  for (guint i = 0; i < keys->len; i++) {
    const char *key = g_ptr_array_index(keys, i);
    json_object_set_new(manifest, key, json_string(frontmatter_get(plugin->frontmatter, key)));
  }
  json_object_set_new(manifest, "title", json_string(title));
  json_object_set_new(manifest, "version", json_string(version));
  if (plugin->description != NULL)
    json_object_set_new(manifest, "description", json_string(plugin->description));
  json_object_set_new(manifest, "type", json_string(kind_name(plugin->kind)));
  return manifest;
}

static json_t *
make_meta(const Plugin *plugin, const RemotePlugin *before, const char *title,
          const char *description)
{
  json_t *meta = before != NULL && before->meta != NULL ? json_copy(before->meta) : json_object();
  json_object_del(meta, "toggle");
  json_object_del(meta, "has_user_valves");
  const char *version = plugin->version;
  if (version == NULL && before != NULL)
    version = remote_plugin_manifest(before, "version");
  if (version == NULL)
    version = PLUGIN_DEFAULT_VERSION;
  json_object_set_new(meta, "description", json_string(description));
  json_object_set_new(meta, "manifest", make_manifest(plugin, title, version));
  json_object_set_new(meta, "type", json_string(kind_name(plugin->kind)));
  return meta;
}

/* "Filter plugin: TITLE", the kind's word with a capital. */
static char *
default_description(Kind kind, const char *title)
{
  const char *word = kind_name(kind);
  return g_strdup_printf("%c%s plugin: %s", g_ascii_toupper(word[0]), word + 1, title);
}

Payload *
payload_new(const Plugin *plugin, const RemotePlugin *before)
{
  Payload *payload = g_new0(Payload, 1);
  payload->family = kind_family(plugin->kind);
  payload->id = g_strdup(plugin->id);
  payload->content = g_bytes_ref(plugin->content);
  payload->held = g_bytes_ref(plugin->held);
  if (plugin->title != NULL)
    payload->name = g_strdup(plugin->title);
  else
    payload->name = g_strdup(before != NULL ? before->name : plugin->id);
  if (plugin->description != NULL)
    payload->description = g_strdup(plugin->description);
  else if (before != NULL)
    payload->description = g_strdup(remote_plugin_description(before));
  else
    payload->description = default_description(plugin->kind, payload->name);
  payload->meta = make_meta(plugin, before, payload->name, payload->description);
  return payload;
}

void
payload_free(Payload *payload)
{
  if (payload == NULL)
    return;
  g_free(payload->id);
  g_free(payload->name);
  g_free(payload->description);
  g_bytes_unref(payload->held);
  g_bytes_unref(payload->content);
  json_decref(payload->meta);
  g_free(payload->body);
  g_free(payload);
}

static int
append_chunk(const char *chunk, size_t size, void *data)
{
  g_string_append_len(data, chunk, (gssize)size);
  return 0;
}

const char *
payload_body(Payload *payload, gsize *len, GError **error)
{
  if (payload->body == NULL) {
    gsize size;
    const char *text = g_bytes_get_data(payload->content, &size);
    json_auto_t *content = json_stringn(text != NULL ? text : "", size);
    json_auto_t *root = json_pack("{s:s, s:s, s:O, s:O*}", "id", payload->id, "name", payload->name,
                                  "meta", payload->meta, "content", content);
    if (content == NULL || root == NULL) {
      owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN, _("The text is not UTF-8"));
      return NULL;
    }
    GString *body = g_string_sized_new(size + size / 8 + 4096);
    json_dump_callback(root, append_chunk, body, JSON_COMPACT);
    payload->body_len = body->len;
    payload->body = g_string_free(body, FALSE);
  }
  *len = payload->body_len;
  return payload->body;
}

gboolean
payload_is_held(const Payload *payload, const RemotePlugin *remote)
{
  return remote->content != NULL && g_bytes_equal(remote->content, payload->held) &&
         strcmp(remote->name, payload->name) == 0 &&
         strcmp(remote_plugin_description(remote), payload->description) == 0;
}
