/* Completion scripts for shells, made from the tables of commands and options. */
#pragma once

#include <glib.h>

/* The options of all commands that take a value, each name once: const Option *, static. */
GPtrArray *completion_value_options(void);

/* Each is owned by the caller. Plugin names come from `owup list -q` when they are asked for. */
char *completion_bash(void);
char *completion_zsh(void);
char *completion_fish(void);

/* What completes an option's value: the words to choose from, "" for files, NULL for nothing. From
 * its `arg_description`: FILE, DIR, KIND, words with "|" between them. Owned by the caller. */
char *completion_value_words(const char *arg_description);

/* "bash zsh fish". Static. */
const char *completion_shells(void);
