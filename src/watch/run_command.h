/* SPDX-License-Identifier: MIT */
/* --run: a shell command after each success, never two at once. */
#pragma once

#include "outcome.h"

typedef struct RunCommand RunCommand;

/* `error`: it could not be run, or ended with another status than 0. On the main loop. */
typedef void (*RunCommandFunc)(const GError *error, gpointer data);

/* `command` is for sh -c. `out_to_err`: its standard output goes to standard error. */
RunCommand *run_command_new(const char *command, gboolean out_to_err, RunCommandFunc failed,
                            gpointer data);
/* Starts no more; what runs goes on until run_command_free(). NULL is fine. */
void run_command_stop(RunCommand *run);
/* Ends what runs. NULL is fine. */
void run_command_free(RunCommand *run);

/* Was a command running at `when` (of clock_now()), or has it just ended? */
gboolean run_command_covers(const RunCommand *run, gint64 when);

/* Runs it with OWUP_ID, OWUP_FILE and OWUP_RESULT in its environment, now or when what runs has
 * ended. Of what waits, only a file's latest is kept. */
void run_command_after(RunCommand *run, const Outcome *outcome);
