#include "redact.h"

static void
check(const char *text, const char *secret, const char *want)
{
  g_autofree char *got = redact_text(text, secret);
  g_assert_cmpstr(got, ==, want);
}

static void
test_the_secret(void)
{
  check("key=abc, again abc", "abc", "key=***, again ***");
  check("xabcx", "abc", "x***x");
  check("abcabc", "abc", "******");
  check("ab", "abc", "ab");
  check("abc", "", "abc");
  check("abc", NULL, "abc");
  check("", "abc", "");
  check("pass word", "s w", "pas***ord");
}

static void
test_keys(void)
{
  check("Bearer sk-0123456789abcdef0123456789abcdef", NULL, "Bearer ***");
  check("'sk-0123456789abcdef'", NULL, "'***'");
  check("{\"k\":\"sk-0123456789abcdef\"}", "other", "{\"k\":\"***\"}");
  check("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.abc_-DEF", NULL, "***");
  check("é sk-0123456789abcdef é", NULL, "é *** é");
}

static void
test_leaves_alone(void)
{
  check("task-0123456789abcdef0123", NULL, "task-0123456789abcdef0123");
  check("sk-your", NULL, "sk-your");
  check("a sk- b", NULL, "a sk- b");
  check("SK-0123456789abcdef0123", NULL, "SK-0123456789abcdef0123");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/redact/the-secret", test_the_secret);
  g_test_add_func("/redact/keys", test_keys);
  g_test_add_func("/redact/leaves-alone", test_leaves_alone);
  return g_test_run();
}
