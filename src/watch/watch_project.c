/* SPDX-License-Identifier: MIT */
#include "watch_project.h"

#include "clock.h"
#include "debounce.h"
#include "discover.h"
#include "file_signature.h"
#include "project_walk.h"
#include "watch_times.h"

#include <string.h>

#define IGNORE_FILE ".owupignore"

struct WatchProject {
  const WatchScope *scope;
  char *root;
  WatchFolders *folders;
  const WatchProjectHooks *hooks;
  gpointer data;
  gint64 since;         /* of clock_wall() */
  GHashTable *first;    /* path -> FileSignature: as the files were at the start */
  GHashTable *known;    /* set of char *: files that need no look */
  GHashTable *suspects; /* path -> Debounce: files that changed and are not watched */
  gboolean rules;       /* they changed */
  guint timer;          /* of the next round; 0: there is no need for one */
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
  GPtrArray *files = project_walk_tree(project->scope->folder, project->root,
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

static gboolean on_timer(gpointer data);

static void
arm(WatchProject *project, gint64 us)
{
  if (project->timer == 0)
    project->timer = clock_timer((guint)((us + 999) / 1000), on_timer, project);
}

/* Its change is complete. */
static gboolean
is_ripe(gpointer path, gpointer save, gpointer data)
{
  return ((const Debounce *)save)->timer == 0;
}

static void
on_ripe(gpointer data)
{
  arm(data, SAVE_GATHER_US);
}

static void
suspect(WatchProject *project, const char *path, gint64 quiet)
{
  static const DebounceHooks suspect_hooks = {.saved = on_ripe, .gone = on_ripe};
  Debounce *save = g_hash_table_lookup(project->suspects, path);
  if (save == NULL) {
    save = debounce_new(path, &suspect_hooks, project);
    g_hash_table_insert(project->suspects, save->path, save);
  }
  debounce_touch(save, quiet);
  if (save->timer == 0)
    on_ripe(project);
}

/* A file that nobody told of may be in the middle of being written as well. */
static gboolean
is_left_alone(const char *path)
{
  FileSignature mark = file_signature_of(path);
  gint64 now = clock_now();
  return file_signature_when(&mark, now, SAVE_UNTOLD_US) == now - SAVE_UNTOLD_US;
}

/* A folder that was away, or could not be read, when the watch began brings files that nobody
 * saved since. */
static gboolean
was_saved(const WatchProject *project, const char *path)
{
  FileSignature mark = file_signature_of(path);
  const FileSignature *first = g_hash_table_lookup(project->first, path);
  if (first != NULL && first->size == mark.size && first->modified == mark.modified)
    return FALSE;
  return file_signature_since(&mark, project->since) ||
         file_signature_linked_since(path, project->since);
}

static void
judge(WatchProject *project, const char *path)
{
  const Debounce *save = g_hash_table_lookup(project->suspects, path);
  if (save != NULL ? save->timer != 0 : g_hash_table_contains(project->known, path))
    return;
  if (save == NULL && !is_left_alone(path)) {
    suspect(project, path, SAVE_UNTOLD_US);
    return;
  }
  g_autoptr(Found) found = discover_file(path);
  if (found != NULL && is_wanted(project, found))
    project->hooks->found(found->plugin, was_saved(project, path), project->data);
}

static void
replace_known(WatchProject *project, GPtrArray *files)
{
  g_hash_table_remove_all(project->known);
  for (guint i = 0; i < files->len; i++)
    g_hash_table_add(project->known, g_strdup(g_ptr_array_index(files, i)));
}

/* A folder that was there before its monitor may hold files that nobody told of: each file that was
 * not seen before is new. */
static void
look_for_new(WatchProject *project)
{
  g_autoptr(GPtrArray) files = look_round(project, NULL);
  gboolean rules = project->rules;
  project->rules = FALSE;
  for (guint i = 0; files != NULL && i < files->len; i++)
    judge(project, g_ptr_array_index(files, i));
  if (files != NULL)
    replace_known(project, files);
  if (files != NULL && rules)
    project->hooks->ruled(project->known, project->data);
  g_hash_table_foreach_remove(project->suspects, is_ripe, NULL);
}

static gboolean
on_timer(gpointer data)
{
  WatchProject *project = data;
  project->timer = 0;
  look_for_new(project);
  return G_SOURCE_REMOVE;
}

/* A watched one among them is found to be so. */
static void
suspect_recent(WatchProject *project, const char *path)
{
  FileSignature mark = file_signature_of(path);
  if (!file_signature_since(&mark, project->since))
    g_hash_table_insert(project->first, g_strdup(path), g_memdup2(&mark, sizeof mark));
  else
    suspect(project, path, SAVE_UNTOLD_US);
}

WatchProject *
watch_project_new(const WatchScope *scope, gint64 since, WatchFolders *folders,
                  const WatchProjectHooks *hooks, gpointer data, GError **error)
{
  WatchProject *project = g_new0(WatchProject, 1);
  project->scope = scope;
  project->root = discover_root(scope->folder);
  project->folders = folders;
  project->hooks = hooks;
  project->data = data;
  project->since = since;
  project->known = new_set();
  project->first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  project->suspects =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)debounce_free);
  g_autoptr(GPtrArray) files = look_round(project, error);
  if (files == NULL) {
    watch_project_free(project);
    return NULL;
  }
  replace_known(project, files);
  for (guint i = 0; i < files->len; i++)
    suspect_recent(project, g_ptr_array_index(files, i));
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
  g_hash_table_unref(project->first);
  g_hash_table_unref(project->suspects);
  g_free(project->root);
  g_free(project);
}

/* A symbolic link is made in one go, and no event tells that it was closed. */
static gboolean
is_being_written(const char *path, FolderChange change)
{
  return (change & FOLDER_WRITING) != 0 && !g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

void
watch_project_touch(WatchProject *project, const char *path, FolderChange change)
{
  const char *name = strrchr(path, G_DIR_SEPARATOR);
  name = name != NULL ? name + 1 : path;
  gboolean python = g_str_has_suffix(name, ".py") && name[0] != '.';
  gboolean rules = strcmp(name, IGNORE_FILE) == 0;
  gboolean folder =
      (change & FOLDER_NAMES) != 0 && name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_DIR);
  if (!python && !rules && !folder)
    return;
  if (python)
    suspect(project, path, is_being_written(path, change) ? SAVE_OPEN_US : SAVE_QUIET_US);
  if (!rules && !folder)
    return;
  project->rules = project->rules || rules;
  if (project->timer != 0)
    g_source_remove(project->timer);
  project->timer = 0;
  arm(project, SAVE_QUIET_US);
}
