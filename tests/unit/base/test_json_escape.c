/* SPDX-License-Identifier: MIT */
#include "json_escape.h"

#include <jansson.h>
#include <string.h>

/* What a byte is as jansson writes it, without the quotes. */
static char *
written(char c)
{
  json_auto_t *json = json_stringn_nocheck(&c, 1);
  g_autofree char *text = json_dumps(json, JSON_ENCODE_ANY);
  return g_strndup(text + 1, strlen(text) - 2);
}

static void
test_ascii(void)
{
  for (int c = 0; c < 0x80; c++) {
    char byte = (char)c, escape[JSON_ESCAPE_MAX];
    g_autofree char *want = written(byte);
    gboolean plain = json_escape_plain_length(&byte, 1) == 1;
    g_assert_cmpint(plain, ==, strlen(want) == 1);
    if (plain)
      continue;
    gsize n = json_escape(byte, escape);
    g_assert_cmpuint(n, ==, strlen(want));
    g_assert_cmpint(g_ascii_strncasecmp(want, escape, n), ==, 0);
  }
}

/* Each byte at each place among others, those next to the limits included. */
static void
test_places(void)
{
  static const char around[] = {' ', '!', '#', '[', ']', 'a', 0x7f, (char)0x80, (char)0xff};
  char text[40];
  for (gsize filling = 0; filling < sizeof around; filling++)
    for (gsize len = 0; len <= sizeof text; len++) {
      memset(text, around[filling], sizeof text);
      g_assert_cmpuint(json_escape_plain_length(text, len), ==, len);
      for (gsize place = 0; place < len; place++)
        for (int c = 0; c < 0x100; c++) {
          gboolean special = c < 0x20 || c == '"' || c == '\\';
          text[place] = (char)c;
          g_assert_cmpuint(json_escape_plain_length(text, len), ==, special ? place : len);
          text[place] = around[filling];
        }
    }
}

/* The first of two counts. */
static void
test_two(void)
{
  char text[24];
  for (gsize one = 0; one < sizeof text; one++)
    for (gsize two = one; two < sizeof text; two++) {
      memset(text, 'x', sizeof text);
      text[one] = '"';
      text[two] = '\n';
      g_assert_cmpuint(json_escape_plain_length(text, sizeof text), ==, one);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json-escape/ascii", test_ascii);
  g_test_add_func("/json-escape/places", test_places);
  g_test_add_func("/json-escape/two", test_two);
  return g_test_run();
}
