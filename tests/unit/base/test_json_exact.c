/* SPDX-License-Identifier: MIT */
#include "json_exact.h"

#include "json_text.h"

#include <string.h>

/* U+FDD1, with which a number begins that is held as text. */
#define MARK "\xef\xb7\x91"

static char *
through(const char *text)
{
  json_error_t why;
  json_auto_t *json = json_exact_parse(text, strlen(text), JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
  return json_text(json, JSON_ENCODE_ANY | JSON_COMPACT);
}

static void
test_comes_back(void)
{
  static const char *const texts[] = {
      "0",
      "-0",
      "7",
      "-9223372036854775808",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775809",
      "18446744073709551615",
      "123456789012345678901234567890123456789012345678901234567890",
      "0.1",
      "0.10",
      "-0.0",
      "1e999",
      "1E+3",
      "1.8446744073709552e+19",
      "3.141592653589793238462643383279",
      "[0.1,18446744073709551615,\"18446744073709551615\"]",
      "{\"a\":{\"b\":[1,2.5,{\"c\":-1e-7}]},\"1.5\":\"1.5\"}",
      "\"\"",
      "\"\\\\\"",
      "\"a \\\"1.5\\\" b\"",
      "[\"\\\\\",1.5,\"\\\"\",2.5]",
      ("\"" MARK "1.5\""),
      ("\"" MARK MARK "1.5\""),
      ("{\"" MARK "1.5\":[\"" MARK "\",0.5]}"),
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = through(texts[i]);
    g_assert_cmpstr(text, ==, texts[i]);
  }
}

static void
test_escaped_mark_is_text(void)
{
  json_auto_t *json = json_exact_parse_text("[\"\\uFdD1"
                                            "1.5\"]",
                                            0);
  g_assert_true(json_exact_is_string(json_array_get(json, 0)));
  g_autofree char *text = json_text(json, JSON_COMPACT);
  g_assert_cmpstr(text, ==, "[\"" MARK "1.5\"]");
}

/* What is no JSON stays none, and the place of the fault is one in the text as it came. */
static void
test_faults(void)
{
  static const struct {
    const char *text;
    int position;
  } cases[] = {{"[1.5,", 5},   {"[01]", 3},    {"[1.]", 3},           {"[.5]", 2},  {"[1e]", 3},
               {"[+1]", 2},    {"[1.5 2]", 6}, {"[1.5, 2.5, x]", 12}, {"[--1]", 2}, {"[\"a", 0},
               {"[1.5,\"", 0}, {"{1.5:2}", 0}, {"[1.5,\"\\x\"]", 0},  {"[-]", 3},   {"", 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    json_error_t why = {0}, plain = {0};
    const char *text = cases[i].text;
    g_assert_null(json_exact_parse(text, strlen(text), 0, &why));
    g_assert_cmpint(why.position, <=, (int)strlen(text));
    if (cases[i].position != 0)
      g_assert_cmpint(ABS(why.position - cases[i].position), <=, 1);
    if (json_loadb(text, strlen(text), 0, &plain) == NULL && strchr(text, '.') == NULL)
      g_assert_cmpint(why.position, ==, plain.position);
  }
}

static void
check_number(const char *text, gboolean is_integer, gboolean is_whole, double real)
{
  json_auto_t *json = json_exact_parse_text(text, JSON_DECODE_ANY);
  g_assert_true(json_exact_is_number(json));
  g_assert_false(json_exact_is_string(json));
  g_assert_cmpint(json_exact_is_integer(json), ==, is_integer);
  g_assert_cmpint(json_exact_is_whole(json), ==, is_whole);
  g_assert_cmpfloat(json_exact_real(json), ==, real);
}

static void
test_kinds(void)
{
  check_number("3", TRUE, TRUE, 3);
  check_number("3.0", FALSE, TRUE, 3);
  check_number("3.5", FALSE, FALSE, 3.5);
  check_number("1e3", FALSE, TRUE, 1000);
  check_number("18446744073709551616", TRUE, TRUE, 18446744073709551616.0);
  json_auto_t *text = json_exact_parse_text("\"3\"", JSON_DECODE_ANY);
  g_assert_true(json_exact_is_string(text));
  g_assert_false(json_exact_is_number(text));
  g_assert_false(json_exact_is_whole(text));
  g_assert_false(json_exact_is_number(NULL));
}

static void
check_equal(const char *a, const char *b, gboolean expected)
{
  json_auto_t *left = json_exact_parse_text(a, JSON_DECODE_ANY);
  json_auto_t *right = json_exact_parse_text(b, JSON_DECODE_ANY);
  g_assert_cmpint(json_exact_equal(left, right), ==, expected);
  g_assert_cmpint(json_exact_equal(right, left), ==, expected);
}

static void
test_equal(void)
{
  check_equal("0.1", "0.10", TRUE);
  check_equal("3", "3.0", TRUE);
  check_equal("0", "-0", TRUE);
  check_equal("18446744073709551615", "18446744073709551616", FALSE);
  check_equal("18446744073709551616", "1.8446744073709551616e19", TRUE);
  check_equal("\"1\"", "1", FALSE);
  check_equal("{\"a\":[1,0.5]}", "{\"a\":[1.0,0.50]}", TRUE);
  check_equal("{\"a\":[1,0.5]}", "{\"a\":[1.0,0.51]}", FALSE);
  check_equal("{\"a\":1}", "{\"a\":1,\"b\":2}", FALSE);
  check_equal("{\"a\":1}", "{\"b\":1}", FALSE);
  check_equal("[1]", "[1,2]", FALSE);
  check_equal("true", "1", FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json_exact/comes_back", test_comes_back);
  g_test_add_func("/json_exact/escaped_mark_is_text", test_escaped_mark_is_text);
  g_test_add_func("/json_exact/faults", test_faults);
  g_test_add_func("/json_exact/kinds", test_kinds);
  g_test_add_func("/json_exact/equal", test_equal);
  return g_test_run();
}
