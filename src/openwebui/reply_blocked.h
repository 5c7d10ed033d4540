/* SPDX-License-Identifier: MIT */
/* Answers of one who took the request for himself: a proxy, a firewall, the server's own front. Of
 * no use outside reply.c. */
#pragma once

#include "error.h"
#include "reply.h"

/* Such an answer's error, TOO_BIG or BLOCKED, which names who it was and what he may dislike; NULL:
 * it is another one. `words` is what he said, or NULL; `speaks_json` tells that it was JSON. Owned
 * by the caller. */
GError *reply_blocked(const HttpAnswer *answer, const ReplyContext *context, const char *words,
                      gboolean speaks_json);
