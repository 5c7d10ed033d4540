/* SPDX-License-Identifier: MIT */
#include "time_text.h"

static void
check(gint64 at, const char *local, const char *utc)
{
  g_autofree char *here = time_text(at);
  g_autofree char *there = time_text_utc(at);
  g_assert_cmpstr(here, ==, local);
  g_assert_cmpstr(there, ==, utc);
}

static void
test_times(void)
{
  check(1700000000, "2023-11-15 00:13", "2023-11-14T22:13:20Z");
  check(-1, "1970-01-01 01:59", "1969-12-31T23:59:59Z");
}

static void
test_none(void)
{
  static const gint64 none[] = {0, G_MAXINT64, G_MININT64, 1700000000 * G_GINT64_CONSTANT(1000000),
                                1700000000 * G_GINT64_CONSTANT(1000000000)};
  for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
    check(none[i], NULL, NULL);
}

int
main(int argc, char **argv)
{
  g_setenv("TZ", "UTC-2", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/timetext/times", test_times);
  g_test_add_func("/timetext/none", test_none);
  return g_test_run();
}
