/* SPDX-License-Identifier: MIT */
#include "process_run.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The text as an open file without a name: unlike a pipe, nobody has to feed it. -1 on failure. */
static int
open_text(GBytes *text)
{
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "owup-XXXXXX", NULL);
  int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return -1;
  unlink(path);
  if (file_write_fd(fd, text) && lseek(fd, 0, SEEK_SET) == 0)
    return fd;
  close(fd);
  return -1;
}

/* Waits until there is something to read (of a process: until it has ended). */
static gboolean
wait_readable(int fd, ClockDeadline deadline)
{
  while (!clock_passed(deadline)) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = poll(&wait, 1, clock_poll_ms(deadline));
    if (ready > 0)
      return TRUE;
    if (ready < 0 && errno != EINTR)
      return FALSE;
  }
  return FALSE;
}

/* Everything up to the end of the output; FALSE when it is too long or too late. */
static gboolean
read_answer(int fd, gsize limit, ClockDeadline deadline, GString *answer)
{
  char buffer[16384];
  while (answer->len <= limit && wait_readable(fd, deadline)) {
    gssize n = read(fd, buffer, sizeof buffer);
    if (n == 0)
      return TRUE;
    if (n > 0)
      g_string_append_len(answer, buffer, n);
    else if (errno != EINTR)
      return FALSE;
  }
  return FALSE;
}

/* Lets it end by itself, where somebody wants to know how it ended; else it has nothing more to say
 * once its output is closed, or it is too late. */
static gboolean
finish(GPid pid, ClockDeadline deadline, int *status)
{
  int ended = 0;
  int watched = status != NULL ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
  gboolean in_time = watched >= 0 && wait_readable(watched, deadline);
  if (watched >= 0)
    close(watched);
  if (!in_time)
    kill(pid, SIGKILL);
  while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid(pid);
  if (status != NULL)
    *status = in_time && WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return in_time;
}

/* Starts it with its output going to `output`. */
static gboolean
start(const ProcessRun *run, int input, int output, GPid *pid)
{
  return g_spawn_async_with_fds(NULL, (char **)run->argv, run->environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                pid, input, output, -1, NULL);
}

GString *
process_run(const ProcessRun *run, ClockDeadline deadline, int *status)
{
  int output[2];
  GPid pid;
  int input = run->input != NULL ? open_text(run->input) : -1;
  if (run->input != NULL && input < 0)
    return NULL;
  if (!g_unix_open_pipe(output, FD_CLOEXEC, NULL)) {
    if (input >= 0)
      close(input);
    return NULL;
  }
  gboolean started = start(run, input, output[1], &pid);
  if (input >= 0)
    close(input);
  close(output[1]);
  GString *answer = g_string_new(NULL);
  gboolean answered = started && read_answer(output[0], run->limit, deadline, answer);
  close(output[0]);
  if (started && !finish(pid, deadline, answered ? status : NULL) && status != NULL)
    answered = FALSE;
  if (answered)
    return answer;
  g_string_free(answer, TRUE);
  return NULL;
}
