/* SPDX-License-Identifier: MIT */
/* What was probably meant by a word that is no command or option. `commands`: the program's table.
 */
#pragma once

#include "command.h"

#include <glib.h>

/* The name of the command that other programs call so ("push", "rm"), or of which `word` is a slip;
 * NULL: none. Static. */
const char *did_you_mean_command(const Command *const *commands, const char *word);

/* The error for `word`, which is no command: OWUP_ERROR_USAGE with a hint to type instead. `words`:
 * what else stands before "--", the program's name first. Owned by the caller. */
GError *did_you_mean_error(const Command *const *commands, const char *word,
                           const GPtrArray *words);

/* The error for `word`, which is no option of `command` (NULL: none was named): OWUP_ERROR_USAGE
 * with a hint which was meant. What follows "=" may be a secret and is not shown. Owned by the
 * caller. */
GError *did_you_mean_option(const Command *const *commands, const Command *command,
                            const char *word);

/* Gives the error the hint that the command's help page is (NULL: that of owup). */
void did_you_mean_see_help(GError *error, const Command *command);

/* Would the option's value be an API key ("--api-key=...", "--token")? `len` bytes of `name`. */
gboolean did_you_mean_as_key(const char *name, gsize len);

/* The error where a command line lacks the "--" before a command to run: `words` has the program's
 * name, the word `command` taken out, and at `at` the first word that is no option. Owned by the
 * caller. */
GError *did_you_mean_to_run(const Command *command, const GPtrArray *words, guint at);
