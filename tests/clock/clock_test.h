/* SPDX-License-Identifier: MIT */
/* Other clocks, for tests. Nothing of it is in a program that does not call it: `owup` does only
 * where it was built with -Dtest_clock=true.
 *
 * All but clock_test_advance() are called while no other thread runs.
 */
#pragma once

#include <glib.h>

/* The program's time runs `times` as fast as the real one. 1: as fast. */
void clock_test_set_scale(guint times);

/* The program's time stands still but for its own waits, which end at once, and for
 * clock_test_advance(). After each wait `waited` (may be NULL) is called in the thread that waited,
 * with the milliseconds since this call. What waits for a file descriptor waits for it in real
 * time, and timers run in it. */
typedef void (*ClockTestWaited)(gint64 ms, gpointer data);
void clock_test_script(ClockTestWaited waited, gpointer data);

/* Under a script. Who polls notices. Any thread. */
void clock_test_advance(guint ms);

/* Under a script: milliseconds since it began. Any thread. */
gint64 clock_test_elapsed(void);

/* The real clock again. */
void clock_test_end(void);

/* Takes the scale from OWUP_TEST_CLOCK (1 to 1000; unset or empty: 1). FALSE: it is no such number.
 */
gboolean clock_test_from_environment(void);
