/* SPDX-License-Identifier: MIT */
/* Work in a thread of its own, while the main thread runs its loop and sees what the work tells. */
#pragma once

#include "channel.h"

#include <glib.h>

typedef gpointer (*WorkerFunc)(gpointer data);
/* Takes over `item`. On the main thread. */
typedef void (*WorkerObserver)(gpointer item, gpointer data);

/* Runs `work` in a new thread and a GMainLoop here until it returns. What it pushes into `events`
 * goes to `observe` in that order, all of it before this returns. Returns what `work` returned.
 * `events` belongs to the caller and is empty afterwards, if only `work` pushes into it. */
gpointer worker_thread_run(WorkerFunc work, gpointer work_data, Channel *events,
                           WorkerObserver observe, gpointer observe_data);
