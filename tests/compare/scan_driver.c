/* SPDX-License-Identifier: MIT */
/* What python_scan() says of many texts, for scan_compare.py.
 *
 * Standard input: for each text its length in decimal, a line break, its bytes. Standard output, a
 * line for each: "ok" or "broken", line, column, the lines of the five plugin classes in the order
 * of Kind, whether there is a star import, and the message behind a tab.
 */
#include "python_scan.h"

#include <stdio.h>
#include <stdlib.h>

static void
report(const char *text, gsize len)
{
  PythonScan scan;
  g_autoptr(Diagnostic) diagnostic = NULL;
  gboolean fine = python_scan("-", text, len, &scan, &diagnostic);
  printf("%s %d %d", fine ? "ok" : "broken", fine ? 0 : diagnostic->line,
         fine ? 0 : diagnostic->col);
  for (int kind = 0; kind < N_KINDS; kind++)
    printf(" %d", scan.bound[kind].line);
  printf(" %d\t%s\n", scan.star_import, fine ? "" : diagnostic->message);
}

int
main(void)
{
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    gsize len = strtoul(line, NULL, 10);
    g_autofree char *text = g_malloc(len + 1);
    if (fread(text, 1, len, stdin) != len)
      return EXIT_FAILURE;
    report(text, len);
    fflush(stdout);
  }
  return EXIT_SUCCESS;
}
