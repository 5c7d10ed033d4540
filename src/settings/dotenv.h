/* .env files: NAME=value lines with comments, `export`, quotes, CRLF, a byte order mark, blanks
 * round "=". */
#pragma once

#include <glib.h>

/* Reads `len` bytes. The names map (case folded to upper) to values, the last of the same name
 * wins. NULL with OWUP_ERROR_SETTINGS (`file`, line) where the text is not UTF-8 or has a NUL; a
 * line that is no assignment is passed over. Owned by the caller. */
GHashTable *dotenv_parse(const char *file, const char *text, gsize len, GError **error);
