/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* Before there is a progress line: what is done sooner needs none. */
#define PROGRESS_SHOW_AFTER_US (500 * 1000)
/* Between two steps of its wheel: it seems to turn. */
#define PROGRESS_TICK_MS 120
