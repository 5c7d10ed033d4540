/* The text of a JSON string, as Python's json writes it and as owup sends it. */
#pragma once

#include <glib.h>

/* Longest escape: \u001f. */
#define JSON_ESCAPE_MAX 6

/* Does this byte need an escape? All of UTF-8 beyond ASCII stands for itself. */
static inline gboolean
json_escape_needed(char c)
{
  return (guchar)c < 0x20 || c == '"' || c == '\\';
}

/* Writes the escape of a byte that needs one, without a NUL; its length. */
gsize json_escape(char c, char escape[JSON_ESCAPE_MAX]);
