/* SPDX-License-Identifier: MIT */
/* Valves and flags of a plugin that a rollback brought back: the one way of the rollback itself and
 * of the next owup, where that one died. */
#pragma once

#include "history.h"
#include "restore.h"

#include <jansson.h>

/* The kept valves of a delete of ours; NULL: none were kept, or there were none. Owned by the
 * caller. `kept` may be NULL. */
json_t *undelete_valves(const HistoryEntry *kept);

typedef enum {
  UNDELETE_WHOLE,
  UNDELETE_WITHOUT_VALVES, /* so without its flags, too: it would run with the code's defaults */
  UNDELETE_WITHOUT_FLAGS,
} UndeleteEnd;

/* Valves first, then the flags: what is on has its valves. `valves` may be NULL: none to set. Sets
 * `error` unless whole. Between client_begin_write() and client_end_write(). */
UndeleteEnd undelete_settings(const Restore *to, const json_t *valves, GError **error);

/* The same for what may have been begun: valves that are there stay, if they are not those; then
 * `*theirs` is TRUE. */
UndeleteEnd undelete_go_on(const Restore *to, const json_t *valves, gboolean *theirs,
                           GError **error);

/* Will asking again be answered the same? The version that was brought back does not take the
 * valves. */
gboolean undelete_is_refused(const GError *error);
