/* SPDX-License-Identifier: MIT */
#include "adoption.h"

#include "plugin_id.h"
#include "remote_plugin.h"

#include <string.h>

typedef struct {
  guint count;
  const char *id; /* of the last one in the list */
} Hits;

struct AdoptionIndex {
  GHashTable *by_mark;  /* kind and openwebui_id -> Hits */
  GHashTable *by_title; /* kind and title -> Hits */
};

/* Only plugins of one kind can be the same; what a tool is says its family. */
static char *
key_of(Family family, const char *kind, const char *text)
{
  return g_strconcat(family == FAMILY_TOOL || kind == NULL ? "" : kind, "\n", text, NULL);
}

static void
add(GHashTable *table, const RemotePlugin *remote, const char *text)
{
  g_autofree char *key = key_of(remote->family, remote->type, text);
  Hits *hits = g_hash_table_lookup(table, key);
  if (hits == NULL) {
    hits = g_new0(Hits, 1);
    g_hash_table_insert(table, g_steal_pointer(&key), hits);
  }
  hits->count++;
  hits->id = remote->id;
}

AdoptionIndex *
adoption_index_new(const GPtrArray *list)
{
  AdoptionIndex *index = g_new0(AdoptionIndex, 1);
  index->by_mark = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  index->by_title = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < list->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(list, i);
    const char *mark = remote_plugin_manifest(remote, "openwebui_id");
    add(index->by_title, remote, remote->name);
    if (mark != NULL)
      add(index->by_mark, remote, mark);
  }
  return index;
}

void
adoption_index_free(AdoptionIndex *index)
{
  if (index == NULL)
    return;
  g_hash_table_unref(index->by_mark);
  g_hash_table_unref(index->by_title);
  g_free(index);
}

static Hits
find(GHashTable *table, const Plugin *plugin, const char *text)
{
  if (text == NULL)
    return (Hits){0};
  g_autofree char *key = key_of(kind_family(plugin->kind), kind_name(plugin->kind), text);
  const Hits *hits = g_hash_table_lookup(table, key);
  return hits != NULL ? *hits : (Hits){0};
}

/* Two files must not go to one place, and whose it is nobody can tell. */
static gboolean
wanted_by_another(const Plugin *plugin, const GPtrArray *siblings, const char *id)
{
  const char *openwebui_id = frontmatter_get_text(plugin->frontmatter, "openwebui_id");
  for (guint i = 0; siblings != NULL && i < siblings->len; i++) {
    const Plugin *other = g_ptr_array_index(siblings, i);
    if (other == NULL || other == plugin || kind_family(other->kind) != kind_family(plugin->kind))
      continue;
    if (strcmp(other->id, id) == 0)
      return TRUE;
    const char *theirs = frontmatter_get_text(other->frontmatter, "openwebui_id");
    if (other->kind == plugin->kind && g_strcmp0(theirs, openwebui_id) == 0)
      return TRUE;
  }
  return FALSE;
}

Adoption
adoption_judge(const Plugin *plugin, const GPtrArray *siblings, const AdoptionIndex *index)
{
  if (plugin->id_origin == ID_FROM_OPTION)
    return (Adoption){0};
  const char *mark = frontmatter_get_text(plugin->frontmatter, "openwebui_id");
  Hits marked = find(index->by_mark, plugin, mark);
  gboolean fixed = plugin->id_origin == ID_FROM_FRONTMATTER;
  /* An id that no server accepts, of a server that sends one, is named but never used. */
  if (marked.count == 1 && !fixed && plugin_id_valid(marked.id) &&
      !wanted_by_another(plugin, siblings, marked.id))
    return (Adoption){.id = marked.id};
  if (marked.count > 0)
    return (Adoption){.taken_by = marked.id};
  return (Adoption){.taken_by = find(index->by_title, plugin, plugin->title).id};
}
