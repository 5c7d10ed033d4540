/* SPDX-License-Identifier: MIT */
/* New plugin files below a folder. */
#pragma once

#include "watch.h"
#include "watch_folders.h"

typedef struct WatchProject WatchProject;

typedef struct {
  /* `plugin` is in a file that was not there, held no plugin or was left out before. Not `saved`:
   * it is as it was when the watch began. */
  void (*found)(Plugin *plugin, gboolean saved, gpointer data);
  /* The rules changed; `files`, a set of char *, is all that they leave. */
  void (*ruled)(GHashTable *files, gpointer data);
} WatchProjectHooks;

/* Adds every folder that may hold plugins to `folders`. The files that are there now are not new,
 * but for those that came after `since` (of clock_wall()). All but `error` outlive it. NULL
 * with discover_plugins()' errors. */
WatchProject *watch_project_new(const WatchScope *scope, gint64 since, WatchFolders *folders,
                                const WatchProjectHooks *hooks, gpointer data, GError **error);
void watch_project_free(WatchProject *project);

/* Something happened to `path`, which is no watched file. A new file is looked at once it was left
 * alone as long as a watched one (debounce.h). */
void watch_project_touch(WatchProject *project, const char *path, FolderChange change);
