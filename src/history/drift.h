/* SPDX-License-Identifier: MIT */
/* Did somebody else change the plugin on the server since owup's last write? Decided from the
 * server's answer, the stamp in it, and what the local history knows; nothing here asks anybody.
 *
 * Everywhere: `stamp` is the server's, or NULL; `last` is history_last_agreed(), or NULL. */
#pragma once

#include "history.h"
#include "remote_plugin.h"
#include "stamp.h"

#include <glib.h>

typedef enum {
  DRIFT_NONE,      /* what the server holds is our last work, or was pulled since */
  DRIFT_FOREIGN,   /* never ours: neither stamp nor history know it */
  DRIFT_CHANGED,   /* the content is neither what was last sent nor what was pulled */
  DRIFT_SET_BACK,  /* an older version of ours was put back on the server */
  DRIFT_ELSEWHERE, /* some owup's last work, but not what was last agreed on here (live_origin.h) */
} Drift;

/* `digest` is the SHA-256 of the content that the server holds. */
Drift drift_judge(const char *digest, const Stamp *stamp, const HistoryEntry *last);

/* The digest of the content that file and server last had in common: the newer of stamp and
 * history. NULL: none is known. Owned by one of the two. */
const char *drift_base_digest(const Stamp *stamp, const HistoryEntry *last);
/* What the file said of itself then (title, description), NULL where that is not known. Owned by
 * the caller. */
Stamp *drift_base(const Stamp *stamp, const HistoryEntry *last);

/* Is `digest`, of a file that is not what the server holds, what file and server had in common at
 * our last write or pull, at the newest that is known, or before a rollback took it away? Then
 * nothing was made of it since, and the server's text may take its place. An older text of ours is
 * not: whoever went back to it here has made a change. */
gboolean drift_was_shared(const char *digest, const Stamp *stamp, const HistoryEntry *last);

typedef enum {
  MERGE_FILE,     /* the file's is sent (or both are the same) */
  MERGE_SERVER,   /* the file says nothing; the server's stays */
  MERGE_KEPT,     /* changed on the server only: it stays, and that is worth a word */
  MERGE_CONFLICT, /* changed on both sides */
} DriftMerge;

/* For a name or a description by itself. `file` NULL: the file has none. `base` is what the file
 * had at our last write, NULL where that is not known. */
DriftMerge drift_merge(const char *server, const char *file, const char *base);
