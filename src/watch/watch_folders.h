/* SPDX-License-Identifier: MIT */
/* The monitors: one a folder, by GIO. A folder that goes and comes back is watched again. */
#pragma once

#include <glib.h>

typedef struct WatchFolders WatchFolders;

typedef enum {
  FOLDER_NAMES = 1 << 0,   /* something came or went, not only its content changed */
  FOLDER_WRITING = 1 << 1, /* it is open for writing, and another event will tell of its end */
} FolderChange;

/* Something happened to `path` (absolute); what, the file system tells. From the main loop, not
 * from within a call. */
typedef void (*WatchFoldersFunc)(const char *path, FolderChange change, gpointer data);

WatchFolders *watch_folders_new(WatchFoldersFunc func, gpointer data);
void watch_folders_free(WatchFolders *folders);

/* Absolute; a folder that is watched already is fine. FALSE with OWUP_ERROR_LOCAL_STATE. */
gboolean watch_folders_add(WatchFolders *folders, const char *path, GError **error);
/* No longer watches those that are not in `paths` (a set of char *). */
void watch_folders_keep(WatchFolders *folders, GHashTable *paths);

/* Now and then: watches again those that were replaced or are back, and tells `func` of each. */
void watch_folders_check(WatchFolders *folders);
