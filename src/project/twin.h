/* SPDX-License-Identifier: MIT */
/* Two files of one project that are one plugin to a server: a copy that kept its id. Which of them
 * is meant nobody can tell. Localized copies (X_cn.py beside X.py) and templates are none, nor what
 * .owupignore names, nor a file that was given its id on the command line.
 */
#pragma once

#include "plugin.h"

#include <glib.h>

/* Looks through every file below `root`. The first other file with the plugin's family and id, as
 * it is shown, owned by the caller; NULL: none, or `root` cannot be read. */
char *twin_find(const char *root, const Plugin *plugin);

/* Is the file at `path`, which had the plugin's id once, still one, and of the same project?
 * Otherwise the plugin's file has only moved, or is of another clone. */
gboolean twin_is(const Plugin *plugin, const char *path);

/* OWUP_ERROR_LOCAL_PLUGIN, naming both and what to do. */
GError *twin_error(const Plugin *plugin, const char *other);
