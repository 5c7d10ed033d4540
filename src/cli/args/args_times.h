/* SPDX-License-Identifier: MIT */
/* What a user may ask for in time. */
#pragma once

/* --timeout: a day, beyond which it is a mistake. It is the program's time (clock.h). */
#define LONGEST_TIMEOUT_S (24 * 60 * 60)
