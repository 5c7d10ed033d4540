/* SPDX-License-Identifier: MIT */
#include "python_scan.h"
#include "parser.h"

gboolean
python_scan(const char *file, const char *text, gsize len, PythonScan *scan,
            Diagnostic **diagnostic)
{
  Parser parser = {0};
  *scan = (PythonScan){0};
  parser_init(&parser, text, len, scan);
  parse_file(&parser);
  const ScanError *error = parser_finish(&parser);
  if (error != NULL && diagnostic != NULL)
    *diagnostic = diagnostic_new(file, error->place.line, source_pos_column(text, error->place.at),
                                 error->message, text, len);
  scan->whole = error == NULL;
  parser_clear(&parser);
  return scan->whole;
}

gboolean
python_scan_kind(const PythonScan *scan, Kind *kind)
{
  for (int i = 0; i < N_KINDS; i++) {
    if (scan->bound[i].line == 0)
      continue;
    *kind = (Kind)i;
    return TRUE;
  }
  return FALSE;
}
