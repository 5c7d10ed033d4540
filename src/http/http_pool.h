/* SPDX-License-Identifier: MIT */
/* Connections that several threads share: at most so many exchanges run at one time.
 *
 * Whoever waits is served in the order of asking, so that nobody is left behind by one that asks
 * more often. The clients keep their connections; another one is made only while all of them are
 * out.
 */
#pragma once

#include "http.h"

typedef struct HttpPool HttpPool;

/* One client until http_pool_set_most(). The threads that share the pool are started by the one
 * that makes it, which blocks SIGPIPE for all of them. Strings are copied, `cancel` outlives the
 * pool. */
HttpPool *http_pool_new(const HttpOptions *options, Cancel *cancel);
/* With all its clients; none may be out. */
void http_pool_free(HttpPool *pool);

/* At most `most` clients, never fewer than before. While no other thread takes part. */
void http_pool_set_most(HttpPool *pool, guint most);

/* A client for one exchange or several, to be given back; waits for it. An interrupt ends not the
 * waiting but the exchanges that are waited for. */
HttpClient *http_pool_take(HttpPool *pool);
/* The same, and until it is given back nobody else has one: that of the others is waited for. Who
 * asks holds none. */
HttpClient *http_pool_take_alone(HttpPool *pool);
void http_pool_give(HttpPool *pool, HttpClient *client);

/* The server bears so many exchanges at once or not: each no halves how many there may be (once for
 * all that are under way), many a yes let in one more, up to http_pool_set_most(). */
void http_pool_learn(HttpPool *pool, gboolean bears);
/* How many there may be now, and at most. */
guint http_pool_limit(HttpPool *pool);
guint http_pool_most(const HttpPool *pool);
