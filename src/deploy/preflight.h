/* SPDX-License-Identifier: MIT */
/* What is checked on this side before anything is sent, and what to say where a server hides its
 * reason. */
#pragma once

#include "diagnostic.h"
#include "plugin.h"

#include <glib.h>

typedef enum {
  PRECHECK_NOT_ASKED,
  PRECHECK_FINE,
  PRECHECK_BROKEN,
  PRECHECK_NO_PYTHON
} PreflightVerdict;

/* Do the file's own diagnostics forbid sending it? With `no_check` only what cannot be put into a
 * request does. */
gboolean preflight_blocks(const Plugin *plugin, gboolean no_check);

/* Copies the file's diagnostics. */
void preflight_take_diagnostics(const Plugin *plugin, GPtrArray *diagnostics);

/* Asks a local python3 whether the text compiles; what it finds is added to `diagnostics`. */
PreflightVerdict preflight_python(const Plugin *plugin, GPtrArray *diagnostics);

/* Sets the hint of `error` (OWUP_ERROR_REFUSED_HIDDEN). `version` is the server's, or NULL. */
void preflight_explain_hidden(PreflightVerdict verdict, const char *version, GError *error);
