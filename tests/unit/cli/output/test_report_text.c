/* SPDX-License-Identifier: MIT */
/* Long titles in lines. */
#include "report_private.h"

static void
check(const char *before, guint length, const char *after, gboolean cut)
{
  g_autofree char *title = g_strnfill(length, 'x');
  g_autofree char *line = g_strdup_printf("%s'%s'%s", before, title, after);
  g_autofree char *kept = g_strnfill(79, 'x');
  g_autofree char *want = g_strdup_printf("%s'%s…'%s", before, kept, after);
  g_autofree char *got = report_text_short(line);
  g_assert_cmpstr(got, ==, cut ? want : line);
}

static void
test_titles(void)
{
  check("Updated ", 500, " 1.0 -> 1.1.", TRUE);
  check("", 81, ": x", TRUE);
  check("", 80, ": x", FALSE);
  check("a ('b') ", 200, "", TRUE);
  check("it's ", 100, " so", TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report-text/titles", test_titles);
  return g_test_run();
}
