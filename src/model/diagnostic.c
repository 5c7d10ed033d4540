/* SPDX-License-Identifier: MIT */
#include "diagnostic.h"

#include <string.h>

/* A minified line would flood the terminal. */
#define SOURCE_LIMIT 2000

gboolean
diagnostic_find_line(const char *text, gsize len, int line, const char **start, gsize *line_len)
{
  const char *at = text, *end = text + len;
  for (int n = 1; line > 0 && at < end; n++) {
    const char *stop = at;
    while (stop < end && *stop != '\n' && *stop != '\r')
      stop++;
    if (n == line) {
      *start = at;
      *line_len = (gsize)(stop - at);
      return TRUE;
    }
    at = stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
  }
  return FALSE;
}

/* At most SOURCE_LIMIT bytes, and no character torn. */
static gsize
cut_length(const char *start, gsize len)
{
  if (len <= SOURCE_LIMIT)
    return len;
  len = SOURCE_LIMIT;
  while (len > 0 && (start[len] & 0xC0) == 0x80)
    len--;
  return len;
}

Diagnostic *
diagnostic_new(const char *file, int line, int col, const char *message, const char *text,
               gsize len)
{
  Diagnostic *diagnostic = g_new0(Diagnostic, 1);
  diagnostic->file = g_strdup(file);
  diagnostic->line = line;
  diagnostic->col = col;
  diagnostic->message = g_strdup(message);
  const char *start;
  gsize line_len;
  if (text != NULL && line > 0 && diagnostic_find_line(text, len, line, &start, &line_len))
    diagnostic->source = g_utf8_make_valid(start, (gssize)cut_length(start, line_len));
  return diagnostic;
}

Diagnostic *
diagnostic_copy(const Diagnostic *diagnostic)
{
  Diagnostic *copy = g_new0(Diagnostic, 1);
  *copy = *diagnostic;
  copy->file = g_strdup(diagnostic->file);
  copy->message = g_strdup(diagnostic->message);
  copy->source = g_strdup(diagnostic->source);
  return copy;
}

void
diagnostic_free(Diagnostic *diagnostic)
{
  if (diagnostic == NULL)
    return;
  g_free(diagnostic->file);
  g_free(diagnostic->message);
  g_free(diagnostic->source);
  g_free(diagnostic);
}
