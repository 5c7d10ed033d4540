/* SPDX-License-Identifier: MIT */
#include "git_process.h"

#include "clock.h"
#include "git_times.h"
#include "process_run.h"

/* The list of a tree with half a million files. */
#define ANSWER_LIMIT (64u << 20)

/* In a hook, git's variables name that hook's repository, index and objects. */
static gboolean
is_left_out(const char *name)
{
  static const char *const kept[] = {"GIT_CONFIG", "GIT_CEILING_DIRECTORIES",
                                     "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH"};
  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    if (g_str_has_prefix(name, kept[i]))
      return FALSE;
  return g_str_has_prefix(name, "GIT_");
}

static char **
make_environment(void)
{
  /* GIT_NO_LAZY_FETCH came with 2.45; before that no protocol is allowed. */
  static const char *const set[][2] = {
      {"GIT_OPTIONAL_LOCKS", "0"},    {"GIT_TERMINAL_PROMPT", "0"},   {"GIT_NO_LAZY_FETCH", "1"},
      {"GIT_ALLOW_PROTOCOL", "none"}, {"GIT_LITERAL_PATHSPECS", "1"}, {"LC_ALL", "C"},
  };
  char **environment = g_get_environ();
  g_auto(GStrv) names = g_listenv();
  for (char **name = names; *name != NULL; name++)
    if (is_left_out(*name))
      environment = g_environ_unsetenv(environment, *name);
  for (gsize i = 0; i < G_N_ELEMENTS(set); i++)
    environment = g_environ_setenv(environment, set[i][0], set[i][1], TRUE);
  return environment;
}

/* Until when nobody asks; of clock_now(). */
static _Atomic gint64 left_alone;

GString *
git_process_ask(GitBudget *budget, const char *folder, const char *const *words, GBytes *input)
{
  ClockDeadline deadline = clock_deadline_from(clock_now() - budget->spent, GIT_MS);
  g_autofree char *git =
      clock_passed(deadline) || clock_now() < left_alone ? NULL : g_find_program_in_path("git");
  if (git == NULL)
    return NULL;
  const char *const before[] = {git,
                                "-C",
                                folder,
                                "-c",
                                "core.fsmonitor=false",
                                "-c",
                                "core.hooksPath=/dev/null",
                                "-c",
                                "log.follow=false",
                                "--no-pager"};
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
    g_ptr_array_add(argv, (char *)before[i]);
  for (; *words != NULL; words++)
    g_ptr_array_add(argv, (char *)*words);
  g_ptr_array_add(argv, NULL);
  g_auto(GStrv) environment = make_environment();
  ProcessRun run = {(const char *const *)argv->pdata, environment, input, ANSWER_LIMIT};
  int status = -1;
  gint64 begun = clock_now();
  GString *answer = process_run(&run, deadline, &status);
  budget->spent += clock_now() - begun;
  if (answer == NULL && clock_passed(deadline))
    left_alone = clock_deadline(GIT_AGAIN_MS).at;
  if (answer != NULL && status == 0)
    return answer;
  if (answer != NULL)
    g_string_free(answer, TRUE);
  return NULL;
}
