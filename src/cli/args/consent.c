/* SPDX-License-Identifier: MIT */
#include "consent.h"

#include "error.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

gboolean
consent_possible(const CommandLine *line, GError **error)
{
  if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !line->global.json)
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_USAGE, _("Without a terminal, owup %s needs --yes"),
                        line->command->name);
}

gboolean
consent_ask(const CommandLine *line, gboolean yes, const char *question, GError **error)
{
  char answer[16] = "";
  if (yes)
    return TRUE;
  if (!consent_possible(line, error))
    return FALSE;
  g_autofree char *safe = terminal_text_safe(question, FALSE);
  fprintf(stderr, "%s [y/N] ", safe);
  fflush(stderr);
  if (fgets(answer, sizeof answer, stdin) != NULL && g_ascii_tolower(answer[0]) == 'y')
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_USAGE, _("Nothing was done"));
}
