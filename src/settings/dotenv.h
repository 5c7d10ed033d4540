/* SPDX-License-Identifier: MIT */
/* .env files: NAME=value lines with comments, `export`, quotes, CRLF, a byte order mark, blanks
 * round "=". */
#pragma once

#include <glib.h>

/* A line with a name at its beginning. */
typedef struct {
  int number;       /* from 1 */
  char *name;       /* as written */
  const char *sign; /* what follows it: "=" in an assignment, or ":", "：", "＝", " ". Static. */
} DotenvLine;

void dotenv_line_free(DotenvLine *line);

/* Reads `len` bytes. The names map (case folded to upper) to values, the last of the same name
 * wins. NULL with OWUP_ERROR_SETTINGS (`file`, line) where the text is not UTF-8 or has a NUL; a
 * line that is no assignment is passed over. `lines` (of DotenvLine, or NULL) gets the lines with a
 * name, in order. Owned by the caller. */
GHashTable *dotenv_parse(const char *file, const char *text, gsize len, GPtrArray *lines,
                         GError **error);
