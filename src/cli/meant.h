/* What was probably meant by a word in a command's place. */
#pragma once

#include <glib.h>

/* The name of the command that other programs call so ("push", "rm"), or of which `word` is a slip;
 * NULL: none. Static. */
const char *meant_command(const char *word);

/* The error for `word`, which is no command: OWUP_ERROR_USAGE with a hint to type instead. `words`:
 * the whole command line, the program's name first. Owned by the caller. */
GError *meant_error(const char *word, GPtrArray *words);
