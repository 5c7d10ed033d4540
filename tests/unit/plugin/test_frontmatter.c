/* SPDX-License-Identifier: MIT */
#include "frontmatter.h"

#include <string.h>

/* The text between the fences; `text` may hold any bytes of UTF-8. */
static Frontmatter *
parse(const char *text)
{
  g_autofree char *whole = g_strconcat("\"\"\"\n", text, "\n\"\"\"\nafter: x\n", NULL);
  return frontmatter_parse(whole, strlen(whole));
}

static void
value_is(const char *text, const char *key, const char *want)
{
  g_autoptr(Frontmatter) frontmatter = parse(text);
  g_assert_cmpstr(frontmatter_get(frontmatter, key), ==, want);
}

static guint
count(const char *text, gsize len)
{
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, len);
  g_autoptr(GPtrArray) keys = frontmatter_keys(frontmatter);
  return keys->len;
}

static void
test_values(void)
{
  value_is("title: Async Context Compression", "title", "Async Context Compression");
  value_is("  title  : x", "title", NULL);
  value_is("\t title:x", "title", "x");
  value_is("title:   x \t ", "title", "x");
  value_is("title:", "title", "");
  value_is("title: a: b", "title", "a: b");
  value_is("title: 'x'", "title", "'x'");
  value_is("url: https://x/y", "url", "https://x/y");
  value_is("title x", "title", NULL);
  value_is("tit-le: x", "le", NULL);
  value_is("title2: x", "title2", NULL);
  value_is("- title: x", "title", NULL);
  value_is(": x", "", NULL);
  value_is("_: x", "_", "x");
  value_is("title: \xC2\xA0精读\xE3\x80\x80", "title", "精读");
  value_is("title: x\xE2\x80\x8B", "title", "x\xE2\x80\x8B");
}

static void
test_keys_keep_their_case(void)
{
  g_autoptr(Frontmatter) frontmatter = parse("Description: upper\ndescription: lower\nTITLE: t");
  g_assert_cmpstr(frontmatter_get(frontmatter, "Description"), ==, "upper");
  g_assert_cmpstr(frontmatter_get(frontmatter, "description"), ==, "lower");
  g_assert_cmpstr(frontmatter_get(frontmatter, "TITLE"), ==, "t");
  g_assert_null(frontmatter_get(frontmatter, "title"));
}

/* The four letters beyond ASCII that Python's [a-z] matches when the case is ignored. */
static void
test_odd_key_letters(void)
{
  value_is("de\u017Fc: x", "de\u017Fc", "x");
  value_is("\u212Aey: x", "\u212Aey", "x");
  value_is("t\u0131tle: x", "t\u0131tle", "x");
  value_is("t\u0130tle: x", "t\u0130tle", "x");
  value_is("tïtle: x", "tïtle", NULL);
}

static void
test_last_wins_first_place_stays(void)
{
  g_autoptr(Frontmatter) frontmatter = parse("b: 1\na: 2\nb: 3");
  g_autoptr(GPtrArray) keys = frontmatter_keys(frontmatter);
  g_assert_cmpuint(keys->len, ==, 2);
  g_assert_cmpstr(g_ptr_array_index(keys, 0), ==, "b");
  g_assert_cmpstr(g_ptr_array_index(keys, 1), ==, "a");
  g_assert_cmpstr(frontmatter_get(frontmatter, "b"), ==, "3");
  g_assert_cmpint(frontmatter_line(frontmatter, "b"), ==, 4);
  g_assert_cmpint(frontmatter_line(frontmatter, "a"), ==, 3);
  g_assert_cmpint(frontmatter_line(frontmatter, "c"), ==, 0);
}

/* Where str.splitlines breaks, a value ends and a key may begin; a person's line count differs. */
static void
test_line_breaks(void)
{
  static const char *const breaks[] = {"\n",   "\r",   "\r\n",     "\v",     "\f",    "\x1C",
                                       "\x1D", "\x1E", "\xC2\x85", "\u2028", "\u2029"};
  for (gsize i = 0; i < G_N_ELEMENTS(breaks); i++) {
    g_autofree char *text = g_strconcat("a: 1", breaks[i], "b: 2", NULL);
    g_autoptr(Frontmatter) frontmatter = parse(text);
    g_assert_cmpstr(frontmatter_get(frontmatter, "a"), ==, "1");
    g_assert_cmpstr(frontmatter_get(frontmatter, "b"), ==, "2");
    g_assert_cmpint(frontmatter_line(frontmatter, "b"), ==, i < 3 ? 3 : 2);
  }
  value_is("a: 1\x1Fz", "a", "1\x1Fz");
  value_is("a: 1\x1F", "a", "1");
}

static void
test_fences(void)
{
  static const char *const empty[] = {
      "",
      "\n\"\"\"\na: 1\n\"\"\"\n",
      "\"\"\"a: 1\n\"\"\"\n",
      "'''\na: 1\n'''\n",
      "r\"\"\"\na: 1\n\"\"\"\n",
      "# x\n\"\"\"\na: 1\n\"\"\"\n",
      "\"\"\"\"\na: 1\n\"\"\"\n",
      "\"\"\n\"\na: 1\n",
      "\"\"\"",
      "\"\"\"\n\"\"\"\na: 1\n",
      "\"\"\"\nb \"\"\" c\na: 1\n",
      "\"\"\"\n\"\"\"a: 1\n",
      "\xEF\xBB\xBF\"\"\"\na: 1\n\"\"\"\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(empty); i++)
    g_assert_cmpuint(count(empty[i], strlen(empty[i])), ==, 0);
  static const char *const one[] = {
      "\"\"\"\na: 1\n\"\"\"\nb: 2\n",
      " \t\"\"\"\xE3\x80\x80\r\na: 1\r\n  \"\"\"\r\nb: 2\r\n",
      "\"\"\"\na: 1",
      "\"\"\"\u2028a: 1\n\"\"\"",
      "\"\"\"\na: 1\nb: 2 \"\"\"\nc: 3\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(one); i++)
    g_assert_cmpuint(count(one[i], strlen(one[i])), ==, 1);
  /* The length counts, not a NUL. */
  g_assert_cmpuint(count("\"\"\"\na: 1\nb: 2\nc: 3\n", 13), ==, 2);
}

static void
text_is(const char *text, const char *key, const char *want)
{
  g_autoptr(Frontmatter) frontmatter = parse(text);
  g_assert_cmpstr(frontmatter_get_text(frontmatter, key), ==, want);
}

static void
test_text(void)
{
  text_is("title: x", "title", "x");
  text_is("title:", "title", NULL);
  text_is("a: x", "title", NULL);
  text_is("title: | x", "title", "| x");
  text_is("requirements:\nversion: 1", "requirements", NULL);
}

static void
test_blocks(void)
{
  static const char *const heads[] = {"|", ">", "|-", ">-", "|+", ">2-", "", "  | "};
  for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
    g_autofree char *text = g_strdup_printf(
        "description: %s\n    One line,\n\n      two  lines.\n\tThree.\nversion: 2\n  no more",
        heads[i]);
    g_autoptr(Frontmatter) frontmatter = parse(text);
    g_assert_cmpstr(frontmatter_get_text(frontmatter, "description"), ==,
                    "One line, two  lines. Three.");
    g_assert_cmpstr(frontmatter_get_text(frontmatter, "version"), ==, "2");
    g_autofree char *raw = g_strstrip(g_strdup(heads[i]));
    g_assert_cmpstr(frontmatter_get(frontmatter, "description"), ==, raw);
  }
}

static void
test_odd_blocks(void)
{
  /* A key in a block is one for the server, and a line of the text for a person. */
  const char *nested = "description: |\n  Note: a\n  version: 9\nversion: 1";
  text_is(nested, "description", "Note: a version: 9");
  text_is(nested, "version", "1");
  value_is(nested, "Note", "a");
  text_is("description: |", "description", NULL);
  text_is("description: |\nnot indented", "description", NULL);
  text_is("description: |\n\n\n  late", "description", "late");
  text_is("    description: |\n        deeper\n    version: 1", "description", "deeper");
  text_is("    description: |\n  less", "description", NULL);
  text_is("description: |\n  first\ndescription: second\n  more", "description", "second");
  text_is("description: |\n  description: inner\n  x", "description", "inner");
  text_is("description: first\ndescription: |\n  second", "description", "second");
  text_is("authors:\n  - A\n  - B\ntitle: T", "authors", "- A - B");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/frontmatter/values", test_values);
  g_test_add_func("/frontmatter/keys-keep-their-case", test_keys_keep_their_case);
  g_test_add_func("/frontmatter/odd-key-letters", test_odd_key_letters);
  g_test_add_func("/frontmatter/last-wins", test_last_wins_first_place_stays);
  g_test_add_func("/frontmatter/line-breaks", test_line_breaks);
  g_test_add_func("/frontmatter/fences", test_fences);
  g_test_add_func("/frontmatter/text", test_text);
  g_test_add_func("/frontmatter/blocks", test_blocks);
  g_test_add_func("/frontmatter/odd-blocks", test_odd_blocks);
  return g_test_run();
}
