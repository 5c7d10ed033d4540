/* SPDX-License-Identifier: MIT */
/* Any UTF-8 without NUL through the Python scan. */
#include "python_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean condition)
{
  if (!condition)
    abort();
}

/* The place is in the text, or right behind a line of it. */
static void
check_diagnostic(const Diagnostic *diagnostic, const char *text, gsize len)
{
  const char *line;
  gsize line_len;
  require(diagnostic->line >= 1 && diagnostic->col >= 1);
  require(diagnostic->message != NULL && *diagnostic->message != '\0');
  require(g_utf8_validate(diagnostic->message, -1, NULL));
  require(diagnostic_find_line(text, len, diagnostic->line, &line, &line_len));
  require(diagnostic->col <= g_utf8_strlen(line, (gssize)line_len) + 1);
}

/* Scans the text; the line of the first error, or 0. */
static int
scan(const char *text, gsize len, PythonScan *found)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  gboolean fine = python_scan("x.py", text, len, found, &diagnostic);
  require(fine == (diagnostic == NULL));
  if (!fine)
    check_diagnostic(diagnostic, text, len);
  return fine ? 0 : diagnostic->line;
}

/* One more empty line above moves everything down by a line, and changes nothing else. */
static void
check_moved(const char *text, gsize len, const PythonScan *found, int line)
{
  PythonScan moved;
  g_autofree char *copy = g_malloc(len + 1);
  *copy = '\n';
  memcpy(copy + 1, text, len);
  require(scan(copy, len + 1, &moved) == (line > 0 ? line + 1 : 0));
  require(moved.star_import == found->star_import);
  for (int kind = 0; kind < N_KINDS; kind++) {
    int at = found->bound[kind].line;
    require(moved.bound[kind].line == (at > 0 ? at + 1 : 0));
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *text = (const char *)data;
  PythonScan found;
  if (memchr(text, '\0', size) != NULL || !g_utf8_validate(text, (gssize)size, NULL))
    return 0;
  int line = scan(text, size, &found);
  check_moved(text, size, &found, line);
  return 0;
}
