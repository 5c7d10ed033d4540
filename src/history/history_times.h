/* SPDX-License-Identifier: MIT */
/* How long this room waits, which is the program's time (clock.h); and how long it keeps things,
 * which is counted in dates. */
#pragma once

#include <glib.h>

/* For another owup at work on the same plugin, unless --timeout says otherwise: as long as that one
 * settles a lost answer (deploy_times.h). */
#define PLUGIN_LOCK_WAIT_MS 60000
/* flock() cannot wait for a limited time; so it is tried again, at first soon, since most hold it
 * for some tens of milliseconds, and then as seldom as nobody notices. */
#define PLUGIN_LOCK_FIRST_PAUSE_MS 2
#define PLUGIN_LOCK_LONGEST_PAUSE_MS 50

/* Dates: a version that is no plugin's latest is kept for so many days, unless the user says
 * otherwise. */
#define HISTORY_DAYS 90
#define HISTORY_DAY_S ((gint64)24 * 60 * 60)
