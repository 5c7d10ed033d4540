/* SPDX-License-Identifier: MIT */
/* The next version number, written into a plugin's docstring. */
#pragma once

#include <glib.h>

typedef enum { BUMP_PATCH, BUMP_MINOR, BUMP_MAJOR } BumpPart;

/* "patch", "minor" or "major". FALSE for other words. */
gboolean bump_parse(const char *word, BumpPart *part);
/* The part that was probably meant by another word; NULL: none is near. Static. */
const char *bump_nearest(const char *word);

/* "1.3.0" -> "1.3.1", "1.4.0", "2.0.0". NULL with OWUP_ERROR_LOCAL_PLUGIN where it is not
 * MAJOR.MINOR.PATCH. Owned by the caller. */
char *bump_version(const char *version, BumpPart part, GError **error);

/* The plugin's text with the value of its `version:` line bumped, the one that a server reads;
 * every other byte stays. `*from` and `*to` (owned by the caller) are the versions. NULL with
 * OWUP_ERROR_LOCAL_PLUGIN: no such line, no MAJOR.MINOR.PATCH in it, or no UTF-8. */
GBytes *bump_content(GBytes *content, BumpPart part, char **from, char **to, GError **error);
