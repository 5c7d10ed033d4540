/* SPDX-License-Identifier: MIT */
/* Version numbers as plugins write them: MAJOR.MINOR.PATCH, with or without a suffix, or anything.
 */
#pragma once

#include <glib.h>

/* < 0, 0, > 0 as `a` is lower, the same or higher. Numbers compare as numbers, a missing part is 0,
 * a suffix ("-rc1") is lower than none. FALSE in `*known` (may be NULL) where one of them does not
 * begin with a number. */
int plugin_version_compare(const char *a, const char *b, gboolean *known);

/* Exactly MAJOR.MINOR.PATCH, all numbers? */
gboolean plugin_version_is_strict(const char *version);
