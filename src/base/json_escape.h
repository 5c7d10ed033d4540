/* SPDX-License-Identifier: MIT */
/* The text of a JSON string, as Python's json writes it and as owup sends it. */
#pragma once

#include <glib.h>

/* Longest escape: \u001f. */
#define JSON_ESCAPE_MAX 6

/* How many of the first `len` bytes come before one that needs an escape; all of UTF-8 beyond ASCII
 * stands for itself. */
gsize json_escape_plain_length(const char *text, gsize len);

/* Writes the escape of a byte that needs one, without a NUL; its length. */
gsize json_escape(char c, char escape[JSON_ESCAPE_MAX]);
