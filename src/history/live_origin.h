/* SPDX-License-Identifier: MIT */
/* A stamp that fits what the server holds proves only that some owup wrote it. Was that one of us,
 * who have it here, too, or somebody whose work a deploy would take away unseen? Asks the local
 * history and git; deploy and status both judge by this. */
#pragma once

#include "git_process.h"
#include "history.h"
#include "remote_plugin.h"
#include "stamp.h"

typedef enum {
  LIVE_ORIGIN_KNOWN,     /* it was here: in git's history of HEAD, or this machine wrote it */
  LIVE_ORIGIN_ELSEWHERE, /* it was made elsewhere, from another state than the one that is here */
  LIVE_ORIGIN_UNKNOWN,   /* nothing tells */
} LiveOrigin;

/* For DRIFT_ELSEWHERE: `live` (with content) has a stamp that fits, and its content is neither what
 * `file` has now (NULL or "-": no file) nor what `last` (history_last_agreed(), or NULL) says.
 * `history` may be NULL. */
LiveOrigin live_origin_judge(History *history, GitBudget *budget, const char *server,
                             const char *file, const RemotePlugin *live, const HistoryEntry *last);
