/* SPDX-License-Identifier: MIT */
/* The time: the only module (with cancel.c, which waits by it) that asks a clock or sleeps.
 *
 * The program's time runs as fast as real time. In a test it may run N times as fast
 * (tests/clock): then every wait, deadline, timer and time-out of ours takes an N-th of its real
 * time, --timeout and the sandbox's --delay with them. What stays real: dates (clock_wall()), and
 * so the window of an interrupted write, which compares the server's dates; how long something
 * took, as it is shown (clock_took_ms()); and what others count by themselves (a file system's
 * rounding, libmicrohttpd's idle connections).
 *
 * Instants and spans are microseconds, waits and deadlines milliseconds. Any thread.
 */
#pragma once

#include <glib.h>

/* The program's time, which only ever goes forward. */
gint64 clock_now(void);

/* The date, since 1970. It may jump. */
gint64 clock_wall(void);
gint64 clock_wall_seconds(void);

/* What a person is told: clock_took_ms(clock_stopwatch()), real milliseconds. */
gint64 clock_stopwatch(void);
gint64 clock_took_ms(gint64 stopwatch);

typedef struct {
  gint64 at; /* of clock_now() */
} ClockDeadline;

/* `ms` from now, and from `begun` (of clock_now()). */
ClockDeadline clock_deadline(gint64 ms);
ClockDeadline clock_deadline_from(gint64 begun, gint64 ms);
/* Whole milliseconds, 0 for the rest of one. */
gint64 clock_left(ClockDeadline deadline);
gboolean clock_passed(ClockDeadline deadline);

/* Sleeps; what a Ctrl-C should end takes cancel_wait(). */
void clock_wait(guint ms);

/* g_timeout_add(). */
guint clock_timer(guint ms, GSourceFunc function, gpointer data);

/* How long poll() and the like may wait for the deadline: real milliseconds, 0 where it has passed,
 * else at least 1. That they waited in vain does not mean that it has passed now: ask. */
int clock_poll_ms(ClockDeadline deadline);

/* The real time that so much of the program's takes, for whoever counts it by himself; rounded up,
 * so that something does not become nothing. */
gint64 clock_real_us(gint64 us);
guint clock_real_ms(guint ms);

/* The other way round: how much of the program's time passes in `us` of the real one. */
gint64 clock_of_real(gint64 us);

/* For cancel_wait(): TRUE where a script (clock_test.h) has let the time pass. */
gboolean clock_skips(guint ms);
