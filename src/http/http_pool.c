#include "http_pool.h"

#include <pthread.h>

struct HttpPool {
  HttpOptions options; /* its strings are the pool's own */
  Cancel *cancel;
  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t moved;
  HttpClient **idle; /* the last one was used last */
  guint idle_count, out, most;
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
  pool->most = MAX(pool->most, most);
  pool->idle = g_renew(HttpClient *, pool->idle, pool->most);
}

HttpClient *
http_pool_take(HttpPool *pool)
{
  pthread_mutex_lock(&pool->mutex);
  guint64 ticket = pool->next_ticket++;
  while (ticket != pool->now_served || pool->out == pool->most)
    pthread_cond_wait(&pool->moved, &pool->mutex);
  pool->now_served++;
  pool->out++;
  HttpClient *client = pool->idle_count > 0 ? pool->idle[--pool->idle_count]
                                            : http_client_new(&pool->options, pool->cancel);
  pthread_cond_broadcast(&pool->moved);
  pthread_mutex_unlock(&pool->mutex);
  return client;
}

void
http_pool_give(HttpPool *pool, HttpClient *client)
{
  pthread_mutex_lock(&pool->mutex);
  pool->idle[pool->idle_count++] = client;
  pool->out--;
  pthread_cond_broadcast(&pool->moved);
  pthread_mutex_unlock(&pool->mutex);
}
