/* SPDX-License-Identifier: MIT */
#include "kind.h"

static void
test_table(void)
{
  static const char *const rows[N_KINDS][3] = {
      [KIND_PIPE] = {"pipe", "Pipe", "pipes"},
      [KIND_FILTER] = {"filter", "Filter", "filters"},
      [KIND_ACTION] = {"action", "Action", "actions"},
      [KIND_EVENT] = {"event", "Event", "events"},
      [KIND_TOOL] = {"tool", "Tools", "tools"},
  };
  for (int kind = 0; kind < N_KINDS; kind++) {
    g_assert_cmpstr(kind_name((Kind)kind), ==, rows[kind][0]);
    g_assert_cmpstr(kind_class((Kind)kind), ==, rows[kind][1]);
    g_assert_cmpstr(kind_folder((Kind)kind), ==, rows[kind][2]);
    for (int i = 0; i < 3; i++) {
      g_autofree char *upper = g_ascii_strup(rows[kind][i], -1);
      Kind parsed = N_KINDS;
      g_assert_true(kind_parse(upper, &parsed));
      g_assert_cmpint(parsed, ==, kind);
    }
  }
}

static void
test_other_words(void)
{
  static const char *const words[] = {"", "function", "functions", "filte", "filterss", " tool"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    Kind kind = N_KINDS;
    g_assert_false(kind_parse(words[i], &kind));
    g_assert_cmpint(kind, ==, N_KINDS);
  }
}

static void
test_split(void)
{
  static const char *const words[] = {"", "my_filter", "filter/", "/x", "functions/x"};
  Kind kind = N_KINDS;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    g_assert_null(kind_split(words[i], &kind));
  g_assert_cmpstr(kind_split("Tools/a/b", &kind), ==, "a/b");
  g_assert_cmpint(kind, ==, KIND_TOOL);
}

static void
test_family(void)
{
  g_assert_cmpint(kind_family(KIND_TOOL), ==, FAMILY_TOOL);
  for (int kind = 0; kind < KIND_TOOL; kind++)
    g_assert_cmpint(kind_family((Kind)kind), ==, FAMILY_FUNCTION);
  g_assert_cmpstr(family_path(FAMILY_FUNCTION), ==, "functions");
  g_assert_cmpstr(family_path(FAMILY_TOOL), ==, "tools");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kind/table", test_table);
  g_test_add_func("/kind/other-words", test_other_words);
  g_test_add_func("/kind/split", test_split);
  g_test_add_func("/kind/family", test_family);
  return g_test_run();
}
