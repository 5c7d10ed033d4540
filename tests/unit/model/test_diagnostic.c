/* SPDX-License-Identifier: MIT */
#include "diagnostic.h"

#include <string.h>

static void
line_is(const char *text, gsize len, int line, const char *want)
{
  const char *start;
  gsize n;
  if (want == NULL) {
    g_assert_false(diagnostic_find_line(text, len, line, &start, &n));
    return;
  }
  g_assert_true(diagnostic_find_line(text, len, line, &start, &n));
  g_assert_cmpmem(start, n, want, strlen(want));
}

static void
test_find_line(void)
{
  static const char text[] = "one\ntwo\r\n\rfour\n\nsix";
  gsize len = strlen(text);
  line_is(text, len, 0, NULL);
  line_is(text, len, 1, "one");
  line_is(text, len, 2, "two");
  line_is(text, len, 3, "");
  line_is(text, len, 4, "four");
  line_is(text, len, 5, "");
  line_is(text, len, 6, "six");
  line_is(text, len, 7, NULL);
  line_is("", 0, 1, NULL);
  line_is("a\n", 2, 2, NULL);
  line_is("a\r\nb", 2, 1, "a");
  line_is("a\0b\nc", 5, 2, "c");
}

static void
test_new(void)
{
  static const char text[] = "first\nsecond é\n";
  g_autoptr(Diagnostic) made = diagnostic_new("f.py", 2, 8, "wrong", text, strlen(text));
  g_autoptr(Diagnostic) diagnostic = diagnostic_copy(made);
  g_assert_true(diagnostic->message != made->message);
  g_assert_cmpstr(diagnostic->file, ==, "f.py");
  g_assert_cmpint(diagnostic->line, ==, 2);
  g_assert_cmpint(diagnostic->col, ==, 8);
  g_assert_cmpstr(diagnostic->message, ==, "wrong");
  g_assert_cmpstr(diagnostic->source, ==, "second é");
}

static void
test_without_source(void)
{
  g_autoptr(Diagnostic) whole = diagnostic_new("f.py", 0, 0, "no class", "x\n", 2);
  g_assert_null(whole->source);
  g_autoptr(Diagnostic) beyond = diagnostic_new("f.py", 9, 1, "end", "x\n", 2);
  g_assert_null(beyond->source);
  g_autoptr(Diagnostic) bare = diagnostic_new("f.py", 1, 1, "end", NULL, 0);
  g_assert_null(bare->source);
  g_autoptr(Diagnostic) copy = diagnostic_copy(bare);
  g_assert_null(copy->source);
}

static void
test_odd_source(void)
{
  g_autoptr(Diagnostic) bytes = diagnostic_new("f.py", 1, 4, "bad", "caf\xE9\n", 5);
  g_assert_cmpstr(bytes->source, ==, "caf\uFFFD");
  g_autofree char *text = g_strnfill(1999, 'x');
  g_autofree char *line = g_strconcat(text, "精精精", NULL);
  g_autoptr(Diagnostic) cut = diagnostic_new("f.py", 1, 1, "long", line, strlen(line));
  g_assert_cmpstr(cut->source, ==, text);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/diagnostic/find-line", test_find_line);
  g_test_add_func("/diagnostic/new", test_new);
  g_test_add_func("/diagnostic/without-source", test_without_source);
  g_test_add_func("/diagnostic/odd-source", test_odd_source);
  return g_test_run();
}
