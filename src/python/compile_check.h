/* SPDX-License-Identifier: MIT */
/* Asking a local python3 whether the text compiles. The plugin's code never runs. */
#pragma once

#include "diagnostic.h"

#include <glib.h>

typedef enum {
  PYCHECK_FINE,        /* it compiles */
  PYCHECK_BROKEN,      /* it does not: see the diagnostic */
  PYCHECK_UNAVAILABLE, /* no python3 of 3.11 or newer in PATH, or it did not answer in 10 s */
} CompileCheckResult;

/* Compiles `text` (as the server will run it, after import rewriting) with the first python3
 * of 3.11 or newer in PATH: isolated (-I), without site, `compile(text, …, dont_inherit=True)`,
 * SyntaxWarnings off. Lines and columns are mapped back to `original` (the file's own bytes, before
 * rewriting), whose line the diagnostic shows. Takes 20 to 40 ms for 196 KB. Verdicts are cached by
 * digest and Python version below $XDG_CACHE_HOME/owup; a cache that cannot be used is no error. */
CompileCheckResult compile_check(const char *file, GBytes *original, GBytes *rewritten,
                                 Diagnostic **diagnostic);

/* Are both texts the same program (equal ast.dump) with the same comments? FINE: yes; BROKEN: no,
 * or one does not parse. Not cached. */
CompileCheckResult compile_check_same(GBytes *a, GBytes *b);
