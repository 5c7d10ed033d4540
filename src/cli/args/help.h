/* SPDX-License-Identifier: MIT */
/* The help pages, made from the tables of commands and options. */
#pragma once

#include "command.h"

/* `owup` alone: the commands and three examples. All are owned by the caller and end with a line
 * break. */
char *help_short(const Command *const *commands);
/* `owup help`: the commands, the options of all, the settings, the exit status. */
char *help_full(const Command *const *commands);
/* `owup help NAME`. */
char *help_command(const Command *command);
