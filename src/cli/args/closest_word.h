/* The word that was probably meant. */
#pragma once

#include <glib.h>

/* The candidate (NULL-terminated list) with the fewest typing mistakes (a letter wrong, missing,
 * too many, or two swapped), if they are few for the word's length; else one that begins with
 * `word`; else NULL. One of `candidates`. */
const char *closest_word(const char *word, const char *const *candidates);
