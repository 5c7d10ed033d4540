/* SPDX-License-Identifier: MIT */
/* $OWUP_DIFF: a diff program of the user's own. */
#pragma once

#include "compare.h"

/* The command, or NULL. Belongs to the environment. */
const char *external_diff_command(void);

/* Runs `command` (a shell's) with two more arguments, the server's text and the file's: the file
 * itself where a server would hold just that, else what it would hold, both in a folder that is
 * removed afterwards. Its exit status does not count, unless the shell could not start it:
 * OWUP_ERROR_SETTINGS. Both sides of `comparison` are there. To be used while no other thread runs.
 */
gboolean external_diff_run(const char *command, const Comparison *comparison, GError **error);
