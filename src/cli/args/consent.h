/* SPDX-License-Identifier: MIT */
/* Asking before what cannot be taken back. */
#pragma once

#include "command.h"

/* Is there somebody to ask? OWUP_ERROR_USAGE asks for --yes. */
gboolean consent_possible(const CommandLine *line, GError **error);

/* TRUE where `yes` (--yes) says so, or a person at the terminal answers y. Without a terminal, and
 * with --json, OWUP_ERROR_USAGE asks for --yes; a person's no is USAGE, too. */
gboolean consent_ask(const CommandLine *line, gboolean yes, const char *question, GError **error);
