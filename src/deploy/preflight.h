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
} PrecheckVerdict;

/* Do the file's own diagnostics forbid sending it? With `no_check` only what cannot be put into a
 * request does. */
gboolean precheck_blocks(const Plugin *plugin, gboolean no_check);

/* Copies the file's diagnostics. */
void precheck_take_diagnostics(const Plugin *plugin, GPtrArray *diagnostics);

/* Asks a local python3 whether the text compiles; what it finds is added to `diagnostics`. */
PrecheckVerdict precheck_python(const Plugin *plugin, GPtrArray *diagnostics);

/* Sets the hint of `error` (OWUP_ERROR_REFUSED_HIDDEN). `version` is the server's, or NULL. */
void precheck_explain_hidden(PrecheckVerdict verdict, const char *version, GError *error);
