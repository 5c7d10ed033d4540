/* SPDX-License-Identifier: MIT */
/* One finding in a plugin's file, as a compiler would report it. Immutable once made. */
#pragma once

#include <glib.h>

typedef struct {
  char *file;    /* as shown to the user */
  int line;      /* from 1; 0 where the finding is about the file as a whole */
  int col;       /* from 1, in Unicode characters of the line; 0 where only the line is known */
  char *message; /* without "FILE:LINE:COL: " */
  char *source;  /* the line's text without its line break (at most 2000 bytes of it), or NULL */
} Diagnostic;

/* Takes copies. `text` (`len` bytes, valid UTF-8 up to the line) is where the source line is cut
 * from; NULL for none. Lines end at \n, \r\n and \r, as in Python. */
Diagnostic *diagnostic_new(const char *file, int line, int col, const char *message,
                           const char *text, gsize len);
Diagnostic *diagnostic_copy(const Diagnostic *diagnostic);
void diagnostic_free(Diagnostic *diagnostic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diagnostic, diagnostic_free)

/* Finds line `line` (from 1) of `text`; FALSE beyond the end. Without its line break. */
gboolean diagnostic_find_line(const char *text, gsize len, int line, const char **start,
                              gsize *line_len);
