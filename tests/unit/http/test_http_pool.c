/* SPDX-License-Identifier: MIT */
/* Clients shared by threads: never more than allowed, and the same ones again. */
#include "http_pool.h"

#include <pthread.h>

#define THREADS 12
#define TURNS 50

static HttpPool *
open_pool(guint most)
{
  HttpOptions options = {.key = "sk-0123456789abcdef0123456789abcdef"};
  HttpPool *pool = http_pool_new(&options, NULL);
  http_pool_set_most(pool, most);
  return pool;
}

static void
test_clients_come_again(void)
{
  HttpPool *pool = open_pool(2);
  HttpClient *first = http_pool_take(pool), *second = http_pool_take(pool);
  g_assert_true(first != NULL && second != NULL && first != second);
  http_pool_give(pool, first);
  g_assert_true(http_pool_take(pool) == first);
  http_pool_give(pool, first);
  http_pool_give(pool, second);
  g_assert_true(http_pool_take(pool) == second);
  http_pool_give(pool, second);
  http_pool_free(pool);
}

typedef struct {
  HttpPool *pool;
  pthread_mutex_t mutex;
  guint out, most; /* clients, now and at most */
  GHashTable *clients;
} Shared;

static gpointer
take_turns(gpointer data)
{
  Shared *shared = data;
  for (guint i = 0; i < TURNS; i++) {
    HttpClient *client = http_pool_take(shared->pool);
    pthread_mutex_lock(&shared->mutex);
    shared->out++;
    shared->most = MAX(shared->most, shared->out);
    g_hash_table_add(shared->clients, client);
    pthread_mutex_unlock(&shared->mutex);
    g_thread_yield();
    pthread_mutex_lock(&shared->mutex);
    shared->out--;
    pthread_mutex_unlock(&shared->mutex);
    http_pool_give(shared->pool, client);
  }
  return NULL;
}

static void
test_never_more_than_allowed(void)
{
  Shared shared = {.pool = open_pool(3), .clients = g_hash_table_new(NULL, NULL)};
  GThread *threads[THREADS];
  pthread_mutex_init(&shared.mutex, NULL);
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new("turns", take_turns, &shared);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join(threads[i]);
  g_assert_cmpuint(shared.most, <=, 3);
  g_assert_cmpuint(g_hash_table_size(shared.clients), <=, 3);
  g_hash_table_unref(shared.clients);
  pthread_mutex_destroy(&shared.mutex);
  http_pool_free(shared.pool);
}

typedef struct {
  HttpPool *pool;
  HttpClient *client;
} Loner;

static gpointer
take_alone(gpointer data)
{
  Loner *loner = data;
  loner->client = http_pool_take_alone(loner->pool);
  return NULL;
}

/* It waits for the others to end, and they for it. */
static void
test_alone(void)
{
  HttpPool *pool = open_pool(3);
  Loner loner = {pool, NULL};
  HttpClient *first = http_pool_take(pool), *second = http_pool_take(pool);
  GThread *thread = g_thread_new("alone", take_alone, &loner);
  http_pool_give(pool, first);
  http_pool_give(pool, second);
  g_thread_join(thread);
  g_assert_nonnull(loner.client);
  Loner next = {pool, NULL};
  GThread *other = g_thread_new("alone", take_alone, &next);
  http_pool_give(pool, loner.client);
  g_thread_join(other);
  http_pool_give(pool, next.client);
  http_pool_free(pool);
}

static void
test_what_the_server_bears(void)
{
  HttpPool *pool = open_pool(8);
  http_pool_learn(pool, FALSE);
  g_assert_cmpuint(http_pool_limit(pool), ==, 4);
  for (int i = 0; i < 5; i++)
    http_pool_learn(pool, FALSE);
  g_assert_cmpuint(http_pool_limit(pool), ==, 1);
  for (int i = 0; i < 5; i++)
    http_pool_learn(pool, TRUE);
  g_assert_cmpuint(http_pool_limit(pool), ==, 2);
  for (int i = 0; i < 1000; i++)
    http_pool_learn(pool, TRUE);
  g_assert_cmpuint(http_pool_limit(pool), ==, 8);
  http_pool_free(pool);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/http-pool/clients-come-again", test_clients_come_again);
  g_test_add_func("/http-pool/never-more-than-allowed", test_never_more_than_allowed);
  g_test_add_func("/http-pool/alone", test_alone);
  g_test_add_func("/http-pool/what-the-server-bears", test_what_the_server_bears);
  return g_test_run();
}
