/* SPDX-License-Identifier: MIT */
/* Are a file's bytes a text that a server can take: UTF-8 without byte order mark and NUL? */
#pragma once

#include <glib.h>

typedef struct {
  gboolean is_utf8; /* NUL bytes and a byte order mark are still UTF-8 */
  gboolean has_nul;
  gsize bom; /* bytes of a UTF-8 byte order mark at the start: 0 or 3 */
} Encoding;

/* Appends a Diagnostic for each kind of trouble, at its first place. `file` is the name to show. */
Encoding encoding_check(const char *file, const char *text, gsize len, GPtrArray *diagnostics);
