/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include "channel.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#define N_SIGNALS 3
/* In the pipe, where every other byte is a signal's number. */
#define THE_END 0

static const int numbers[N_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* A handler may run in any thread and at any time: what it uses is there before it, and stays. */
static int signal_pipe[2] = {-1, -1};
static pid_t owner;

typedef struct {
  int number;
  CancelLevel level;
} Told;

struct Signals {
  Cancel *cancel;
  SignalsFunc func;
  gpointer data;
  struct sigaction before[N_SIGNALS];
  GThread *thread;
  Channel *told; /* of Told: from the thread to the main loop */
  guint source;
};

/* Does no more than a handler may. A child has it, and the pipe, from fork() to exec(). */
static void
on_signal(int number)
{
  int before = errno;
  char byte = (char)number;
  gssize written = getpid() == owner ? write(signal_pipe[1], &byte, 1) : 0;
  (void)written; /* a full pipe holds more of them than anybody needs */
  errno = before;
}

/* The main loop may be stuck, writing to somebody who does not read; the cancel must not wait for
 * it. */
static void
take_signal(Signals *interrupt, int number)
{
  Told *told = g_new0(Told, 1);
  told->number = number;
  told->level = interrupt->cancel != NULL ? cancel_raise(interrupt->cancel) : CANCEL_NONE;
  if (told->level == CANCEL_NOW)
    signal(number, SIG_DFL);
  channel_push(interrupt->told, told);
}

static gpointer
take_signals(gpointer data)
{
  for (;;) {
    char byte;
    gssize n = read(signal_pipe[0], &byte, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n != 1 || byte == THE_END)
      return NULL;
    take_signal(data, byte);
  }
}

static void
tell_all(Signals *interrupt)
{
  Told *told;
  while ((told = channel_try_pop(interrupt->told)) != NULL) {
    if (interrupt->func != NULL)
      interrupt->func(told->number, told->level, interrupt->data);
    g_free(told);
  }
}

static gboolean
on_told(gint fd, GIOCondition condition, gpointer data)
{
  tell_all(data);
  return G_SOURCE_CONTINUE;
}

static void
open_signal_pipe(void)
{
  g_autoptr(GError) error = NULL;
  if (signal_pipe[0] >= 0)
    return;
  if (!g_unix_open_pipe(signal_pipe, FD_CLOEXEC, &error) ||
      !g_unix_set_fd_nonblocking(signal_pipe[1], TRUE, &error))
    g_error("cannot make a pipe: %s", error->message);
  owner = getpid();
}

/* A thread that no signal interrupts: ThreadSanitizer keeps one back while its thread reads. */
static GThread *
start_thread(Signals *interrupt)
{
  sigset_t taken, before;
  sigemptyset(&taken);
  for (int i = 0; i < N_SIGNALS; i++)
    sigaddset(&taken, numbers[i]);
  pthread_sigmask(SIG_BLOCK, &taken, &before);
  GThread *thread = g_thread_new("interrupt", take_signals, interrupt);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return thread;
}

static void
set_handler(int number, struct sigaction *before)
{
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(number, NULL, before);
  if (number != SIGHUP || before->sa_handler != SIG_IGN)
    sigaction(number, &action, NULL);
}

Signals *
signals_watch(Cancel *cancel, SignalsFunc func, gpointer data)
{
  Signals *interrupt = g_new0(Signals, 1);
  interrupt->cancel = cancel;
  interrupt->func = func;
  interrupt->data = data;
  interrupt->told = channel_new(g_free);
  interrupt->source = g_unix_fd_add(channel_fd(interrupt->told), G_IO_IN, on_told, interrupt);
  open_signal_pipe();
  interrupt->thread = start_thread(interrupt);
  for (int i = 0; i < N_SIGNALS; i++)
    set_handler(numbers[i], &interrupt->before[i]);
  return interrupt;
}

void
signals_free(Signals *interrupt)
{
  static const char end = THE_END;
  if (interrupt == NULL)
    return;
  for (int i = 0; i < N_SIGNALS; i++)
    sigaction(numbers[i], &interrupt->before[i], NULL);
  while (write(signal_pipe[1], &end, 1) < 0 && (errno == EINTR || errno == EAGAIN))
    ;
  g_thread_join(interrupt->thread);
  g_source_remove(interrupt->source);
  tell_all(interrupt);
  channel_free(interrupt->told);
  g_free(interrupt);
}
