/* SPDX-License-Identifier: MIT */
/* Waiting for the disk, together. Only for store.c. */
#pragma once

#include <glib.h>

/* What was committed to the log of `database` (a path) before the call is on the disk when it
 * returns. 0, or the system's number. */
int disk_turn_take(const char *database);
