/* SPDX-License-Identifier: MIT */
#include "live_origin.h"

#include "git_known.h"

/* The state was written or seen here, under another URL. */
static gboolean
is_known_here(History *history, const char *server, const RemotePlugin *live, const Stamp *stamp)
{
  if (history == NULL || stamp->write == NULL)
    return FALSE;
  g_autoptr(HistoryEntry) entry = history_find_write(history, server, live->family, live->id,
                                                     stamp->write, stamp->sha256, NULL);
  return entry != NULL;
}

LiveOrigin
live_origin_judge(History *history, GitBudget *budget, const char *server, const char *file,
                  const RemotePlugin *live, const HistoryEntry *last)
{
  g_autoptr(Stamp) stamp = stamp_read(live->meta);
  if (stamp != NULL && is_known_here(history, server, live, stamp))
    return LIVE_ORIGIN_KNOWN;
  switch (git_known(budget, file, stamp != NULL ? stamp->blob : NULL, live->content)) {
  case GIT_KNOWN_HISTORY:
    return LIVE_ORIGIN_KNOWN;
  case GIT_KNOWN_ELSEWHERE:
    return LIVE_ORIGIN_ELSEWHERE;
  case GIT_KNOWN_NOT:
    break;
  }
  return last != NULL ? LIVE_ORIGIN_ELSEWHERE : LIVE_ORIGIN_UNKNOWN;
}
