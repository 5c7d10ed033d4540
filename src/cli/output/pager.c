/* SPDX-License-Identifier: MIT */
#include "pager.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct Pager {
  FILE *stream;
  GPid pid;
  struct sigaction interrupt;
};

/* A mistaken $PAGER must not swallow what it was to show. */
static gboolean
can_run(const char *command)
{
  g_autofree char *program = g_strndup(command, strcspn(command, " \t"));
  g_autofree char *found = g_find_program_in_path(program);
  return found != NULL || strpbrk(program, "=$\"'") != NULL;
}

/* A shell's command, or NULL. Owned by the caller. */
static char *
pager_command(void)
{
  const char *term = g_getenv("TERM");
  const char *set = g_getenv("PAGER");
  if (!isatty(STDOUT_FILENO) || term == NULL || strcmp(term, "dumb") == 0)
    return NULL;
  if (set != NULL)
    return *set == '\0' || strcmp(set, "cat") == 0 || !can_run(set) ? NULL : g_strdup(set);
  g_autofree char *less = g_find_program_in_path("less");
  return less != NULL ? g_strdup("less") : NULL;
}

/* SIGPIPE is ignored here; a pager may want to die of it. */
static void
restore_signals(gpointer data)
{
  signal(SIGPIPE, SIG_DFL);
}

static gboolean
spawn(const char *command, GPid *pid, int *in)
{
  const char *argv[] = {"/bin/sh", "-c", command, NULL};
  g_auto(GStrv) environment = g_get_environ();
  environment = g_environ_setenv(environment, "LESS", "FRX", FALSE);
  environment = g_environ_setenv(environment, "LV", "-c", FALSE);
  return g_spawn_async_with_pipes(NULL, (char **)argv, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                                  restore_signals, NULL, pid, in, NULL, NULL, NULL);
}

Pager *
pager_open(void)
{
  g_autofree char *command = pager_command();
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  GPid pid;
  int in;
  if (command == NULL || !spawn(command, &pid, &in))
    return NULL;
  Pager *pager = g_new0(Pager, 1);
  pager->pid = pid;
  pager->stream = fdopen(in, "w");
  sigaction(SIGINT, &ignore, &pager->interrupt);
  return pager;
}

FILE *
pager_stream(Pager *pager)
{
  return pager->stream;
}

void
pager_close(Pager *pager)
{
  if (pager == NULL)
    return;
  fclose(pager->stream);
  while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
    continue;
  g_spawn_close_pid(pager->pid);
  sigaction(SIGINT, &pager->interrupt, NULL);
  g_free(pager);
}
