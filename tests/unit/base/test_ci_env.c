#include "ci_env.h"

static void
test_values(void)
{
  static const struct {
    const char *value;
    gboolean ci;
  } cases[] = {{"true", TRUE}, {"1", TRUE},      {"woodpecker", TRUE},
               {"", FALSE},    {"false", FALSE}, {"0", FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_setenv("CI", cases[i].value, TRUE);
    g_assert_cmpint(ci_env_runs_this(), ==, cases[i].ci);
  }
  g_unsetenv("CI");
  g_assert_false(ci_env_runs_this());
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ci/values", test_values);
  return g_test_run();
}
