/* SPDX-License-Identifier: MIT */
/* Where a pulled plugin goes. An id comes from the server, so nothing of it is trusted: no path
 * that is made of one ever leads out of the folder that the user chose. */
#pragma once

#include "kind.h"

#include <glib.h>

/* Can `id` be a file's name here? FALSE with OWUP_ERROR_ID_INVALID where it is no identifier, a
 * device's name on other systems ("con"), or too long. */
gboolean pull_id_check(const char *id, GError **error);

/* ROOT/plugins/filters/ID/ID.py. NULL as pull_id_check() has it. Owned by the caller. */
char *pull_path_new(const char *root, Kind kind, const char *id, GError **error);

/* FILE.server.py for FILE.py, and FILE.base.server.py for what both sides come from: no search for
 * plugins takes such names. Owned by the caller. */
char *pull_path_beside(const char *file, gboolean base);
/* FILE.orig, or where that is there FILE.orig2 and so on: where the text that `file` loses is kept.
 * No plugin's name, so that no search finds it. Owned by the caller. */
char *pull_path_kept(const char *file);

/* ID.valves.json in the folder of `file`. Owned by the caller. */
char *pull_path_valves(const char *file, const char *id);

/* The file that is meant to be written: `file` itself, or what it links to. OWUP_ERROR_LOCAL_STATE
 * where a symbolic link leads out of `root` (and of the file's own folder). The folders above it
 * need not be there; with `make` they are made. Owned by the caller. */
char *pull_path_resolve(const char *root, const char *file, gboolean make, GError **error);
