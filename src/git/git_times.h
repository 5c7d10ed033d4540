/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For all that one deploy asks git: an answer takes a few milliseconds, and a deploy can do
 * without. */
#define GIT_MS 500
