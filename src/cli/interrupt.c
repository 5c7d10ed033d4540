#include "interrupt.h"

#include <glib-unix.h>
#include <signal.h>

#define N_SIGNALS 3

typedef struct {
  Interrupt *owner;
  int number;
  guint source; /* 0: not watched */
} Watch;

struct Interrupt {
  Watch watches[N_SIGNALS];
  Cancel *cancel;
  InterruptFunc func;
  gpointer data;
};

static gboolean
on_signal(gpointer data)
{
  Watch *watch = data;
  Interrupt *interrupt = watch->owner;
  CancelLevel level = interrupt->cancel != NULL ? cancel_raise(interrupt->cancel) : CANCEL_NONE;
  if (interrupt->func != NULL)
    interrupt->func(watch->number, level, interrupt->data);
  if (level != CANCEL_NOW)
    return G_SOURCE_CONTINUE;
  watch->source = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
is_ignored(int number)
{
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

Interrupt *
interrupt_watch(Cancel *cancel, InterruptFunc func, gpointer data)
{
  static const int numbers[N_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
  Interrupt *interrupt = g_new0(Interrupt, 1);
  interrupt->cancel = cancel;
  interrupt->func = func;
  interrupt->data = data;
  for (int i = 0; i < N_SIGNALS; i++) {
    Watch *watch = &interrupt->watches[i];
    watch->owner = interrupt;
    watch->number = numbers[i];
    if (numbers[i] != SIGHUP || !is_ignored(SIGHUP))
      watch->source = g_unix_signal_add(numbers[i], on_signal, watch);
  }
  return interrupt;
}

void
interrupt_free(Interrupt *interrupt)
{
  if (interrupt == NULL)
    return;
  for (int i = 0; i < N_SIGNALS; i++)
    if (interrupt->watches[i].source != 0)
      g_source_remove(interrupt->watches[i].source);
  g_free(interrupt);
}
