/* SPDX-License-Identifier: MIT */
#include "http_pool.h"

#include <pthread.h>

/* One more is let in after so many answers for each that may be under way. */
#define WELL_ROUNDS 4

struct HttpPool {
  HttpOptions options; /* its strings are the pool's own */
  Cancel *cancel;
  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t moved;
  HttpClient **idle; /* the last one was used last */
  guint idle_count, out, most;
  guint limit;    /* how many of `most` the server bears */
  guint well;     /* answers since the limit moved */
  gboolean alone; /* the one that is out wants no other beside it */
  guint64 next_ticket, now_served;
};

HttpPool *
http_pool_new(const HttpOptions *options, Cancel *cancel)
{
  HttpPool *pool = g_new0(HttpPool, 1);
  pool->options = (HttpOptions){
      .key = g_strdup(options->key),
      .cacert = g_strdup(options->cacert),
      .insecure = options->insecure,
      .headers = (const char *const *)g_strdupv((char **)options->headers),
      .untold = options->untold,
      .redactor = options->redactor != NULL ? redactor_ref(options->redactor) : NULL,
  };
  pool->cancel = cancel;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->moved, NULL);
  http_pool_set_most(pool, 1);
  pool->idle[pool->idle_count++] = http_client_new(&pool->options, cancel);
  return pool;
}

void
http_pool_free(HttpPool *pool)
{
  if (pool == NULL)
    return;
  for (guint i = 0; i < pool->idle_count; i++)
    http_client_free(pool->idle[i]);
  g_free(pool->idle);
  pthread_cond_destroy(&pool->moved);
  pthread_mutex_destroy(&pool->mutex);
  g_free((char *)pool->options.key);
  g_free((char *)pool->options.cacert);
  g_strfreev((char **)pool->options.headers);
  redactor_unref(pool->options.redactor);
  g_free(pool);
}

void
http_pool_set_most(HttpPool *pool, guint most)
{
  pool->most = pool->limit = MAX(pool->most, most);
  pool->idle = g_renew(HttpClient *, pool->idle, pool->most);
}

static gboolean
is_free(const HttpPool *pool, gboolean alone)
{
  return alone ? pool->out == 0 : !pool->alone && pool->out < pool->limit;
}

static HttpClient *
take(HttpPool *pool, gboolean alone)
{
  pthread_mutex_lock(&pool->mutex);
  guint64 ticket = pool->next_ticket++;
  while (ticket != pool->now_served || !is_free(pool, alone))
    pthread_cond_wait(&pool->moved, &pool->mutex);
  pool->now_served++;
  pool->out++;
  pool->alone = alone;
  HttpClient *client = pool->idle_count > 0 ? pool->idle[--pool->idle_count]
                                            : http_client_new(&pool->options, pool->cancel);
  pthread_cond_broadcast(&pool->moved);
  pthread_mutex_unlock(&pool->mutex);
  return client;
}

HttpClient *
http_pool_take(HttpPool *pool)
{
  return take(pool, FALSE);
}

HttpClient *
http_pool_take_alone(HttpPool *pool)
{
  return take(pool, TRUE);
}

void
http_pool_learn(HttpPool *pool, gboolean bears)
{
  pthread_mutex_lock(&pool->mutex);
  pool->well = bears ? pool->well + 1 : 0;
  if (!bears && pool->out <= pool->limit)
    pool->limit = MAX(pool->limit / 2, 1);
  if (pool->well > pool->limit * WELL_ROUNDS && pool->limit < pool->most) {
    pool->limit++;
    pool->well = 0;
  }
  pthread_cond_broadcast(&pool->moved);
  pthread_mutex_unlock(&pool->mutex);
}

guint
http_pool_limit(HttpPool *pool)
{
  pthread_mutex_lock(&pool->mutex);
  guint limit = pool->limit;
  pthread_mutex_unlock(&pool->mutex);
  return limit;
}

guint
http_pool_most(const HttpPool *pool)
{
  return pool->most;
}

void
http_pool_give(HttpPool *pool, HttpClient *client)
{
  pthread_mutex_lock(&pool->mutex);
  pool->alone = FALSE;
  pool->idle[pool->idle_count++] = client;
  pool->out--;
  pthread_cond_broadcast(&pool->moved);
  pthread_mutex_unlock(&pool->mutex);
}
