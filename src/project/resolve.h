/* SPDX-License-Identifier: MIT */
/* From the words on the command line to plugin files. */
#pragma once

#include "plugin.h"

#include <glib.h>

typedef struct {
  const char *id;    /* --id, or NULL; goes with exactly one plugin */
  gboolean has_type; /* --type KIND */
  Kind type;
  const char *command; /* for the messages: "deploy", "bump patch" */
  gboolean has_all;    /* the command takes --all [DIR]: the messages may name it */
} ResolveOptions;

/* One argument: a path to a .py, a folder, "-" (standard input; needs `options->id`), KIND/NAME, or
 * a name. A name is compared with id, file stem, folder and title of every plugin below the root:
 * first exactly, then case ignored and "-", "_", "." and space alike. In a folder: the file named
 * as the folder, else the one without _cn/_zh, else the only one. NULL with OWUP_ERROR_USAGE:
 * several hits (the message lists each with the command that picks it; OWUP_ERROR_LOCAL_PLUGIN
 * where one id is all theirs), none (the nearest names:
 * "Did you mean …?"), no such file; or plugin_load()'s errors. */
Plugin *resolve_names(const char *word, const ResolveOptions *options, GError **error);

/* The same for a command that also looks on the server: NULL without an error where no local plugin
 * has the name. A word that can only be a path (with "." or "/" first, ".py", "-", a folder with
 * "/") is resolve_names()'s. */
Plugin *resolve_find(const char *word, const ResolveOptions *options, GError **error);

/* `deploy` without a word: the one plugin directly in the current folder, localized copies not
 * counted; OWUP_ERROR_USAGE names the choices otherwise. */
Plugin *resolve_names_here(const ResolveOptions *options, GError **error);
