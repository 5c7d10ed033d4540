/* SPDX-License-Identifier: MIT */
/* The words that help where a name on the command line was none. */
#pragma once

#include "plugin.h"

#include <glib.h>

/* Lines of the form "owup COMMAND WORD   (FILE)", one a plugin (GPtrArray of Plugin), each with
 * the word that picks it among `plugins`: KIND/NAME where `name` is given and no other is of its
 * kind, the id where it is the only one, else the file. At most 20; more are counted. Owned by the
 * caller. */
char *suggest_choices(GPtrArray *plugins, const char *name, const char *command);

/* "Did you mean folder_memory?" with the ids of the nearest plugins below `root` (by id, stem,
 * folder and title; few typing mistakes, a name's beginning, or one name within the other), or what
 * to do next where none is near. `type`: a Kind, or N_KINDS for any. Owned by the caller. */
char *suggest_nearest(const char *root, const char *name, Kind type);

/* "Did you mean plugins/filters/x.py?" with the plugins below `root` in files of that name; NULL
 * where there are none. Owned by the caller. */
char *suggest_file(const char *root, const char *name);

/* What to say where there is no plugin at all. Static. */
const char *suggest_what_is_a_plugin(void);

/* `word` quoted for a shell where it needs to be. Owned by the caller. */
char *suggest_shell_word(const char *word);
