/* SPDX-License-Identifier: MIT */
#include "json_add.h"

#include <stdlib.h>

static void
assert_json(const json_t *json, const char *expected)
{
  char *text = json_dumps(json, JSON_COMPACT);
  g_assert_cmpstr(text, ==, expected);
  free(text);
}

/* In the order in which they were added. */
static void
test_fields(void)
{
  json_auto_t *object = json_object();
  json_add_text(object, "z", "é \"x\"");
  json_add_text(object, "none", NULL);
  json_add_text(object, "bytes", "a\xFF");
  json_add_bool(object, "yes", 2);
  json_add_bool(object, "no", FALSE);
  json_add_bool_if(object, "known", TRUE, TRUE);
  json_add_bool_if(object, "unknown", FALSE, TRUE);
  json_add_int(object, "n", G_GINT64_CONSTANT(4294967296));
  assert_json(object, "{\"z\":\"é \\\"x\\\"\",\"none\":null,\"bytes\":\"a\uFFFD\",\"yes\":true,"
                      "\"no\":false,\"known\":true,\"unknown\":null,\"n\":4294967296}");
}

static void
test_items(void)
{
  json_auto_t *array = json_array();
  json_add_item(array, "a");
  json_add_item(array, NULL);
  json_add_item(array, "\xFF");
  assert_json(array, "[\"a\",null,\"\uFFFD\"]");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json_add/fields", test_fields);
  g_test_add_func("/json_add/items", test_items);
  return g_test_run();
}
