/* SPDX-License-Identifier: MIT */
/* What a test puts in the place of the real clock. Private to the clock and tests/clock. */
#pragma once

#include <glib.h>

typedef struct {
  gint64 (*now)(void);
  gint64 (*to_real)(gint64 us); /* rounded up */
  gint64 (*from_real)(gint64 us);
  gint64 (*longest_poll)(gint64 us); /* real; `us` is as well */
  gboolean (*skips)(gint64 us);
} ClockSource;

/* NULL: the real one. It outlives its use, and is changed only while no other thread runs. */
void clock_set_source(const ClockSource *source);
