/* SPDX-License-Identifier: MIT */
/* Times that a server or a file tells, as text. */
#pragma once

#include <glib.h>

/* Seconds since 1970 as "2026-01-31 12:00" on this machine's clock, and as "2026-01-31T11:00:00Z".
 * NULL where `at` is 0 (unknown) or nothing that a calendar has, as a count of nanoseconds. Owned
 * by the caller. */
char *time_text(gint64 at);
char *time_text_utc(gint64 at);
