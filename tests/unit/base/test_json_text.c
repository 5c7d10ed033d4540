/* SPDX-License-Identifier: MIT */
/* JSON as text that can be looked at. */
#include "json_text.h"

static void
check(const char *text, gboolean github, const char *want)
{
  g_autofree char *got = json_text_visible(text, github);
  g_assert_cmpstr(got, ==, want);
  json_auto_t *before = json_loads(text, JSON_DECODE_ANY, NULL);
  json_auto_t *after = json_loads(got, JSON_DECODE_ANY, NULL);
  g_assert_true(json_equal(before, after));
}

static void
test_visible(void)
{
  check("[\"\xc2\x9b"
        "1m\"]",
        FALSE, "[\"\\u009b1m\"]");
  check("[\"\x7f \u061c \u200e \u202e \u2069 \u2028\"]", FALSE,
        "[\"\\u007f \\u061c \\u200e \\u202e \\u2069 \\u2028\"]");
  check("[\"\u00e9 \u4e2d \U0001f600 \u00a0 \u200d\"]", FALSE,
        "[\"\u00e9 \u4e2d \U0001f600 \u00a0 \u200d\"]");
  check("[\"##[error]\"]", FALSE, "[\"##[error]\"]");
  check("[\"##[error]\",[]]", TRUE, "[\"##\\u005berror]\",[]]");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json-text/visible", test_visible);
  return g_test_run();
}
