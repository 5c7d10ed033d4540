/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For all the interpreters that are asked about a text, together: one takes some 40 ms, and what
 * hangs must not hold up a deploy. */
#define COMPILE_CHECK_MS 10000
