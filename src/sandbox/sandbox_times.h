/* SPDX-License-Identifier: MIT */
/* How long this room waits, beside the --delay that its user names, which is the program's time
 * (clock.h). */
#pragma once

/* How long a connection may be idle: real time, libmicrohttpd counts its seconds by itself. Longer
 * than a client keeps one that it means to use again. */
#define SANDBOX_IDLE_S 60
