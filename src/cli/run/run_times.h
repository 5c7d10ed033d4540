/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

#include <glib.h>

/* Longer than a plugin takes where all is well, requirements apart: then the progress line names
 * it. */
#define PROGRESS_SLOW_US (3 * G_USEC_PER_SEC)
