/* SPDX-License-Identifier: MIT */
/* How many files and connections the program may have open. */
#pragma once

/* Raises the soft limit as far as the hard one and the system allow; what is asked for by default
 * (256 on macOS, often 1024) is too little for many plugins at once. Once, on the main thread. */
void fd_limit_raise(void);

/* What it was before fd_limit_raise(), for a child: programs that use select() rely on a low one.
 * Does no more than what is allowed between fork() and exec(). */
void fd_limit_put_back(void);
