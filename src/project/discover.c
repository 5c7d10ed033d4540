/* SPDX-License-Identifier: MIT */
#include "discover.h"

#include "error.h"
#include "frontmatter_lint.h"
#include "plugin_class.h"
#include "plugin_id.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What marks a project's root, the strongest first. */
static const char *const root_marks[] = {"owup.yaml", ".git", "plugins"};

static gboolean
is_same_folder(const char *a, const char *b)
{
  struct stat of_a, of_b;
  return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

static gboolean
has_mark(const char *folder, const char *mark)
{
  g_autofree char *path = g_build_filename(folder, mark, NULL);
  gboolean is_folder = strcmp(mark, "plugins") == 0;
  return g_file_test(path, is_folder ? G_FILE_TEST_IS_DIR : G_FILE_TEST_EXISTS);
}

static gboolean
is_home(const char *folder)
{
  const char *home = g_getenv("HOME");
  return is_same_folder(folder, home != NULL ? home : g_get_home_dir());
}

/* The nearest folder from `dir` upward that has `mark`, or NULL. */
static char *
find_marked(const char *dir, const char *mark)
{
  g_autofree char *folder = g_strdup(dir);
  for (;;) {
    if (has_mark(folder, mark))
      return g_steal_pointer(&folder);
    char *parent = g_path_get_dirname(folder);
    gboolean top = strcmp(parent, folder) == 0 || is_home(folder);
    g_free(folder);
    folder = parent;
    if (top)
      return NULL;
  }
}

char *
discover_root(const char *dir)
{
  g_autofree char *absolute = g_canonicalize_filename(dir, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(root_marks); i++) {
    char *root = find_marked(absolute, root_marks[i]);
    if (root != NULL)
      return root;
  }
  return g_steal_pointer(&absolute);
}

char *
discover_current_root(GError **error)
{
  /* g_get_current_dir() would make up a folder. */
  char *here = getcwd(NULL, 0);
  if (here == NULL)
    return owup_error_null(error, OWUP_ERROR_LOCAL_STATE, _("The current folder is gone: %s"),
                           g_strerror(errno));
  char *root = discover_root(here);
  free(here);
  return root;
}

/* Bytes of the stem without its "_cn" or "_zh", 0 where it has none. */
static gsize
plain_length(const char *stem)
{
  gsize n = strlen(stem);
  if (n > 3 && (g_ascii_strcasecmp(stem + n - 3, "_cn") == 0 ||
                g_ascii_strcasecmp(stem + n - 3, "_zh") == 0))
    return n - 3;
  return 0;
}

gboolean
discover_is_localized_name(const char *path)
{
  g_autofree char *stem = plugin_file_stem(path);
  return plain_length(stem) > 0;
}

gboolean
discover_is_localized(const char *path)
{
  g_autofree char *stem = plugin_file_stem(path);
  gsize n = plain_length(stem);
  if (n == 0)
    return FALSE;
  stem[n] = '\0';
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_strconcat(stem, ".py", NULL);
  g_autofree char *plain = g_build_filename(folder, name, NULL);
  return g_file_test(plain, G_FILE_TEST_IS_REGULAR);
}

gboolean
discover_is_copy_of(const char *copy, const char *plain)
{
  if (!discover_is_localized_name(copy))
    return FALSE;
  gsize n = strlen(copy) - strlen("_cn.py");
  return strncmp(copy, plain, n) == 0 && strcmp(plain + n, ".py") == 0;
}

gboolean
discover_is_template_name(const char *path)
{
  g_autofree char *name = g_path_get_basename(path);
  return strstr(name, "TEMPLATE") != NULL;
}

static gboolean
is_template(const char *path, const Plugin *plugin)
{
  return discover_is_template_name(path) || (plugin->title != NULL && plugin->title[0] == '[');
}

void
found_free(Found *found)
{
  if (found == NULL)
    return;
  g_free(found->path);
  plugin_unref(found->plugin);
  g_free(found);
}

gboolean
discover_is_declared(const Plugin *plugin)
{
  if (plugin->has_kind || frontmatter_get_text(plugin->frontmatter, "title") == NULL)
    return plugin->has_kind;
  gsize len;
  const char *text = g_bytes_get_data(plugin->content, &len);
  /* Where nobody sees what a text binds, its docstring tells. */
  if (plugin->diagnostics->len == 0 && plugin_class_mentioned(text, len))
    return TRUE;
  return frontmatter_lint_declares(plugin->frontmatter) ||
         plugin_class_resemble(text, len, &plugin->scan);
}

/* A module that imports a class named Pipe, or defines an enumeration named Event, is a plugin to a
 * server; to a person it is only where its docstring says so. */
static gboolean
is_helper(const Plugin *plugin)
{
  if (plugin->diagnostics->len > 0)
    return FALSE;
  g_autoptr(GPtrArray) keys = frontmatter_keys(plugin->frontmatter);
  gsize len;
  const char *text = g_bytes_get_data(plugin->content, &len);
  return keys->len == 0 && !plugin_class_intended(text, len, &plugin->scan);
}

/* NULL without an error: ordinary Python. */
static Found *
look_at(const char *path, GError **error)
{
  g_autofree char *shown = plugin_show_path(path);
  g_autoptr(GBytes) content = plugin_read(shown, error);
  if (content == NULL)
    return NULL;
  gsize len;
  const char *text = g_bytes_get_data(content, &len);
  if (!plugin_class_mentioned(text, len) && !frontmatter_lint_mentioned(text, len))
    return NULL;
  g_autoptr(Plugin) plugin = plugin_from_bytes(shown, content, NULL);
  if (!discover_is_declared(plugin) || is_helper(plugin))
    return NULL;
  Found *found = g_new0(Found, 1);
  found->path = g_steal_pointer(&shown);
  found->template = is_template(path, plugin);
  found->localized = discover_is_localized(path);
  found->plugin = g_steal_pointer(&plugin);
  return found;
}

Found *
discover_file(const char *path)
{
  return look_at(path, NULL);
}

static GPtrArray *
look_into_all(GPtrArray *files, GPtrArray *unread)
{
  GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)found_free);
  for (guint i = 0; i < files->len; i++) {
    const char *path = g_ptr_array_index(files, i);
    g_autoptr(GError) error = NULL;
    Found *found = look_at(path, &error);
    if (found != NULL)
      g_ptr_array_add(all, found);
    /* One that was deleted since the folder was read is no trouble. */
    else if (error != NULL && unread != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
      g_ptr_array_add(unread, unread_new(path, FALSE, g_steal_pointer(&error)));
  }
  return all;
}

GPtrArray *
discover_readable(const char *dir, const char *const *excludes, GPtrArray *unread, GError **error)
{
  g_autofree char *root = discover_root(dir);
  g_autoptr(GPtrArray) files = project_walk_files(dir, root, excludes, unread, error);
  return files != NULL ? look_into_all(files, unread) : NULL;
}

GPtrArray *
discover_plugins(const char *dir, const char *const *excludes, GError **error)
{
  return discover_readable(dir, excludes, NULL, error);
}

GPtrArray *
discover_folder(const char *dir, GError **error)
{
  g_autoptr(GPtrArray) files = project_walk_folder(dir, error);
  return files != NULL ? look_into_all(files, NULL) : NULL;
}
