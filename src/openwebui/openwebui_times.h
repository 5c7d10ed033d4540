/* SPDX-License-Identifier: MIT */
/* How long this room waits. All of it is the program's time (clock.h). */
#pragma once

/* For the next byte of an answer, unless --timeout says otherwise: a server that is well answers
 * within a second, but stands still while it runs a plugin's code. */
#define CLIENT_IDLE_MS 10000

/* A server that says 429 without a Retry-After is asked again after 1, 2, 4, 8 and 16 s; one that
 * names a time, then. Who asks for more than a minute in all is told of. */
#define BUSY_FIRST_MS 1000u
#define BUSY_LONGEST_MS 60000

/* Before flags are read again, doubled each time: 0.1, 0.2, … 3.2 s, 6.3 s in all. A server that is
 * busy with a failed write does not answer that long. */
#define FLAGS_READ_FIRST_MS 100
#define FLAGS_READ_TRIES 7
/* After a flip whose answer was lost: 0.1, 0.2, … 1.6 s, 3.1 s in all. Far longer than a flip
 * takes, and whoever waits for a repair waits for this. */
#define FLAGS_LOST_TRIES 5
/* Where somebody flips against us: so many flips of one flag, the second and later ones after a
 * random wait, so that two who do the same get out of step; 2 s at most in all. An admin's hand is
 * not fought: enable and disable flip twice. */
#define FLAGS_RESTORE_TRIES 5
#define FLAGS_SET_TRIES 2
#define FLAGS_JITTER_LEAST_MS 50
#define FLAGS_JITTER_MOST_MS 450
/* Between two looks while flags are guarded: short beside the seconds that it lasts, and few
 * requests. */
#define FLAGS_GUARD_MS 250

/* After a delete, doubled as for flags, 12.7 s in all: one whose answer was lost may be under way
 * yet. */
#define DELETE_READ_FIRST_MS 100
#define DELETE_READ_TRIES 7

/* All the time for the model list, and between two reads of it. Nobody waits for it longer: it only
 * makes true at once what the next reader makes true. */
#define MODEL_LIST_MS 2000
#define MODEL_LIST_AGAIN_MS 400
