/* SPDX-License-Identifier: MIT */
#include "payload.h"

#include "error.h"
#include "import_rewrite.h"
#include "json_escape.h"
#include "redact.h"

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

/* A copy of the server's meta without what it makes anew itself. */
static json_t *
keep_meta(const json_t *meta)
{
  json_t *kept = json_is_object(meta) ? json_copy((json_t *)meta) : json_object();
  json_object_del(kept, "manifest");
  json_object_del(kept, "toggle");
  json_object_del(kept, "has_user_valves");
  return kept;
}

static json_t *
make_meta(const Plugin *plugin, const RemotePlugin *before, const char *title,
          const char *description)
{
  json_t *meta = keep_meta(before != NULL ? before->meta : NULL);
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

static char *
choose(const char *given, const char *file, const char *server)
{
  if (given != NULL)
    return g_strdup(given);
  return g_strdup(file != NULL ? file : server);
}

Payload *
payload_new(const Plugin *plugin, const char *id, const RemotePlugin *before, const char *name,
            const char *description)
{
  Payload *payload = g_new0(Payload, 1);
  payload->family = kind_family(plugin->kind);
  payload->id = g_strdup(id);
  payload->content = g_bytes_ref(plugin->content);
  payload->stored = g_bytes_ref(plugin->stored);
  payload->name = choose(name, plugin->title, before != NULL ? before->name : id);
  payload->description = choose(description, plugin->description,
                                before != NULL ? remote_plugin_description(before) : NULL);
  if (payload->description == NULL)
    payload->description = default_description(plugin->kind, payload->name);
  payload->meta = make_meta(plugin, before, payload->name, payload->description);
  return payload;
}

Payload *
payload_from_parts(Family family, const char *id, const json_t *words, GBytes *content)
{
  const char *name = json_string_value(json_object_get(words, "name"));
  Payload *payload = g_new0(Payload, 1);
  payload->family = family;
  payload->id = g_strdup(id);
  payload->content = g_bytes_ref(content);
  payload->stored = import_rewrite(content);
  payload->name = g_strdup(name != NULL ? name : id);
  payload->meta = keep_meta(json_object_get(words, "meta"));
  const char *description = json_string_value(json_object_get(payload->meta, "description"));
  payload->description = g_strdup(description != NULL ? description : "");
  return payload;
}

Payload *
payload_from_remote(const RemotePlugin *remote)
{
  json_auto_t *words = json_pack("{s:s, s:O*}", "name", remote->name, "meta", remote->meta);
  return payload_from_parts(remote->family, remote->id, words, remote->content);
}

void
payload_set_stamp(Payload *payload, const Stamp *stamp)
{
  if (stamp != NULL)
    json_object_set_new(payload->meta, STAMP_KEY, stamp_to_json(stamp));
  else
    json_object_del(payload->meta, STAMP_KEY);
}

void
payload_set_message(Payload *payload, const char *message)
{
  g_free(payload->message);
  payload->message = message != NULL ? redactor_text(NULL, message) : NULL;
}

void
payload_free(Payload *payload)
{
  if (payload == NULL)
    return;
  g_free(payload->id);
  g_free(payload->name);
  g_free(payload->description);
  g_bytes_unref(payload->stored);
  g_bytes_unref(payload->content);
  json_decref(payload->meta);
  g_free(payload->message);
  g_free(payload->body);
  g_free(payload);
}

static int
append_chunk(const char *chunk, size_t size, void *data)
{
  g_string_append_len(data, chunk, (gssize)size);
  return 0;
}

/* The content as a JSON string, in stretches: json_dump() goes character by character, which took a
 * tenth of a whole deploy. */
static void
append_json_string(GString *body, const char *text, gsize len)
{
  const char *end = text + len;
  char escape[JSON_ESCAPE_MAX];
  g_string_append_c(body, '"');
  while (text < end) {
    gsize plain = json_escape_plain_length(text, (gsize)(end - text));
    g_string_append_len(body, text, (gssize)plain);
    text += plain;
    if (text < end)
      g_string_append_len(body, escape, (gssize)json_escape(*text++, escape));
  }
  g_string_append_c(body, '"');
}

/* Everything but the content, which makes up nearly all of it. */
static json_t *
small_members(const Payload *payload)
{
  json_t *root =
      json_pack("{s:s, s:s, s:O}", "id", payload->id, "name", payload->name, "meta", payload->meta);
  if (root != NULL && payload->message != NULL)
    json_object_set_new(root, "commit_message", json_string(payload->message));
  return root;
}

const char *
payload_body(Payload *payload, gsize *len, GError **error)
{
  if (payload->body == NULL) {
    gsize size;
    const char *text = g_bytes_get_data(payload->content, &size);
    json_auto_t *root = small_members(payload);
    if (root == NULL ||
        (size > 0 && !g_utf8_validate_len(text, size, NULL) && memchr(text, 0, size) == NULL)) {
      owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN, _("The text is not UTF-8"));
      return NULL;
    }
    GString *body = g_string_sized_new(size + size / 8 + 4096);
    json_dump_callback(root, append_chunk, body, JSON_COMPACT);
    g_string_truncate(body, body->len - 1);
    g_string_append(body, ",\"content\":");
    append_json_string(body, text, size);
    g_string_append_c(body, '}');
    payload->body_len = body->len;
    payload->body = g_string_free(body, FALSE);
  }
  *len = payload->body_len;
  return payload->body;
}

gboolean
payload_is_stored(const Payload *payload, const RemotePlugin *remote)
{
  return remote->content != NULL && g_bytes_equal(remote->content, payload->stored) &&
         strcmp(remote->name, payload->name) == 0 &&
         strcmp(remote_plugin_description(remote), payload->description) == 0;
}
