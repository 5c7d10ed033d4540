/* SPDX-License-Identifier: MIT */
/* Ids: Python identifiers in UTF-8 (a server refuses others; 0.6.10 to 0.12.4). */
#pragma once

#include <glib.h>

/* Where an id came from. */
typedef enum {
  ID_FROM_OPTION, /* --id */
  ID_FROM_FRONTMATTER,
  ID_FROM_FILE,   /* the file's name */
  ID_FROM_FOLDER, /* the name of the folder that holds it */
} IdOrigin;

/* Is `id` what a server accepts and later finds again: an identifier (str.isidentifier of Python
 * 3.12, which has GLib 2.74's Unicode 15; keywords are allowed), lower-case (create lower-cases the
 * id, update does not)? */
gboolean plugin_id_valid(const char *id);

/* `id` as a server's create would lower-case it. Owned by the caller. */
char *plugin_id_lower(const char *id);

/* An id made from a name ("flux.1_dev", "My-Filter"): lower-cased, each run of characters that no
 * identifier has as one "_", a leading digit after "_". NULL where nothing usable is left. Owned by
 * the caller. */
char *plugin_id_from_name(const char *name);

/* The id of a plugin's file: `option` (--id) or else `frontmatter` (the value of its "id"), both
 * only lower-cased, so possibly no valid id; else made from the file's name, or from its folder's
 * where the file is called main, tool, function, __init__ or the like; "" where neither gives one.
 * `option` and `frontmatter` may be NULL, an empty one counts as absent. Owned by the caller. */
char *plugin_id_choose(const char *option, const char *frontmatter, const char *path,
                       IdOrigin *origin);

/* Are both names the same for a person: case ignored, "-", "_", "." and space alike? */
gboolean plugin_names_alike(const char *a, const char *b);

/* The form of a name that is equal for alike names. Owned by the caller. */
char *plugin_name_fold(const char *name);

/* The file's name without its folder and ".py". Owned by the caller. */
char *plugin_file_stem(const char *path);

/* The name of the folder that holds the file, "" in the file system's root. Owned by the caller. */
char *plugin_file_folder(const char *path);
