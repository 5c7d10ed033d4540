/* SPDX-License-Identifier: MIT */
/* Does the Python hold together, and which plugin classes does it bind? Without an interpreter.
 *
 * The scan knows Python's lexical rules (3.8 to 3.14: all string prefixes, nested f-strings, line
 * joining, brackets, indentation) and as much of the grammar as can be judged without ever calling
 * good code bad: what Python compiles must pass. What passes may still fail to compile.
 */
#pragma once

#include "diagnostic.h"
#include "kind.h"

#include <glib.h>

typedef struct {
  int line; /* where the name Pipe, Filter, ... is first bound at top level, from 1; 0: it is not */
} ScanBinding;

typedef struct {
  ScanBinding bound[N_KINDS]; /* by class, def, assignment or import, also inside top-level
                                 if/try/with/for */
  gboolean whole;             /* the text holds together */
  gboolean star_import;       /* a top-level `from x import *` may bind any of them */
} PythonScan;

/* Reads `len` bytes of valid UTF-8 without NUL. `file` is the name for the diagnostic.
 * Returns TRUE when it holds together. Else FALSE and the first error in `*diagnostic` (owned by
 * the caller); `scan` then holds what was bound up to there. Time and memory are linear in `len`.
 */
gboolean python_scan(const char *file, const char *text, gsize len, PythonScan *scan,
                     Diagnostic **diagnostic);

/* The kind as a server finds it: the first of Pipe, Filter, Action, Event, then Tools. FALSE: none.
 */
gboolean python_scan_kind(const PythonScan *scan, Kind *kind);
