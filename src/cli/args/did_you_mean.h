/* What was probably meant by a word in a command's place. */
#pragma once

#include "command.h"

#include <glib.h>

/* The name of the command that other programs call so ("push", "rm"), or of which `word` is a slip;
 * NULL: none. Static. */
const char *did_you_mean_command(const char *word);

/* The error for `word`, which is no command: OWUP_ERROR_USAGE with a hint to type instead. `words`:
 * the whole command line, the program's name first. Owned by the caller. */
GError *did_you_mean_error(const char *word, GPtrArray *args);

/* What to do instead of the option `name` (without dashes) that `command` (or NULL) does not have;
 * NULL: nothing is known of it. Static. */
const char *did_you_mean_instead_of_option(const Command *command, const char *name);

/* Would the option's value be an API key ("--api-key=...", "--token")? `len` bytes of `name`. */
gboolean did_you_mean_as_key(const char *name, gsize len);

/* The error where a command line lacks the "--" before a command to run: `head` has argv[0], the
 * word `command` taken out, and at `at` the first word that is no option. Owned by the caller. */
GError *did_you_mean_to_run(const Command *command, GPtrArray *head, guint at);
