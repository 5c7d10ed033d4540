/* SPDX-License-Identifier: MIT */
/* An answer that holds what is expected is read as jansson would read it; any other is left to it.
 */
#include "reply_known_content.h"

#include <string.h>

static const char content[] = "\"\"\"\ntitle: 压缩\n\"\"\"\n\tx = '\\n' \b\f\r\x01\x1f\x7f 😀\n";
static const char written[] = "\\\"\\\"\\\"\\ntitle: 压缩\\n\\\"\\\"\\\"\\n\\tx = '\\\\n' "
                              "\\b\\f\\r\\u0001\\u001f\x7f 😀\\n";

/* The answer made of `format`, whose %s is the content as servers write it. */
static json_t *
parse(const char *format, json_t **whole)
{
  g_autoptr(GBytes) expected = g_bytes_new_static(content, strlen(content));
  g_auto(GStrv) parts = g_strsplit(format, "%s", -1);
  g_autofree char *text = g_strjoinv(written, parts);
  *whole = json_loads(text, JSON_ALLOW_NUL, NULL);
  return reply_parse_known(expected, text, strlen(text));
}

static void
assert_same(const char *format)
{
  json_auto_t *whole = NULL, *quick = parse(format, &whole);
  g_assert_nonnull(quick);
  g_assert_true(json_equal(quick, whole));
  g_assert_cmpstr(json_string_value(json_object_get(quick, "content")), ==, content);
}

static void
assert_left(const char *format)
{
  json_auto_t *whole = NULL, *quick = parse(format, &whole);
  g_assert_null(quick);
}

static void
test_same(void)
{
  assert_same("{\"content\":\"%s\"}");
  assert_same("{\"id\":\"x\",\"content\":\"%s\",\"meta\":{\"a\":[1,true,null,\"content\\\"\"]}}");
  assert_same("{\"name\":\"\\\"content\\\":\\\"\",\"content\":\"%s\",\"is_active\":true}");
}

static void
test_another_text(void)
{
  assert_left("{\"content\":\"%s \"}");
  assert_left("{\"content\":\" %s\"}");
  assert_left("{\"content\":\"\"}");
  assert_left("{\"content\":\"%s\\");
  assert_left("{\"content\":\"%s");
  assert_left("{\"content\":\"\\\"\\\"\\\"\\n");
  assert_left("{\"content\": \"%s\"}");
  assert_left("{\"content\":true}");
  assert_left("");
}

/* The same text, but not as the content of the plugin. */
static void
test_another_place(void)
{
  assert_left("[{\"content\":\"%s\"}]");
  assert_left("{\"meta\":{\"content\":\"%s\"}}");
  assert_left("{\"meta\":{\"content\":\"%s\"},\"content\":true}");
  assert_left("{\"content\":true,\"meta\":{\"content\":\"%s\"}}");
  assert_left("{\"content\":\"%s\",\"content\":\"other\"}");
  assert_left("{\"content\":\"%s\",\"meta\":{\"content\":\"%s\"}}");
  assert_left("{\"a\":\"content\",\"content\":\"%s\"}");
}

static void
test_no_json(void)
{
  assert_left("{\"content\":\"%s\"");
  assert_left("{\"content\":\"%s\"}}");
  assert_left("{\"content\":\"%s\",}");
  assert_left("{\"id\":\"\\ud800\",\"content\":\"%s\"}");
  assert_left("{\"id\":\"\xff\",\"content\":\"%s\"}");
}

static void
test_empty(void)
{
  g_autoptr(GBytes) expected = g_bytes_new_static("", 0);
  g_assert_null(reply_parse_known(expected, "{\"content\":\"\"}", 14));
  g_assert_null(reply_parse_known(expected, "", 0));
}

static void
test_nul(void)
{
  static const char text[] = "{\"content\":\"a\\u0000b\"}";
  g_autoptr(GBytes) expected = g_bytes_new_static("a\0b", 3);
  json_auto_t *json = reply_parse_known(expected, text, strlen(text));
  g_assert_cmpuint(json_string_length(json_object_get(json, "content")), ==, 3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/expected/same", test_same);
  g_test_add_func("/expected/another_text", test_another_text);
  g_test_add_func("/expected/another_place", test_another_place);
  g_test_add_func("/expected/no_json", test_no_json);
  g_test_add_func("/expected/empty", test_empty);
  g_test_add_func("/expected/nul", test_nul);
  return g_test_run();
}
