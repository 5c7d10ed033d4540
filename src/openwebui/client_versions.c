/* SPDX-License-Identifier: MIT */
#include "client_admin.h"

#include "client_private.h"
#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

/* 0.12.4 gives 20 entries a page; a server that repeats a page must not keep us for ever. */
#define PAGE_LIMIT 500

void
client_version_free(ClientVersion *version)
{
  if (version == NULL)
    return;
  g_free(version->version_id);
  g_free(version->parent_id);
  g_free(version->user);
  g_free(version->message);
  g_free(version);
}

static char *
copy_string(const json_t *object, const char *key)
{
  return g_strdup(json_string_value(json_object_get(object, key)));
}

static ClientVersion *
version_from_json(const json_t *object)
{
  if (!json_is_string(json_object_get(object, "id")))
    return NULL;
  ClientVersion *version = g_new0(ClientVersion, 1);
  version->version_id = copy_string(object, "id");
  version->parent_id = copy_string(object, "parent_id");
  version->message = copy_string(object, "commit_message");
  version->user = copy_string(json_object_get(object, "user"), "name");
  version->created_at = json_integer_value(json_object_get(object, "created_at"));
  return version;
}

/* Adds a page's new entries; how many there were. -1: error. */
static int
read_page(Client *client, const char *path, guint page, GHashTable *by_id, GPtrArray *all,
          GError **error)
{
  g_autofree char *paged = g_strdup_printf("%s?page=%u", path, page);
  ClientCall call = {"GET", CALL_LIST, FAMILY_FUNCTION, paged};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  if (json == NULL)
    return -1;
  int added = 0;
  for (gsize i = 0; i < json_array_size(json); i++) {
    ClientVersion *version = version_from_json(json_array_get(json, i));
    if (version == NULL || g_hash_table_contains(by_id, version->version_id)) {
      client_version_free(version);
      continue;
    }
    g_hash_table_insert(by_id, version->version_id, version);
    g_ptr_array_add(all, version);
    added++;
  }
  return added;
}

/* Entries of one second come in random order; the true one is the chain of parents from the live
 * version. */
static GPtrArray *
in_chain_order(GPtrArray *all, GHashTable *by_id, const char *live)
{
  GPtrArray *ordered = g_ptr_array_new_with_free_func((GDestroyNotify)client_version_free);
  ClientVersion *next = live != NULL ? g_hash_table_lookup(by_id, live) : NULL;
  while (next != NULL) {
    g_hash_table_remove(by_id, next->version_id);
    g_ptr_array_add(ordered, next);
    next = next->parent_id != NULL ? g_hash_table_lookup(by_id, next->parent_id) : NULL;
  }
  for (guint i = 0; i < all->len; i++) {
    ClientVersion *version = g_ptr_array_index(all, i);
    if (g_hash_table_remove(by_id, version->version_id))
      g_ptr_array_add(ordered, version);
  }
  return ordered;
}

GPtrArray *
client_history(Client *client, Family family, const char *id, const char *live_version_id,
               GError **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
  if (live_version_id == NULL)
    return g_ptr_array_new_with_free_func((GDestroyNotify)client_version_free);
  g_autofree char *path = client_plugin_path(family, id, "/history");
  int added = 1;
  for (guint page = 1; added > 0 && page <= PAGE_LIMIT; page++)
    added = read_page(client, path, page, by_id, all, error);
  if (added >= 0)
    return in_chain_order(all, by_id, live_version_id);
  g_ptr_array_set_free_func(all, (GDestroyNotify)client_version_free);
  return NULL;
}

RemotePlugin *
client_history_read(Client *client, Family family, const char *id, const char *version_id,
                    GError **error)
{
  g_autofree char *escaped = g_uri_escape_string(version_id, NULL, FALSE);
  g_autofree char *action = g_strconcat("/history/", escaped, NULL);
  g_autofree char *path = client_plugin_path(family, id, action);
  ClientCall call = {"GET", CALL_READ, family, path};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  json_t *snapshot = json_object_get(json, "snapshot");
  if (json == NULL)
    return NULL;
  if (!json_is_object(snapshot)) {
    owup_error_set(error, OWUP_ERROR_UNKNOWN, _("The answer is JSON, but no version of a plugin"));
    return NULL;
  }
  if (json_object_get(snapshot, "id") == NULL)
    json_object_set_new(snapshot, "id", json_string(id));
  return remote_plugin_from_json(family, snapshot, error);
}
