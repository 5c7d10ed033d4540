/* SPDX-License-Identifier: MIT */
/* Plugins below a root by a name of theirs. */
#pragma once

#include "plugin.h"

#include <glib.h>

/* The plugins that `name` means: compared with id, file stem, folder and title of every plugin file
 * below `root`, first exactly, then as plugin_names_alike() does; the first way that finds anything
 * counts. A folder stands for the plugin of resolve_in_folder(). Where X.py and its localized copy
 * fit alike, X.py is meant. `type`: a Kind, or N_KINDS for any. Returns GPtrArray of Plugin (owned
 * by the caller; empty: none; several: they all fit), or NULL with project_walk_files()'s errors.
 * Reads every Python file below `root`, scans only those that fit. */
GPtrArray *resolve_by_name(const char *root, const char *name, Kind type, GError **error);

/* Of the plugins in one folder (GPtrArray of Plugin): the file named as the folder, else the one
 * without _cn/_zh, else all. A new array, owned by the caller. */
GPtrArray *resolve_in_folder(GPtrArray *plugins);
