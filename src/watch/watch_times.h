/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h) but for the last part. */
#pragma once

#include <glib.h>

/* A save is complete once its file was left alone for so long: editors write within a few
 * milliseconds, and nobody notices the wait. */
#define SAVE_QUIET_US (50 * 1000)
/* So much of SAVE_QUIET_US is left for reading and checking. */
#define SAVE_READ_US (30 * 1000)
/* A file of which no monitor told may be in the middle of being written. */
#define SAVE_UNTOLD_US (200 * 1000)
/* One that is known to be open for writing, or is empty, surely is; on a busy machine an editor can
 * lose the processor between emptying a file and writing it. */
#define SAVE_OPEN_US (1000 * 1000)
/* Some editors delete and write anew. */
#define SAVE_GONE_US (1000 * 1000)
/* New files are looked for so long after the end of one's change: many come at once. */
#define SAVE_GATHER_US (10 * 1000)
/* So long ago a change is as good as any time. */
#define SAVE_REACH_US ((gint64)3600 * G_USEC_PER_SEC)

/* Files and folders are looked at so often for what no monitor tells: NFS, a folder made anew. */
#define WATCH_CHECK_MS 1000
/* So often it is looked whether git has ended. */
#define WATCH_GIT_MS 50
/* Nobody needs to be told of a checkout that ends by itself. */
#define WATCH_GIT_TOLD_MS 2000
/* What changes within so short a time was changed at once. */
#define WATCH_TOGETHER_US (1000 * 1000)
/* Real time. A lock that is older was left behind by a git that died. */
#define GIT_LOCK_LEFT_US ((gint64)600 * G_USEC_PER_SEC)
/* A server that is away is asked again after 0.5, 1, 2, … s, and at most so seldom: whoever
 * restarts it waits for it. */
#define WATCH_RETRY_FIRST_MS 500u
#define WATCH_RETRY_LONGEST_MS 10000u
/* What a look just found of a server that is away holds for the deploy that follows it. */
#define WATCH_AWAY_FRESH_MS 500

/* Real time. A file's times are as coarse as the kernel's clock, up to 10 ms. */
#define RUN_COARSE_US 20000
/* Real time. What a command of --run wrote last may be on its way yet. */
#define RUN_AFTERMATH_US 50000
/* Real time. File systems round a file's times, some to two seconds. */
#define FILE_ROUNDED_US (2 * G_USEC_PER_SEC)
