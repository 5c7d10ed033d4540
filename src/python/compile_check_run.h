/* SPDX-License-Identifier: MIT */
/* Running a python3 on a text. Private to the check. */
#pragma once

#include "clock.h"

#include <glib.h>

/* The python3 in PATH: `python3` first, then 3.14 down to 3.11. Array of char *, never NULL. */
GPtrArray *compile_check_candidates(void);

/* A text with a NUL is two texts: "fine" where both are the same program with the same comments
 * (equal ast.dump), else "broken". Otherwise compiles `text` with the interpreter at `python`,
 * without running it, until `deadline`. The answer (owned by the caller)
 * is "fine", "old" (before 3.11), "unable" (it could not tell), or "broken\nLINE\nCOLUMN\nMESSAGE"
 * (line and column from 1, or 0), and then "\nend". NULL: no answer. Any thread. */
char *compile_check_ask(const char *python, GBytes *text, ClockDeadline deadline);
