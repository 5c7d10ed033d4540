/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For a connection, at most: far more than a name and a handshake take around the world. */
#define HTTP_CONNECT_MS 5000
/* Who sends a byte now and then is not silent, but is not waited for without an end: the whole
 * answer may take so many times what a silence may. */
#define HTTP_WHOLE_TIMES 30
