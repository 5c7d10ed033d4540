#include "drift.h"

#include <string.h>

Drift
drift_judge(const char *digest, const Stamp *stamp, const HistoryEntry *last)
{
  if (stamp == NULL && last == NULL)
    return DRIFT_ADOPTED;
  if (stamp == NULL)
    return strcmp(digest, last->digest) == 0 ? DRIFT_NONE : DRIFT_CHANGED;
  if (strcmp(digest, stamp->sha256) != 0)
    return DRIFT_CHANGED;
  /* A version put back on the server brings its old stamp along (0.12's own history does that). */
  if (last != NULL && stamp->at < last->at && strcmp(digest, last->digest) != 0)
    return DRIFT_SET_BACK;
  return DRIFT_NONE;
}

Merge
merge_text(const char *server, const char *file, const char *base)
{
  if (file == NULL)
    return MERGE_SERVER;
  if (strcmp(server, file) == 0 || base == NULL || strcmp(server, base) == 0)
    return MERGE_FILE;
  return strcmp(file, base) == 0 ? MERGE_KEPT : MERGE_CONFLICT;
}
