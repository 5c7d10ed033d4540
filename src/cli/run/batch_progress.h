/* SPDX-License-Identifier: MIT */
/* How far many plugins are: counted, and which of them is slow. On the main thread. */
#pragma once

#include "event.h"

typedef struct BatchProgress BatchProgress;

/* `total` plugins, numbered from 0 as the events' `item` is. */
BatchProgress *batch_progress_new(guint total);
void batch_progress_free(BatchProgress *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BatchProgress, batch_progress_free)

/* Takes note of what `event` says. `now` is clock_stopwatch(). */
void batch_progress_see(BatchProgress *batch, const Event *event, gint64 now);

/* "37 of 100 done, 2 failed, 61 left; 12 s for 'Title'": done are those that are well, and
 * what has been under way for longest is named after some seconds. NULL: all have ended. Owned by
 * the caller. */
char *batch_progress_text(const BatchProgress *batch, gint64 now);
