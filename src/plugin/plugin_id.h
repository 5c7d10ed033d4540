/* Ids: Python identifiers in UTF-8 (a server refuses others; 0.6.10 to 0.12.4). */
#pragma once

#include <glib.h>

/* Is `id` what a server accepts and later finds again: an identifier (str.isidentifier of Python),
 * lower-case (create lower-cases the id, update does not)? */
gboolean plugin_id_valid(const char *id);

/* An id made from a name ("flux.1_dev", "My-Filter"): lower-cased, each run of characters that no
 * identifier has as one "_", a leading digit after "_". NULL where nothing usable is left. Owned by
 * the caller. */
char *plugin_id_from_name(const char *name);

/* Are both names the same for a person: case ignored, "-", "_", "." and space alike? */
gboolean plugin_names_alike(const char *a, const char *b);
