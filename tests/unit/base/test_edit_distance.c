/* SPDX-License-Identifier: MIT */
#include "edit_distance.h"

static void
test_distances(void)
{
  g_assert_cmpuint(edit_distance("", "", 9), ==, 0);
  g_assert_cmpuint(edit_distance("abc", "abc", 9), ==, 0);
  g_assert_cmpuint(edit_distance("abc", "", 9), ==, 3);
  g_assert_cmpuint(edit_distance("", "abc", 9), ==, 3);
  g_assert_cmpuint(edit_distance("abc", "abd", 9), ==, 1);
  g_assert_cmpuint(edit_distance("abc", "abcd", 9), ==, 1);
  g_assert_cmpuint(edit_distance("abc", "bc", 9), ==, 1);
  g_assert_cmpuint(edit_distance("filter", "fitler", 9), ==, 1);
  g_assert_cmpuint(edit_distance("kitten", "sitting", 9), ==, 3);
  g_assert_cmpuint(edit_distance("精读", "精度", 9), ==, 1);
}

static void
test_limits(void)
{
  g_assert_cmpuint(edit_distance("abc", "xyz", 2), ==, 3);
  g_assert_cmpuint(edit_distance("abc", "xyz", 1), ==, 2);
  g_assert_cmpuint(edit_distance("abc", "abc", 0), ==, 0);
  g_autofree char *a = g_strnfill(5000, 'a'), *b = g_strnfill(5000, 'b');
  g_assert_cmpuint(edit_distance(a, b, 3), ==, 4);
  g_assert_cmpuint(edit_distance(a, a, 3), ==, 0);
}

static void
test_closest(void)
{
  const char *const args[] = {"deploy", "check", "list", "sandbox", NULL};
  g_assert_cmpstr(edit_distance_closest("depoly", args), ==, "deploy");
  g_assert_cmpstr(edit_distance_closest("chek", args), ==, "check");
  g_assert_cmpstr(edit_distance_closest("lits", args), ==, "list");
  g_assert_cmpstr(edit_distance_closest("sand", args), ==, "sandbox");
  g_assert_null(edit_distance_closest("x", args));
  g_assert_null(edit_distance_closest("", args));
  g_assert_null(edit_distance_closest("markdown_normalizer", args));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/distance/distances", test_distances);
  g_test_add_func("/distance/limits", test_limits);
  g_test_add_func("/distance/closest", test_closest);
  return g_test_run();
}
