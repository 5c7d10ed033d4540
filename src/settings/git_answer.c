#include "git_answer.h"

#include "clock.h"
#include "settings_times.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_LIMIT (64u << 10)

/* In a hook of git's these name another repository. */
static char **
environment_of_git(void)
{
  static const char *const names[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"};
  char **environment = g_get_environ();
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    environment = g_environ_unsetenv(environment, names[i]);
  return g_environ_setenv(environment, "GIT_OPTIONAL_LOCKS", "0", TRUE);
}

static gboolean
start(const char *folder, const char *const *args, GPid *pid, int *output)
{
  static const char *const begin[] = {"git", "-c", "core.fsmonitor=false", "-c",
                                      "core.hooksPath=/dev/null"};
  g_auto(GStrv) environment = environment_of_git();
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  for (gsize i = 0; i < G_N_ELEMENTS(begin); i++)
    g_ptr_array_add(argv, (char *)begin[i]);
  for (; *args != NULL; args++)
    g_ptr_array_add(argv, (char *)*args);
  g_ptr_array_add(argv, NULL);
  return g_spawn_async_with_pipes(folder, (char **)argv->pdata, environment,
                                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                                      G_SPAWN_STDERR_TO_DEV_NULL,
                                  NULL, NULL, pid, NULL, output, NULL, NULL);
}

/* Everything up to the end of the output; FALSE when it is too long or too late. */
static gboolean
read_all(int fd, ClockDeadline deadline, GString *answer)
{
  char buffer[1024];
  while (answer->len <= ANSWER_LIMIT && !clock_passed(deadline)) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = poll(&wait, 1, clock_poll_ms(deadline));
    if (ready == 0 || (ready < 0 && errno == EINTR))
      continue;
    gssize n = ready > 0 ? read(fd, buffer, sizeof buffer) : -1;
    if (n == 0)
      return TRUE;
    if (n < 0 && errno != EINTR)
      return FALSE;
    g_string_append_len(answer, buffer, MAX(n, 0));
  }
  return FALSE;
}

char *
git_answer(const char *folder, const char *const *args)
{
  GPid pid;
  int output;
  if (!start(folder, args, &pid, &output))
    return NULL;
  g_autoptr(GString) answer = g_string_new(NULL);
  gboolean answered = read_all(output, clock_deadline(GIT_ANSWER_MS), answer);
  close(output);
  /* Whoever has closed its output, or is too late, has nothing more to say. */
  kill(pid, SIGKILL);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid(pid);
  return answered ? g_string_free(g_steal_pointer(&answer), FALSE) : NULL;
}
