/* SPDX-License-Identifier: MIT */
/* A server of one of the three generations that plays a script, a client of it, and a clock that
 * does not wait: what the heart does, request by request.
 *
 * stage_new(), stage_play() with the script, the work with stage->client, stage_end(), which
 * asserts that just the script's requests came, in its order.
 *
 * A script is made of REQUEST:ANSWER words, e.g. "update:cut read:old update:new". Requests: read,
 * update, create, flip, flipglobal, delete, list, history, history2, version, format, valves and
 * about. Answers:
 *
 *   old new other tidy  200 with the plugin holding that text (see stage_text()), of a create
 *                       without it; "old+a": it is active, "old+g": global, "old+ag": both
 *   again               the same plugin under the id "q", with the openwebui_id "twin"; of a
 *                       list: it has only that one
 *   missing             there is no such plugin, in the generation's own words
 *   refused             the code does not load, in the generation's own words: before 0.10 with
 *                       the reason, then without, from 0.12 on an update's with the reason
 *   taken misfit        the words for an id that is taken, for stored valves that do not fit
 *   locked              the database did not keep up
 *   true false null empty   200 with just that
 *   500 502 429         such a status, of the server or of what stands before it
 *   page                200 with a web page
 *   part                200 with half an answer, then cut
 *   cut                 taken, and cut off unanswered
 *   silent              taken, and never answered: minutes pass, and the client gives up
 *
 * "!" before a word raises the cancel by one when the request arrives, "!!" by two.
 */
#pragma once

#include "cancel.h"
#include "client.h"
#include "support/peer.h"
#include "support/tree.h"

typedef enum { STAGE_0_9, STAGE_0_11, STAGE_0_12, STAGE_N } StageGeneration;

#define STAGE_ID "p"
#define STAGE_NAME "P"
#define STAGE_DESCRIPTION "Filter plugin: P"
/* When the server's plugin was changed last, by its own clock: its answers' Date. */
#define STAGE_DATE 1795351329

typedef struct {
  StageGeneration generation;
  Cancel *cancel;
  Client *client;      /* NULL before stage_play() */
  json_t *stamp;       /* owned: what meta.owup holds; NULL: nothing */
  const char *name;    /* the plugin's, on the server */
  const char *version; /* in its manifest; NULL: none */
  gint64 updated_at;
  Tree *tree;
  Peer *peer;
  GArray *steps;       /* of PeerStep */
  GPtrArray *requests; /* of char *: what must come */
  GPtrArray *answers;  /* of char * */
} Stage;

Stage *stage_new(StageGeneration generation);
/* Adds to the script, with the plugin as it is described now. */
void stage_add(Stage *stage, const char *script);
/* The same, and the play begins. */
void stage_play(Stage *stage, const char *script);
/* Asserts that the script was played, and frees it. */
void stage_end(Stage *stage);

/* What the server tells of its plugin with the text called `word`, inactive. */
json_t *stage_plugin(const Stage *stage, const char *word);

/* "old", "new", "other": filters that differ in a value. "tidy": what the formatter makes of "old".
 */
const char *stage_text(const char *word);
GBytes *stage_bytes(const char *word);
/* SHA-256 of it. The caller owns it. */
char *stage_digest(const char *word);
