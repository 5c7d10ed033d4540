/* SPDX-License-Identifier: MIT */
/* Running a program for what it writes: no shell, no terminal, and never longer than it is given.
 * Any thread. */
#pragma once

#include "clock.h"

#include <glib.h>

typedef struct {
  const char *const *argv; /* argv[0] is a path; NULL at the end */
  char **environment;      /* all of it */
  GBytes *input;           /* what it reads; NULL: nothing */
  gsize limit;             /* more bytes than that are no answer */
} ProcessRun;

/* All that it wrote to standard output (what it says on standard error is dropped), owned by the
 * caller; NULL: it could not be started, wrote too much, or was too late. `*status` becomes its
 * exit status, -1 where a signal ended it; with `status` NULL it is killed at the end of its
 * output. */
GString *process_run(const ProcessRun *run, ClockDeadline deadline, int *status);
