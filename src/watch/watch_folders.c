/* SPDX-License-Identifier: MIT */
#include "watch_folders.h"

#include "error.h"
#include "gio_dl.h"

#include <glib/gi18n.h>
#include <sys/stat.h>

typedef struct {
  WatchFolders *owner;
  char *path;
  GFileMonitor *monitor; /* NULL: the folder is gone */
  dev_t device;
  ino_t inode;
} Folder;

struct WatchFolders {
  GHashTable *table; /* path -> Folder */
  WatchFoldersFunc func;
  gpointer data;
};

static void
drop_monitor(Folder *folder)
{
  if (folder->monitor == NULL)
    return;
  sym_g_signal_handlers_disconnect_matched(folder->monitor, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL,
                                           folder);
  sym_g_file_monitor_cancel(folder->monitor);
  g_clear_pointer(&folder->monitor, sym_g_object_unref);
}

static void
folder_free(gpointer data)
{
  Folder *folder = data;
  drop_monitor(folder);
  g_free(folder->path);
  g_free(folder);
}

static void
report_change(const Folder *folder, GFile *file, FolderChange change)
{
  g_autofree char *path = file != NULL ? sym_g_file_get_path(file) : NULL;
  if (path != NULL)
    folder->owner->func(path, change, folder->owner->data);
}

/* inotify tells when a file that was written is closed; where no monitor does, quiet must do. */
#ifdef __linux__
#define WRITING FOLDER_WRITING
#else
#define WRITING 0
#endif

static void
on_change(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
  const Folder *folder = data;
  FolderChange change = FOLDER_NAMES;
  if (event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return;
  if (event == G_FILE_MONITOR_EVENT_CREATED)
    change = FOLDER_NAMES | WRITING;
  else if (event == G_FILE_MONITOR_EVENT_CHANGED)
    change = WRITING;
  else if (event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT)
    change = 0;
  report_change(folder, file, change);
  report_change(folder, other, change);
}

static GFileMonitor *
monitor_new(const char *path, GError **error)
{
  GFile *file = sym_g_file_new_for_path(path);
  GFileMonitor *monitor =
      sym_g_file_monitor_directory(file, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  sym_g_object_unref(file);
  return monitor;
}

static gboolean
start_monitor(Folder *folder, GError **error)
{
  struct stat st;
  g_autoptr(GError) reason = NULL;
  if (!gio_dl_load(error))
    return FALSE;
  if (stat(folder->path, &st) != 0 || !S_ISDIR(st.st_mode)) {
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("The folder %s is gone"), folder->path);
    return FALSE;
  }
  folder->device = st.st_dev;
  folder->inode = st.st_ino;
  folder->monitor = monitor_new(folder->path, &reason);
  if (folder->monitor == NULL) {
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("The folder %s cannot be watched: %s"),
                   folder->path, reason->message);
    return FALSE;
  }
  sym_g_file_monitor_set_rate_limit(folder->monitor, 0);
  sym_g_signal_connect_data(folder->monitor, "changed", G_CALLBACK(on_change), folder, NULL, 0);
  return TRUE;
}

WatchFolders *
watch_folders_new(WatchFoldersFunc func, gpointer data)
{
  WatchFolders *folders = g_new0(WatchFolders, 1);
  folders->table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, folder_free);
  folders->func = func;
  folders->data = data;
  return folders;
}

void
watch_folders_free(WatchFolders *folders)
{
  if (folders == NULL)
    return;
  g_hash_table_unref(folders->table);
  g_free(folders);
}

gboolean
watch_folders_add(WatchFolders *folders, const char *path, GError **error)
{
  if (g_hash_table_contains(folders->table, path))
    return TRUE;
  Folder *folder = g_new0(Folder, 1);
  folder->owner = folders;
  folder->path = g_strdup(path);
  if (!start_monitor(folder, error)) {
    folder_free(folder);
    return FALSE;
  }
  g_hash_table_insert(folders->table, folder->path, folder);
  return TRUE;
}

void
watch_folders_keep(WatchFolders *folders, GHashTable *paths)
{
  GHashTableIter at;
  gpointer path;
  g_hash_table_iter_init(&at, folders->table);
  while (g_hash_table_iter_next(&at, &path, NULL))
    if (!g_hash_table_contains(paths, path))
      g_hash_table_iter_remove(&at);
}

static gboolean
is_same(const Folder *folder)
{
  struct stat st;
  return stat(folder->path, &st) == 0 && st.st_dev == folder->device && st.st_ino == folder->inode;
}

void
watch_folders_check(WatchFolders *folders)
{
  GHashTableIter at;
  gpointer value;
  g_autoptr(GPtrArray) back = g_ptr_array_new_with_free_func(g_free);
  g_hash_table_iter_init(&at, folders->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    Folder *folder = value;
    if (folder->monitor != NULL && is_same(folder))
      continue;
    drop_monitor(folder);
    if (start_monitor(folder, NULL))
      g_ptr_array_add(back, g_strdup(folder->path));
  }
  for (guint i = 0; i < back->len; i++)
    folders->func(g_ptr_array_index(back, i), FOLDER_NAMES, folders->data);
}
