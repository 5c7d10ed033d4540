/* SPDX-License-Identifier: MIT */
#include "terminal_text.h"

static void
safe(const char *text, gboolean keep_lines, const char *want)
{
  g_autofree char *got = terminal_text_safe(text, keep_lines);
  g_assert_cmpstr(got, ==, want);
}

static void
test_safe(void)
{
  safe("", FALSE, "");
  safe("Title 压缩 📂 é", FALSE, "Title 压缩 📂 é");
  safe("\033[31mred\a", FALSE, "\uFFFD[31mred\uFFFD");
  safe("a\nb\tc\rd", FALSE, "a\uFFFDb\uFFFDc\uFFFDd");
  safe("a\nb\tc\rd", TRUE, "a\nb\tc\uFFFDd");
  safe("\x7F\xC2\x9B"
       "31m",
       TRUE, "\uFFFD\uFFFD31m");
  safe("a\u202Eb\u2066c\u2069", TRUE, "a\uFFFDb\uFFFDc\uFFFD");
  safe("ab\xFF\xC3", FALSE, "ab\uFFFD\uFFFD");
}

static void
test_width(void)
{
  g_assert_cmpuint(terminal_text_width(""), ==, 0);
  g_assert_cmpuint(terminal_text_width("abc"), ==, 3);
  g_assert_cmpuint(terminal_text_width("压缩"), ==, 4);
  g_assert_cmpuint(terminal_text_width("📂 F"), ==, 4);
  g_assert_cmpuint(terminal_text_width("e\u0301"), ==, 1);
  g_assert_cmpuint(terminal_text_width("a\u200Bb"), ==, 2);
  g_assert_cmpuint(terminal_text_width("⚠"), ==, 1);
  g_assert_cmpuint(terminal_text_width("⚠\uFE0F"), ==, 2);
  g_assert_cmpuint(terminal_text_width("📂\uFE0F"), ==, 2);
  g_assert_cmpuint(terminal_text_width("\uFE0F"), ==, 0);
  g_assert_cmpuint(terminal_text_width("✅ é"), ==, 4);
}

static void
fit(const char *text, gsize width, const char *want)
{
  g_autofree char *got = terminal_text_fit(text, width);
  g_assert_cmpstr(got, ==, want);
  g_assert_cmpuint(terminal_text_width(got), ==, width);
}

static void
test_fit(void)
{
  fit("", 0, "");
  fit("abc", 0, "");
  fit("abc", 1, "…");
  fit("", 3, "   ");
  fit("abc", 3, "abc");
  fit("abc", 5, "abc  ");
  fit("abcdef", 4, "abc…");
  fit("压缩压缩", 8, "压缩压缩");
  fit("压缩压缩", 7, "压缩压…");
  fit("压缩压缩", 6, "压缩… ");
  fit("压缩", 1, "…");
  fit("ae\u0301bcd", 3, "ae\u0301…");
  fit("a⚠\uFE0Fbc", 3, "a… ");
  fit("a⚠\uFE0Fbcd", 4, "a⚠\uFE0F…");
}

static void
fit_end(const char *text, gsize width, const char *want)
{
  g_autofree char *got = terminal_text_fit_end(text, width);
  g_assert_cmpstr(got, ==, want);
  g_assert_cmpuint(terminal_text_width(got), ==, width);
}

static void
test_fit_end(void)
{
  fit_end("", 0, "");
  fit_end("abc", 0, "");
  fit_end("abc", 1, "…");
  fit_end("abc", 3, "abc");
  fit_end("abc", 5, "abc  ");
  fit_end("abcdef", 4, "…def");
  fit_end("压缩压缩", 7, "…缩压缩");
  fit_end("压缩压缩", 6, "…压缩 ");
  fit_end("ae\u0301bcd", 4, "…bcd");
  fit_end("abe\u0301cd", 4, "…e\u0301cd");
  fit_end("a⚠\uFE0Fbc", 4, "…bc ");
  fit_end("ab⚠\uFE0Fc", 4, "…⚠\uFE0Fc");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/termtext/safe", test_safe);
  g_test_add_func("/termtext/width", test_width);
  g_test_add_func("/termtext/fit", test_fit);
  g_test_add_func("/termtext/fit-end", test_fit_end);
  return g_test_run();
}
