/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For git, which is asked whether it keeps the key's file: it takes some 3 ms, and what hangs (a
 * network file system) must not hold up a deploy. */
#define GIT_ANSWER_MS 500
