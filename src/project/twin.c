/* SPDX-License-Identifier: MIT */
#include "twin.h"

#include "discover.h"
#include "error.h"
#include "file.h"
#include "plugin_head.h"
#include "plugin_id.h"
#include "project_walk.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* Links resolved; NULL where there is nothing. */
static char *
resolve(const char *path)
{
  char *found = realpath(path, NULL);
  char *resolved = g_strdup(found);
  free(found);
  return resolved;
}

static gboolean
is_same_file(const char *a, const char *b)
{
  g_autofree char *one = resolve(a);
  g_autofree char *other = resolve(b);
  return one == NULL || other == NULL || strcmp(one, other) == 0;
}

static gboolean
is_localized_pair(const char *a, const char *b)
{
  g_autofree char *one = resolve(a);
  g_autofree char *other = resolve(b);
  return one != NULL && other != NULL &&
         (discover_is_copy_of(one, other) || discover_is_copy_of(other, one));
}

/* May the file have that id? Without a scan, which takes most of the time. */
static gboolean
may_have_id(const char *path, const char *id)
{
  IdOrigin origin;
  gsize len = 0;
  g_autoptr(GBytes) content = file_read(path, PLUGIN_SIZE_LIMIT, NULL);
  const char *text = content != NULL ? g_bytes_get_data(content, &len) : NULL;
  g_autoptr(Frontmatter) head = text != NULL ? plugin_head_read(text, len) : NULL;
  if (head == NULL)
    return FALSE;
  g_autofree char *own = plugin_id_choose(NULL, frontmatter_get(head, "id"), path, &origin);
  return strcmp(own, id) == 0;
}

/* Is there a plugin in `path` that a server could not tell from this one? */
static gboolean
is_twin(const Plugin *plugin, const char *path)
{
  if (is_same_file(path, plugin->file) || is_localized_pair(path, plugin->file))
    return FALSE;
  g_autoptr(Found) found = discover_file(path);
  return found != NULL && !found->template &&
         kind_family(found->plugin->kind) == kind_family(plugin->kind) &&
         strcmp(found->plugin->id, plugin->id) == 0;
}

char *
twin_find(const char *root, const Plugin *plugin)
{
  if (plugin->id_origin == ID_FROM_OPTION)
    return NULL;
  g_autoptr(GPtrArray) files = project_walk_files(root, NULL, NULL, NULL, NULL);
  for (guint i = 0; files != NULL && i < files->len; i++) {
    const char *path = g_ptr_array_index(files, i);
    if (may_have_id(path, plugin->id) && is_twin(plugin, path))
      return plugin_show_path(path);
  }
  return NULL;
}

/* Is `path` what a search of the project finds? What it names as left out is no plugin of it. */
static gboolean
is_searched(const char *path, const char *root)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GPtrArray) files = project_walk_files(folder, root, NULL, NULL, NULL);
  return files != NULL && g_ptr_array_find_with_equal_func(files, path, g_str_equal, NULL);
}

gboolean
twin_is(const Plugin *plugin, const char *path)
{
  if (plugin->id_origin == ID_FROM_OPTION || !is_twin(plugin, path))
    return FALSE;
  g_autofree char *file = resolve(plugin->file);
  g_autofree char *folder = file != NULL ? g_path_get_dirname(file) : g_strdup("");
  g_autofree char *other_folder = g_path_get_dirname(path);
  g_autofree char *root = discover_root(folder);
  g_autofree char *other_root = discover_root(other_folder);
  return file != NULL && strcmp(root, other_root) == 0 && is_searched(path, root);
}

GError *
twin_error(const Plugin *plugin, const char *other)
{
  GError *error = owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("%s and %s have the same id '%s'"),
                                 plugin->file, other, plugin->id);
  owup_error_set_hint(error,
                      _("Give one of them another, with an \"id:\" line in its docstring. Is one a "
                        "copy? Name its folder in .owupignore."));
  return error;
}
