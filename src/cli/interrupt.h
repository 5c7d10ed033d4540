/* Ctrl-C and its like, on the main thread's GMainLoop. */
#pragma once

#include "cancel.h"

#include <glib.h>

typedef struct Interrupt Interrupt;

/* `level` is what the cancel has been raised to. On the main thread. */
typedef void (*InterruptFunc)(int signal_number, CancelLevel level, gpointer data);

/* From now on SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) raise `cancel` (may
 * be NULL) and call `func` (may be NULL) while the main loop runs. One more after CANCEL_NOW ends
 * the program as usual, for a program that hangs. */
Interrupt *interrupt_watch(Cancel *cancel, InterruptFunc func, gpointer data);
/* The signals do again what they did before owup. NULL is fine. */
void interrupt_free(Interrupt *interrupt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interrupt, interrupt_free)
