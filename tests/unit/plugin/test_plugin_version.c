/* SPDX-License-Identifier: MIT */
#include "plugin_version.h"

static void
test_compare(void)
{
  static const struct {
    const char *a, *b;
    int order;
  } cases[] = {
      {"1.2.3", "1.2.3", 0},
      {"1.2.3", "1.2.4", -1},
      {"1.10.0", "1.9.9", 1},
      {"2.0.0", "10.0.0", -1},
      {"1.2", "1.2.0", 0},
      {"1", "1.0.1", -1},
      {"v1.2.3", "1.2.3", 0},
      {"1.0.0-rc1", "1.0.0", -1},
      {"1.0.0-rc1", "1.0.0-rc2", -1},
      {"1.0.0", "1.0.0-a", 1},
      {"1.2.3.4", "1.2.3.5", -1},
      {"0.0.0", "0.0.0", 0},
      {"1.2.", "1.2", -1},
      {"18446744073709551615", "1", 1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gboolean known = FALSE;
    int order = plugin_version_compare(cases[i].a, cases[i].b, &known);
    g_test_message("%s and %s", cases[i].a, cases[i].b);
    g_assert_true(known);
    g_assert_cmpint((order > 0) - (order < 0), ==, cases[i].order);
    order = plugin_version_compare(cases[i].b, cases[i].a, NULL);
    g_assert_cmpint((order > 0) - (order < 0), ==, -cases[i].order);
  }
}

static void
test_unknown(void)
{
  gboolean known = TRUE;
  plugin_version_compare("latest", "1.0.0", &known);
  g_assert_false(known);
  known = TRUE;
  plugin_version_compare("1.0.0", "", &known);
  g_assert_false(known);
  g_assert_cmpint(plugin_version_compare("latest", "latest", NULL), ==, 0);
}

static void
test_strict(void)
{
  static const char *const good[] = {"0.0.0", "1.2.3", "10.20.30", "1.03.0"};
  static const char *const bad[] = {"",          "1",      "1.2",       "1.2.3.4", "v1.2.3",
                                    "1.2.3-rc1", "1..3",   ".1.2.3",    "1.2.3.",  "1.2.x",
                                    " 1.2.3",    "1.2.3 ", "\"1.2.3\"", "一.二.三"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(plugin_version_is_strict(good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_test_message("%s", bad[i]);
    g_assert_false(plugin_version_is_strict(bad[i]));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/version/compare", test_compare);
  g_test_add_func("/version/unknown", test_unknown);
  g_test_add_func("/version/strict", test_strict);
  return g_test_run();
}
