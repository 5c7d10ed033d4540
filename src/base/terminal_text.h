/* SPDX-License-Identifier: MIT */
/* Text for a terminal: what may go there, and how wide it is. */
#pragma once

#include <glib.h>

/* A copy of `text` that is safe to print: control characters (C0, DEL, C1, but not \n and \t where
 * `keep_lines`) and the bidirectional overrides become U+FFFD, invalid UTF-8 too. */
char *terminal_text_safe(const char *text, gboolean keep_lines);

/* Columns that `text` (UTF-8) takes on a terminal: CJK and emoji 2, combining marks and zero-width
 * 0. */
gsize terminal_text_width(const char *text);

/* A copy of `text` padded with spaces to `width` columns, or cut with "…" where it is wider;
 * exactly `width` columns in both cases. */
char *terminal_text_fit(const char *text, gsize width);
/* The same, cut at its beginning. */
char *terminal_text_fit_end(const char *text, gsize width);
