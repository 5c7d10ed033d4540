/* SPDX-License-Identifier: MIT */
#include "resolve_by_name.h"

#include "discover.h"
#include "file.h"
#include "plugin_head.h"
#include "plugin_id.h"
#include "project_walk.h"

#include <string.h>

typedef enum { FIT_NONE, FIT_ALIKE, FIT_EXACT } Fit;

/* What is looked for. */
typedef struct {
  const char *name;
  char *folded;
} Wanted;

/* A plugin file that the name fits. */
typedef struct {
  Plugin *plugin;
  char *folder; /* its absolute path */
  Fit self;     /* by id, stem or title */
  Fit by_folder;
} Hit;

static void
hit_free(gpointer data)
{
  Hit *hit = data;
  plugin_unref(hit->plugin);
  g_free(hit->folder);
  g_free(hit);
}

static Fit
fits(const Wanted *wanted, const char *name)
{
  if (name == NULL || *name == '\0')
    return FIT_NONE;
  if (strcmp(wanted->name, name) == 0)
    return FIT_EXACT;
  g_autofree char *folded = plugin_name_fold(name);
  return strcmp(wanted->folded, folded) == 0 ? FIT_ALIKE : FIT_NONE;
}

/* How well the name fits what the docstring says. */
static Fit
fits_text(const Wanted *wanted, const char *path, const char *text, gsize len)
{
  g_autoptr(Frontmatter) frontmatter = plugin_head_read(text, len);
  if (frontmatter == NULL)
    return FIT_NONE;
  IdOrigin origin;
  g_autofree char *id = plugin_id_choose(NULL, frontmatter_get(frontmatter, "id"), path, &origin);
  return MAX(fits(wanted, id), fits(wanted, frontmatter_get_text(frontmatter, "title")));
}

/* The hit in the file at `path`, or NULL. */
static Hit *
look_at(const Wanted *wanted, const char *path, Kind type)
{
  g_autoptr(GBytes) content = file_read(path, PLUGIN_SIZE_LIMIT, NULL);
  gsize len = 0;
  const char *text = content != NULL ? g_bytes_get_data(content, &len) : NULL;
  if (text == NULL)
    return NULL;
  g_autofree char *stem = plugin_file_stem(path);
  g_autofree char *folder_name = plugin_file_folder(path);
  Fit by_folder = fits(wanted, folder_name);
  Fit self = MAX(fits(wanted, stem), fits_text(wanted, path, text, len));
  if (by_folder == FIT_NONE && self == FIT_NONE)
    return NULL;
  g_autofree char *shown = plugin_show_path(path);
  g_autoptr(Plugin) plugin = plugin_from_bytes(shown, content, NULL);
  if (!discover_is_declared(plugin) || (type != N_KINDS && plugin->kind != type))
    return NULL;
  Hit *hit = g_new0(Hit, 1);
  hit->plugin = g_steal_pointer(&plugin);
  hit->folder = g_path_get_dirname(path);
  hit->self = self;
  hit->by_folder = by_folder;
  return hit;
}

static void
add_once(GPtrArray *plugins, Plugin *plugin)
{
  if (!g_ptr_array_find(plugins, plugin, NULL))
    g_ptr_array_add(plugins, plugin_ref(plugin));
}

static GPtrArray *
plugins_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
}

GPtrArray *
resolve_in_folder(GPtrArray *plugins)
{
  g_autoptr(GPtrArray) named = plugins_new(), plain = plugins_new();
  for (guint i = 0; i < plugins->len; i++) {
    Plugin *plugin = g_ptr_array_index(plugins, i);
    g_autofree char *stem = plugin_file_stem(plugin->file);
    g_autofree char *folder = plugin_file_folder(plugin->file);
    if (plugin_names_alike(stem, folder))
      add_once(named, plugin);
    if (!discover_is_localized_name(plugin->file))
      add_once(plain, plugin);
  }
  if (named->len == 1)
    return g_steal_pointer(&named);
  if (plain->len == 1)
    return g_steal_pointer(&plain);
  return g_ptr_array_ref(plugins);
}

/* Adds what each fitting folder stands for. */
static void
add_by_folder(GPtrArray *hits, Fit least, GPtrArray *meant)
{
  g_autoptr(GHashTable) folders =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < hits->len; i++) {
    Hit *hit = g_ptr_array_index(hits, i);
    if (hit->by_folder < least)
      continue;
    GPtrArray *inside = g_hash_table_lookup(folders, hit->folder);
    if (inside == NULL)
      g_hash_table_insert(folders, hit->folder, inside = plugins_new());
    add_once(inside, hit->plugin);
  }
  GHashTableIter iter;
  gpointer inside;
  g_hash_table_iter_init(&iter, folders);
  while (g_hash_table_iter_next(&iter, NULL, &inside)) {
    g_autoptr(GPtrArray) chosen = resolve_in_folder(inside);
    for (guint i = 0; i < chosen->len; i++)
      add_once(meant, g_ptr_array_index(chosen, i));
  }
}

static void
drop_copies(GPtrArray *plugins)
{
  for (guint i = plugins->len; i > 0; i--) {
    Plugin *plugin = g_ptr_array_index(plugins, i - 1);
    for (guint k = 0; k < plugins->len; k++) {
      const Plugin *other = g_ptr_array_index(plugins, k);
      if (discover_is_copy_of(plugin->file, other->file)) {
        g_ptr_array_remove_index(plugins, i - 1);
        break;
      }
    }
  }
}

static int
compare_files(gconstpointer a, gconstpointer b)
{
  return strcmp((*(Plugin *const *)a)->file, (*(Plugin *const *)b)->file);
}

/* The plugins that fit at least as well as `least` says. */
static GPtrArray *
choose(GPtrArray *hits, Fit least)
{
  GPtrArray *meant = plugins_new();
  for (guint i = 0; i < hits->len; i++) {
    Hit *hit = g_ptr_array_index(hits, i);
    if (hit->self >= least)
      add_once(meant, hit->plugin);
  }
  add_by_folder(hits, least, meant);
  drop_copies(meant);
  g_ptr_array_sort(meant, compare_files);
  return meant;
}

GPtrArray *
resolve_by_name(const char *root, const char *name, Kind type, GError **error)
{
  g_autoptr(GPtrArray) files = project_walk_files(root, NULL, NULL, NULL, error);
  if (files == NULL)
    return NULL;
  g_autofree char *folded = plugin_name_fold(name);
  Wanted wanted = {name, folded};
  g_autoptr(GPtrArray) hits = g_ptr_array_new_with_free_func(hit_free);
  for (guint i = 0; i < files->len; i++) {
    Hit *hit = look_at(&wanted, g_ptr_array_index(files, i), type);
    if (hit != NULL)
      g_ptr_array_add(hits, hit);
  }
  g_autoptr(GPtrArray) exact = choose(hits, FIT_EXACT);
  return exact->len > 0 ? g_steal_pointer(&exact) : choose(hits, FIT_ALIKE);
}
