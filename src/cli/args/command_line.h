/* From argv to a CommandLine. */
#pragma once

#include "command.h"

/* The options that every command takes, and those of the commands with `needs_server`.
 * `arg_data` is an offset into GlobalOptions. Static. */
const GOptionEntry *command_line_common_options(void);
const GOptionEntry *command_line_server_options(void);
/* What stands alone, without a command: --version. No `arg_data`. Static. */
const GOptionEntry *command_line_top_options(void);

/* Does the option take a value? */
gboolean command_line_option_takes_value(const GOptionEntry *entry);

/* Fills `line` (zeroed before) from the words. Options and words may come in any order, the first
 * word is the command, "--" ends the options. Where no command is named, `line->command` is the one
 * that --help or --version stand for, or NULL. FALSE with OWUP_ERROR_USAGE; `line->global.json` is
 * right even then. command_line_clear() in any case. */
gboolean command_line_parse(CommandLine *line, int argc, char **argv, GError **error);
void command_line_clear(CommandLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandLine, command_line_clear)
