/* SPDX-License-Identifier: MIT */
/* Line differences, as `diff -u` prints them. */
#pragma once

#include <glib.h>

/* A unified diff of two texts with 3 lines of context, "--- a_label" / "+++ b_label" first; ""
 * where they are equal. Lines end at \n; a missing last newline is told as diff does; NUL bytes
 * become "?". Myers' algorithm, linear memory, bounded time: past a bound on the number of
 * differences it falls back to a coarser, still correct diff. Owned by the caller. */
char *diff_unified(const char *a_label, GBytes *a, const char *b_label, GBytes *b);

/* How many lines were added and removed. */
void diff_count(GBytes *a, GBytes *b, guint *added, guint *removed);
