/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include "clock_source.h"

static const ClockSource *test_source;

void
clock_set_source(const ClockSource *source)
{
  g_atomic_pointer_set(&test_source, source);
}

static const ClockSource *
source(void)
{
  return g_atomic_pointer_get(&test_source);
}

gint64
clock_now(void)
{
  return source() != NULL ? source()->now() : g_get_monotonic_time();
}

gint64
clock_wall(void)
{
  return g_get_real_time();
}

gint64
clock_wall_seconds(void)
{
  return clock_wall() / G_USEC_PER_SEC;
}

gint64
clock_stopwatch(void)
{
  return g_get_monotonic_time();
}

gint64
clock_took_ms(gint64 stopwatch)
{
  return (g_get_monotonic_time() - stopwatch) / 1000;
}

ClockDeadline
clock_deadline(gint64 ms)
{
  return clock_deadline_from(clock_now(), ms);
}

ClockDeadline
clock_deadline_from(gint64 begun, gint64 ms)
{
  return (ClockDeadline){begun + ms * 1000};
}

gint64
clock_left(ClockDeadline deadline)
{
  return MAX((deadline.at - clock_now()) / 1000, 0);
}

gboolean
clock_passed(ClockDeadline deadline)
{
  return clock_now() >= deadline.at;
}

void
clock_wait(guint ms)
{
  if (!clock_skips(ms))
    g_usleep((gulong)clock_real_us((gint64)ms * 1000));
}

guint
clock_timer(guint ms, GSourceFunc function, gpointer data)
{
  return g_timeout_add(clock_real_ms(ms), function, data);
}

int
clock_poll_ms(ClockDeadline deadline)
{
  gint64 us = clock_real_us(MAX(deadline.at - clock_now(), 0));
  if (source() != NULL)
    us = source()->longest_poll(us);
  return (int)MIN((us + 999) / 1000, G_MAXINT);
}

gint64
clock_real_us(gint64 us)
{
  return source() != NULL ? source()->to_real(us) : us;
}

guint
clock_real_ms(guint ms)
{
  return (guint)((clock_real_us((gint64)ms * 1000) + 999) / 1000);
}

gint64
clock_of_real(gint64 us)
{
  return source() != NULL ? source()->from_real(us) : us;
}

gboolean
clock_skips(guint ms)
{
  return source() != NULL && source()->skips((gint64)ms * 1000);
}
