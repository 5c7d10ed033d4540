/* SPDX-License-Identifier: MIT */
#include "process_run.h"

#include <string.h>

static char *
run(const char *script, const char *input, gsize limit, int *status)
{
  const char *argv[] = {"/bin/sh", "-c", script, NULL};
  char *environment[] = {g_strdup("WORD=w"), NULL};
  g_autoptr(GBytes) bytes = input != NULL ? g_bytes_new(input, strlen(input)) : NULL;
  ProcessRun what = {argv, environment, bytes, limit};
  GString *answer = process_run(&what, clock_deadline(30000), status);
  g_free(environment[0]);
  return answer != NULL ? g_string_free(answer, FALSE) : NULL;
}

static void
test_answer(void)
{
  int status = 17;
  g_autofree char *said = run("cat; echo $WORD; echo no >&2; exit 3", "in ", 100, &status);
  g_assert_cmpstr(said, ==, "in w\n");
  g_assert_cmpint(status, ==, 3);
  g_autofree char *nothing = run("cat", NULL, 100, &status);
  g_assert_cmpstr(nothing, ==, "");
  g_assert_cmpint(status, ==, 0);
}

static void
test_no_answer(void)
{
  int status = 0;
  g_assert_null(run("printf %0200d 1", NULL, 100, &status));
  const char *argv[] = {"/nonexistent", NULL};
  char *environment[] = {NULL};
  ProcessRun missing = {argv, environment, NULL, 100};
  g_assert_null(process_run(&missing, clock_deadline(30000), &status));
  /* Too late: before its output has ended, and before it has. */
  const char *slow[] = {"/bin/sh", "-c", "exec sleep 60", NULL};
  ProcessRun late = {slow, environment, NULL, 100};
  g_assert_null(process_run(&late, clock_deadline(20), &status));
  const char *closed[] = {"/bin/sh", "-c", "exec >&-; exec sleep 60", NULL};
  ProcessRun silent = {closed, environment, NULL, 100};
  g_assert_null(process_run(&silent, clock_deadline(200), &status));
  g_autofree char *killed = run("kill -9 $$", NULL, 100, &status);
  g_assert_cmpint(status, ==, -1);
}

/* Nobody waits for one whose output is all that counts. */
static void
test_without_status(void)
{
  g_autofree char *said = run("echo x; exec >&-; exec sleep 60", NULL, 100, NULL);
  g_assert_cmpstr(said, ==, "x\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/process-run/answer", test_answer);
  g_test_add_func("/process-run/no-answer", test_no_answer);
  g_test_add_func("/process-run/without-status", test_without_status);
  return g_test_run();
}
