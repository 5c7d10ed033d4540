/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h) but for DEPLOY_WINDOW_S. */
#pragma once

/* For the next byte of a write's answer, unless --timeout says otherwise: a server runs the
 * plugin's code before it answers; and where the plugin has requirements, it installs them first.
 */
#define DEPLOY_IDLE_MS 10000u
#define DEPLOY_IDLE_REQUIREMENTS_MS 300000u

/* A look older than this is made again: long enough for a batch to begin with what it saw, and a
 * newer one is never wrong, only a request. */
#define LOOK_FRESH_MS 5000

/* All the time for a lost answer, but for requests that are under way at its end: a server that is
 * restarted is back within it. */
#define SETTLE_MS 60000
/* Between two reads: 0.1, 0.2, 0.4, … s. The new content was seen half a second late. */
#define SETTLE_POLL_FIRST_MS 100
#define SETTLE_POLL_LONGEST_MS 6400
/* After two senseless answers to the same write, before they are believed: three times as long as
 * the latest write that was seen. */
#define SETTLE_ANSWERED_MS 1500

/* Before a write that the server's own trouble refused is sent alone: 0.1, 0.2, 0.4 and 0.8 s. */
#define TROUBLE_FIRST_MS 100u
#define TROUBLE_TRIES 4

/* How long after a refusal a first, timed-out update is expected to arrive after all. */
#define LATE_MS 5000

/* Dates. What was changed so shortly before a write may be in the middle of a repair, which takes 2
 * s at most; and so far may the clocks that tell whether it was we lie apart. */
#define DEPLOY_SWITCHED_S 3

/* Dates. A failed update switches the function off once its code has run, and the server goes on
 * with that after its owup died. Beyond its owup's patience, and this, it was somebody else. Clocks
 * are compared in whole seconds. */
#define DEPLOY_WINDOW_S 60
