/* SPDX-License-Identifier: MIT */
/* How far two words are apart, for "Did you mean …?". */
#pragma once

#include <glib.h>

/* The number of single characters to insert, delete, replace or swap with their neighbour that
 * makes `b` of `a` (UTF-8; optimal string alignment). More than `limit` is given as limit + 1.
 * Words are looked at up to 100 characters. */
guint edit_distance(const char *a, const char *b, guint limit);

/* The candidate (NULL-terminated list) with the fewest typing mistakes (a letter wrong, missing,
 * too many, or two swapped), if they are few for the word's length; else one that begins with
 * `word`; else NULL. One of `candidates`. */
const char *edit_distance_closest(const char *word, const char *const *candidates);
