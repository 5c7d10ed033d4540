/* SPDX-License-Identifier: MIT */
/* Completion scripts for shells, made from the program's table of commands. */
#pragma once

#include "command.h"

#include <glib.h>

/* The options of all commands that take a value, each name once: const Option *, static. */
GPtrArray *completion_value_options(const Command *const *commands);

/* Each is owned by the caller. Plugin names come from `owup list -q` when they are asked for. */
char *completion_bash(const Command *const *commands);
char *completion_zsh(const Command *const *commands);
char *completion_fish(const Command *const *commands);

/* What completes an option's value: the words to choose from, "" for files, NULL for nothing. From
 * its `argument`: FILE, DIR, KIND, words with "|" between them. Owned by the caller. */
char *completion_value_words(const char *arg_description);

#define COMPLETION_SHELLS "bash zsh fish"
