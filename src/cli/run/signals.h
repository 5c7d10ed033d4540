/* SPDX-License-Identifier: MIT */
/* Ctrl-C and its like: what it cancels, at once; what is said of it, on the main thread. */
#pragma once

#include "cancel.h"

#include <glib.h>

typedef struct Signals Signals;

/* `level` is what the cancel was raised to. On the main thread. */
typedef void (*SignalsFunc)(int signal_number, CancelLevel level, gpointer data);

/* From now on SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) raise `cancel` (may
 * be NULL), in a thread of its own, whatever the main thread is at; `func` (may be NULL) is called
 * when the main loop gets to it, at last by signals_free(). One more after CANCEL_NOW ends the
 * program as usual, for a program that hangs. One Interrupt at a time. */
Signals *signals_watch(Cancel *cancel, SignalsFunc func, gpointer data);
/* The signals do again what they did before owup. NULL is fine. */
void signals_free(Signals *interrupt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signals, signals_free)
