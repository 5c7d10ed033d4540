/* SPDX-License-Identifier: MIT */
/* From argv to a CommandLine. */
#pragma once

#include "command.h"

/* Tables that fill GlobalOptions: the options of every command, those of the commands with
 * `needs_server`, and what stands alone, without a command. */
extern const Option command_line_common_options[];
extern const Option command_line_server_options[];
extern const Option command_line_top_options[];

/* Adds what `command` takes to `slots` (of OptionSlot); for NULL what may stand without a command
 * and, without a place for their values, the options of every command. The values go to `line`;
 * NULL: the slots are only looked at. */
void command_line_add_options(GArray *slots, const Command *const *commands, const Command *command,
                              CommandLine *line);

/* Fills `line` (zeroed before) from the words; `commands`: the program's table. Options and words
 * may come in any order, the first word is the command, "--" ends the options. Where no command is
 * named, `line->command` is the one that --help or --version stand for, or NULL. FALSE with
 * OWUP_ERROR_USAGE; `line->global.json` is right even then. command_line_clear() in any case. */
gboolean command_line_parse(CommandLine *line, const Command *const *commands, int argc,
                            char **argv, GError **error);
void command_line_clear(CommandLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandLine, command_line_clear)
