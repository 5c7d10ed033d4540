/* SPDX-License-Identifier: MIT */
/* What diff.c prints: two texts as lines, and where they differ. */
#pragma once

#include <glib.h>

typedef struct {
  const char *text; /* with its \n, where it has one; points into the bytes */
  gsize length;
} DiffLine;

/* Lines [a, a_end) of the first text became [b, b_end) of the second, counted from 0. One of the
 * two may be empty. */
typedef struct {
  guint a, a_end, b, b_end;
} DiffChange;

typedef struct {
  GArray *a, *b;   /* of DiffLine */
  GArray *changes; /* of DiffChange, in order, never touching each other */
} DiffScript;

/* The lines point into `a` and `b`, which must outlive the script. */
DiffScript *diff_script_new(GBytes *a, GBytes *b);
void diff_script_free(DiffScript *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiffScript, diff_script_free)
