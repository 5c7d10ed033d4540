/* SPDX-License-Identifier: MIT */
#include "ci_env.h"

#include <string.h>

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

static void
who_is(const char *wanted)
{
  g_autofree char *who = ci_env_who();
  g_assert_cmpstr(who, ==, wanted);
}

static void
test_who(void)
{
  g_setenv("GITHUB_RUN_ID", "17", TRUE);
  g_setenv("USER", "ann", TRUE);
  who_is(NULL);
  g_setenv("CI", "true", TRUE);
  who_is("GitHub run 17");
  g_setenv("OWUP_WHO", " Ann\n精 ", TRUE);
  who_is("Ann 精");
  g_setenv("OWUP_WHO", "\xff", TRUE);
  who_is("\xef\xbf\xbd");
  g_autofree char *digits = g_strnfill(1000, '1');
  g_setenv("OWUP_WHO", digits, TRUE);
  g_autofree char *cut = ci_env_who();
  g_assert_cmpuint(strlen(cut), ==, 100);
  /* Nobody is to be named. */
  g_setenv("OWUP_WHO", "", TRUE);
  who_is(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ci/values", test_values);
  g_test_add_func("/ci/commands", test_commands);
  g_test_add_func("/ci/github", test_github);
  g_test_add_func("/ci/who", test_who);
  return g_test_run();
}
