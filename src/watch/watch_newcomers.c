/* SPDX-License-Identifier: MIT */
/* The half of watch.h that takes files in, and leaves them out. */
#include "error.h"
#include "watch_private.h"

/* NULL with the error where its folder cannot be watched. */
static WatchedFile *
take_in(Watch *watch, Plugin *plugin, gboolean saved, GError **error)
{
  g_autofree char *path = g_canonicalize_filename(plugin->file, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  if (!watch_folders_add(watch->folders, folder, error))
    return NULL;
  WatchedFile *file = watched_files_find(watch->files, path);
  if (file == NULL)
    file = watched_files_add(watch->files, path, saved ? NULL : plugin, watch->since);
  else if (file->left_out)
    watched_file_rejoin(file);
  return file;
}

static void
on_new_plugin(Plugin *plugin, gboolean saved, gpointer data)
{
  Watch *watch = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_canonicalize_filename(plugin->file, NULL);
  const WatchedFile *known = watched_files_find(watch->files, path);
  if (watch->stopped || (known != NULL && !known->left_out))
    return;
  WatchNotice notice = {WATCH_APPEARED, plugin};
  WatchedFile *file = take_in(watch, plugin, saved, &error);
  if (file == NULL || !watch_tell_moved(watch, file))
    watch->hooks->noticed(&notice, watch->data);
  if (file == NULL) {
    watch->hooks->trouble(error, watch->data);
    return;
  }
  git_hold_saved(file);
  if (!watched_file_is_settled(file))
    watch_enqueue(watch, file);
  watch_pump(watch);
}

typedef struct {
  Watch *watch;
  GHashTable *files;
} Rules;

static void
leave_out(WatchedFile *file, gpointer data)
{
  const Rules *rules = data;
  Watch *watch = rules->watch;
  if (file->left_out || g_hash_table_contains(rules->files, file->save->path) ||
      !file_signature_of(file->save->path).there)
    return;
  watch_dequeue(watch, file);
  watched_file_leave(file);
  WatchNotice notice = {WATCH_LEFT_OUT, file->plugin};
  if (file->plugin != NULL)
    watch->hooks->noticed(&notice, watch->data);
}

static void
on_rules(GHashTable *files, gpointer data)
{
  Watch *watch = data;
  Rules rules = {watch, files};
  if (watch->stopped)
    return;
  watched_files_foreach(watch->files, leave_out, &rules);
  watch_free_twins(watch);
  watch_pump(watch);
}

gboolean
watch_add(Watch *watch, Plugin *plugin, gboolean send, GError **error)
{
  WatchedFile *file = take_in(watch, plugin, send, error);
  if (file != NULL && send)
    watch_enqueue(watch, file);
  return file != NULL;
}

gboolean
watch_project(Watch *watch, const WatchScope *scope, GError **error)
{
  static const WatchProjectHooks project_hooks = {on_new_plugin, on_rules};
  watch->project =
      watch_project_new(scope, watch->since, watch->folders, &project_hooks, watch, error);
  return watch->project != NULL;
}
