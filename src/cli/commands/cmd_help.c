/* SPDX-License-Identifier: MIT */
#include "command_table.h"

#include "did_you_mean.h"
#include "error.h"
#include "help.h"

#include <glib/gi18n.h>
#include <stdio.h>

static GError *
no_such_command(const Command *const *commands, const char *word)
{
  const char *meant = did_you_mean_command(commands, word);
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown command \"%s\""), word);
  if (meant != NULL)
    owup_error_set_hint(error, _("Did you mean: owup help %s"), meant);
  else
    owup_error_set_hint(error, _("See: owup help"));
  return error;
}

static int
run_help(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *page = NULL;
  const char *word = line->args[0];
  const Command *command = word != NULL ? command_find(line->commands, word) : NULL;
  if (!command_line_check_args(line, 1, &error))
    return report_error(line->report, error);
  if (word != NULL && command == NULL) {
    error = no_such_command(line->commands, word);
    return report_error(line->report, error);
  }
  page = command != NULL ? help_command(command) : help_full(line->commands);
  fputs(page, stdout);
  return 0;
}

const Command command_help = {
    .name = "help",
    .summary = N_("Show this help, or that of a command"),
    .usage = N_("[COMMAND]"),
    .examples = "owup help deploy\n",
    .args = ARGS_COMMANDS,
    .run = run_help,
};
