/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For all that one deploy asks git: an answer takes a few milliseconds, and a deploy can do
 * without. */
#define GIT_MS 500

/* A git that did not answer within that is left alone for so long: else each plugin of a batch,
 * each row of a status would wait for it anew. */
#define GIT_AGAIN_MS 2000
