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

static void
defused(const char *text, const char *want)
{
  g_autofree char *got = ci_env_defuse(text);
  g_assert_cmpstr(got, ==, want);
}

static void
test_commands(void)
{
  defused("::error ::x", ": :error ::x");
  defused("a\n  ::error\r\t::x\n", "a\n  : :error\r\t: :x\n");
  defused("\u3000::error", "\u3000: :error");
  defused("a ##[error]b", "a # #[error]b");
  defused("###[x", "## #[x");
  defused("a::b # # [ ##", "a::b # # [ ##");
  defused("\xff::x", "\xff::x");
  defused("", "");
}

static void
test_github(void)
{
  g_setenv("GITHUB_ACTIONS", "true", TRUE);
  g_assert_true(ci_env_is_github());
  g_unsetenv("GITHUB_ACTIONS");
  g_assert_false(ci_env_is_github());
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ci/values", test_values);
  g_test_add_func("/ci/commands", test_commands);
  g_test_add_func("/ci/github", test_github);
  return g_test_run();
}
