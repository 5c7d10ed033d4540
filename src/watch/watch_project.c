#include "watch_project.h"

#include "discover.h"
#include "saves.h"
#include "walk.h"

#include <string.h>

#define IGNORE_FILE ".owupignore"

struct WatchProject {
  const WatchScope *scope;
  char *root;
  WatchFolders *folders;
  WatchProjectFunc func;
  gpointer data;
  GHashTable *known;    /* set of char *: files that need no look */
  GHashTable *suspects; /* the same: files that changed and are not watched */
  guint timer;
};

static GHashTable *
new_set(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* The folders that are there now are watched, those that are gone no more. The .py files in them,
 * or NULL. */
static GPtrArray *
look_round(WatchProject *project, GError **error)
{
  g_autoptr(GPtrArray) dirs = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
  GPtrArray *files = walk_python_tree(project->scope->folder, project->root,
                                      project->scope->excludes, dirs, error);
  if (files == NULL)
    return NULL;
  for (guint i = 0; i < dirs->len; i++) {
    watch_folders_add(project->folders, g_ptr_array_index(dirs, i), NULL);
    g_hash_table_add(set, g_ptr_array_index(dirs, i));
  }
  watch_folders_keep(project->folders, set);
  return files;
}

static gboolean
is_wanted(const WatchProject *project, const Found *found)
{
  const WatchScope *scope = project->scope;
  return !found->template && (scope->localized || !found->localized) &&
         (!scope->has_type || found->plugin->kind == scope->type);
}

static void
judge(WatchProject *project, const char *path)
{
  if (g_hash_table_contains(project->known, path) &&
      !g_hash_table_contains(project->suspects, path))
    return;
  g_autoptr(Found) found = discover_file(path);
  if (found != NULL && is_wanted(project, found))
    project->func(found->plugin, project->data);
}

static void
replace_known(WatchProject *project, GPtrArray *files)
{
  g_hash_table_remove_all(project->known);
  g_hash_table_remove_all(project->suspects);
  for (guint i = 0; i < files->len; i++)
    g_hash_table_add(project->known, g_strdup(g_ptr_array_index(files, i)));
}

/* A folder that was there before its monitor may hold files that nobody told of: each file that was
 * not seen before is new. */
static gboolean
on_timer(gpointer data)
{
  WatchProject *project = data;
  project->timer = 0;
  g_autoptr(GPtrArray) files = look_round(project, NULL);
  if (files == NULL)
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < files->len; i++)
    judge(project, g_ptr_array_index(files, i));
  replace_known(project, files);
  return G_SOURCE_REMOVE;
}

WatchProject *
watch_project_new(const WatchScope *scope, WatchFolders *folders, WatchProjectFunc func,
                  gpointer data, GError **error)
{
  WatchProject *project = g_new0(WatchProject, 1);
  project->scope = scope;
  project->root = discover_root(scope->folder);
  project->folders = folders;
  project->func = func;
  project->data = data;
  project->known = new_set();
  project->suspects = new_set();
  g_autoptr(GPtrArray) files = look_round(project, error);
  if (files == NULL) {
    watch_project_free(project);
    return NULL;
  }
  replace_known(project, files);
  return project;
}

void
watch_project_free(WatchProject *project)
{
  if (project == NULL)
    return;
  if (project->timer != 0)
    g_source_remove(project->timer);
  g_hash_table_unref(project->known);
  g_hash_table_unref(project->suspects);
  g_free(project->root);
  g_free(project);
}

void
watch_project_touch(WatchProject *project, const char *path, gboolean names)
{
  const char *name = strrchr(path, G_DIR_SEPARATOR);
  name = name != NULL ? name + 1 : path;
  gboolean python = g_str_has_suffix(name, ".py") && name[0] != '.';
  gboolean rules = strcmp(name, IGNORE_FILE) == 0;
  gboolean folder = names && name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_DIR);
  if (!python && !rules && !folder)
    return;
  if (python)
    g_hash_table_add(project->suspects, g_strdup(path));
  if (project->timer != 0)
    g_source_remove(project->timer);
  project->timer = g_timeout_add(SAVE_QUIET_US / 1000, on_timer, project);
}
