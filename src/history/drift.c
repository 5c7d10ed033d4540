/* SPDX-License-Identifier: MIT */
#include "drift.h"

#include "json_exact.h"

#include <string.h>

Drift
drift_judge(const char *digest, const Stamp *stamp, const HistoryEntry *last)
{
  if (stamp == NULL && last == NULL)
    return DRIFT_FOREIGN;
  /* A pull leaves the server's stamp as it was before the edit that was taken. */
  if (last != NULL && last->action == HISTORY_PULLED && strcmp(digest, last->digest) == 0)
    return DRIFT_NONE;
  if (stamp == NULL)
    return strcmp(digest, last->digest) == 0 ? DRIFT_NONE : DRIFT_CHANGED;
  if (strcmp(digest, stamp->sha256) != 0)
    return DRIFT_CHANGED;
  /* A version put back on the server brings its old stamp along (0.12's own history does that). */
  if (last != NULL && stamp->at < last->at && strcmp(digest, last->digest) != 0)
    return DRIFT_SET_BACK;
  return last != NULL && strcmp(digest, last->digest) == 0 ? DRIFT_NONE : DRIFT_ELSEWHERE;
}

/* A stamp that is newer than all that is known here was made on another machine; within the same
 * second, one of another text is the newer one, since it is what the server has. */
static gboolean
knows_more(const Stamp *stamp, const HistoryEntry *last)
{
  if (stamp == NULL || last == NULL)
    return stamp != NULL;
  if (stamp->at != last->at)
    return stamp->at > last->at;
  return last->action != HISTORY_PULLED && strcmp(stamp->sha256, last->digest) != 0;
}

const char *
drift_base_digest(const Stamp *stamp, const HistoryEntry *last)
{
  if (knows_more(stamp, last))
    return stamp->sha256;
  return last != NULL ? last->digest : NULL;
}

Stamp *
drift_base(const Stamp *stamp, const HistoryEntry *last)
{
  if (knows_more(stamp, last))
    return stamp_copy(stamp);
  json_auto_t *meta =
      last != NULL && last->meta != NULL ? json_exact_parse_text(last->meta, 0) : NULL;
  Stamp *kept = stamp_read(meta);
  return kept != NULL || stamp == NULL ? kept : stamp_copy(stamp);
}

gboolean
drift_was_shared(const char *digest, const Stamp *stamp, const HistoryEntry *last)
{
  if (last != NULL && strcmp(digest, last->digest) == 0)
    return TRUE;
  if (g_strcmp0(digest, drift_base_digest(stamp, last)) == 0)
    return TRUE;
  g_autoptr(Stamp) base = drift_base(stamp, last);
  return base != NULL && rollback_trail_holds(base->trail, digest);
}

DriftMerge
drift_merge(const char *server, const char *file, const char *base)
{
  if (file == NULL)
    return MERGE_SERVER;
  if (strcmp(server, file) == 0 || base == NULL || strcmp(server, base) == 0)
    return MERGE_FILE;
  return strcmp(file, base) == 0 ? MERGE_KEPT : MERGE_CONFLICT;
}
