/* SPDX-License-Identifier: MIT */
/* When a session token ends, by its own claims. */
#include "session_token.h"

static void
test_expires(void)
{
  static const struct {
    const char *token;
    gint64 expires;
  } cases[] = {
      {"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEiLCJleHAiOjE3MDAwMDAwMDB9.AAAA", 1700000000},
      {"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.AAAA", 0}, /* without exp */
      {"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEiLCJleHAiOjE3MDAwMDAwMDB9", 0},
      {"a.!!.b", 0},
      {"a..b", 0},
      {"sk-1234567890abcdef", 0},
      {"", 0},
      {NULL, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(session_token_expires(cases[i].token), ==, cases[i].expires);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session_token/expires", test_expires);
  return g_test_run();
}
