/* SPDX-License-Identifier: MIT */
#include "dotenv.h"
#include "error.h"

#include <string.h>

static GHashTable *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  GHashTable *values = dotenv_parse(".env", text, strlen(text), NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(values);
  return values;
}

static void
assert_value(const char *text, const char *name, const char *expected)
{
  g_autoptr(GHashTable) values = parse(text);
  g_assert_cmpstr(g_hash_table_lookup(values, name), ==, expected);
}

static void
test_plain(void)
{
  assert_value("api_key=sk-1", "API_KEY", "sk-1");
  assert_value("api_key=sk-1\n", "API_KEY", "sk-1");
  assert_value("Api_Key = sk-1 \t\n", "API_KEY", "sk-1");
  assert_value("  api_key\t=\tsk-1\n", "API_KEY", "sk-1");
  assert_value("a=1\r\nb=2\r\n", "A", "1");
  assert_value("a=1\r\nb=2\r\n", "B", "2");
  assert_value("a=\nb=2\n", "A", "");
  assert_value("a=", "A", "");
  assert_value("a=x=y==\n", "A", "x=y==");
  assert_value("a=ü精\n", "A", "ü精");
}

static void
test_export(void)
{
  assert_value("export a=1\n", "A", "1");
  assert_value("export\ta=1\n", "A", "1");
  assert_value("export=1\n", "EXPORT", "1");
  assert_value("exported=1\n", "EXPORTED", "1");
}

static void
test_comments(void)
{
  assert_value("# a=1\n", "A", NULL);
  assert_value("  # a=1\n", "A", NULL);
  assert_value("a=1 # one\n", "A", "1");
  assert_value("a=1#one\n", "A", "1#one");
  assert_value("a= # none\n", "A", "");
  assert_value("a='1' # one\n", "A", "1");
}

static void
test_quotes(void)
{
  assert_value("a=\"x y\"\n", "A", "x y");
  assert_value("a='x # y'\n", "A", "x # y");
  assert_value("a=' x '\n", "A", " x ");
  assert_value("a='x\\n'\n", "A", "x\\n");
  assert_value("a=\"x\\n\\\"y\\\"\"\n", "A", "x\n\"y\"");
  assert_value("a=\"\"\nb=2\n", "A", "");
  assert_value("a=\"\"\nb=2\n", "B", "2");
}

static void
test_quotes_over_lines(void)
{
  const char *text = "a=\"one\nb=two\"\nc=3\n";
  assert_value(text, "A", "one\nb=two");
  assert_value(text, "B", NULL);
  assert_value(text, "C", "3");
}

/* A lonely quote takes no other line with it. */
static void
test_open_quotes(void)
{
  assert_value("a='x\nb=2\n", "A", "'x");
  assert_value("a='x\nb=2\n", "B", "2");
  assert_value("a=it's\nb=2\n", "A", "it's");
  assert_value("a='x'y\nb=2\n", "A", "'x'y");
  assert_value("a=\"\\\nb=2\n", "B", "2");
}

static void
test_no_assignments(void)
{
  g_autoptr(GHashTable) values =
      parse("hello\n=x\nurl: http://x\n a b=c\n\n\n[x]\nif [ $a = 1 ]\n");
  g_assert_cmpuint(g_hash_table_size(values), ==, 0);
}

static void
test_last_wins(void)
{
  assert_value("url=1\nURL=2\n", "URL", "2");
  assert_value("URL=1\nurl=\n", "URL", "");
}

static void
test_byte_order_mark(void)
{
  assert_value("\xEF\xBB\xBFurl=1\n", "URL", "1");
  assert_value("", "URL", NULL);
  assert_value("\xEF\xBB\xBF", "URL", NULL);
}

static void
assert_refused(const char *text, gsize len, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(dotenv_parse("x/.env", text, len, NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_SETTINGS);
  g_assert_cmpstr(error->message, ==, message);
}

static void
test_no_text(void)
{
  assert_refused("a=1\nb=\xff\n", 7, "x/.env:2: not UTF-8 text; save it as UTF-8");
  assert_refused("a=1\nb=2\nc=\0\n", 12, "x/.env:3: a NUL byte is no text");
  assert_refused("\xff\xfe"
                 "a\0=\0",
                 6, "x/.env:1: not UTF-8 text; save it as UTF-8");
}

static void
test_lines(void)
{
  static const char text[] =
      "# url: x\nA=\"1\n2\"\nurl: h\nexport api_key：k\nb ＝ 1\nc d\ne\n=f\n";
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)dotenv_line_free);
  g_autoptr(GHashTable) values = dotenv_parse(".env", text, strlen(text), lines, NULL);
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; i < lines->len; i++) {
    const DotenvLine *line = g_ptr_array_index(lines, i);
    g_string_append_printf(got, "%d%s%s,", line->number, line->name, line->sign);
  }
  g_assert_cmpstr(got->str, ==, "2A=,4url:,5api_key：,6b＝,7c ,");
  g_assert_cmpuint(g_hash_table_size(values), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dotenv/plain", test_plain);
  g_test_add_func("/dotenv/export", test_export);
  g_test_add_func("/dotenv/comments", test_comments);
  g_test_add_func("/dotenv/quotes", test_quotes);
  g_test_add_func("/dotenv/quotes_over_lines", test_quotes_over_lines);
  g_test_add_func("/dotenv/open_quotes", test_open_quotes);
  g_test_add_func("/dotenv/no_assignments", test_no_assignments);
  g_test_add_func("/dotenv/last_wins", test_last_wins);
  g_test_add_func("/dotenv/byte_order_mark", test_byte_order_mark);
  g_test_add_func("/dotenv/no_text", test_no_text);
  g_test_add_func("/dotenv/lines", test_lines);
  return g_test_run();
}
