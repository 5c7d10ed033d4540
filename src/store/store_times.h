/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For another process's write: it takes milliseconds, but a machine that is busy may stop its
 * writer. */
#define STORE_PATIENCE_MS 10000
/* Between two tries to switch to the write-ahead log, for which SQLite does not wait by itself:
 * short, since whoever has the file has it for a moment. */
#define STORE_PAUSE_MS 2
