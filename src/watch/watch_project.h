/* New plugin files below a folder. */
#pragma once

#include "watch.h"
#include "watch_folders.h"

typedef struct WatchProject WatchProject;

/* `plugin` is in a file that was not there, or held no plugin, before. */
typedef void (*WatchProjectFunc)(Plugin *plugin, gpointer data);

/* Adds every folder that may hold plugins to `folders`. The files that are there now are not new.
 * `scope`, `folders`, `data` outlive it. NULL with discover_plugins()' errors. */
WatchProject *watch_project_new(const WatchScope *scope, WatchFolders *folders,
                                WatchProjectFunc func, gpointer data, GError **error);
void watch_project_free(WatchProject *project);

/* Something happened to `path`, which is no watched file. A new file is looked at once it was left
 * alone as long as a watched one (saves.h). */
void watch_project_touch(WatchProject *project, const char *path, FolderChange change);
