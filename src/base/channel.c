#include "channel.h"

#include <errno.h>
#include <glib-unix.h>
#include <pthread.h>
#include <unistd.h>

struct Channel {
  pthread_mutex_t mutex;
  pthread_cond_t filled;
  GQueue queue;
  int pipe[2]; /* holds one byte while the queue is not empty */
  GDestroyNotify free_item;
};

Channel *
channel_new(GDestroyNotify free_item)
{
  Channel *channel = g_new0(Channel, 1);
  g_autoptr(GError) error = NULL;
  if (!g_unix_open_pipe(channel->pipe, FD_CLOEXEC, &error))
    g_error("cannot make a pipe: %s", error->message);
  pthread_mutex_init(&channel->mutex, NULL);
  pthread_cond_init(&channel->filled, NULL);
  g_queue_init(&channel->queue);
  channel->free_item = free_item;
  return channel;
}

void
channel_free(Channel *channel)
{
  if (channel == NULL)
    return;
  g_queue_clear_full(&channel->queue, channel->free_item);
  close(channel->pipe[0]);
  close(channel->pipe[1]);
  pthread_cond_destroy(&channel->filled);
  pthread_mutex_destroy(&channel->mutex);
  g_free(channel);
}

void
channel_push(Channel *channel, gpointer item)
{
  g_return_if_fail(item != NULL);
  pthread_mutex_lock(&channel->mutex);
  if (g_queue_is_empty(&channel->queue))
    while (write(channel->pipe[1], "", 1) < 0 && errno == EINTR)
      ;
  g_queue_push_tail(&channel->queue, item);
  pthread_cond_signal(&channel->filled);
  pthread_mutex_unlock(&channel->mutex);
}

static gpointer
pop_locked(Channel *channel)
{
  gpointer item = g_queue_pop_head(&channel->queue);
  char byte;
  if (item != NULL && g_queue_is_empty(&channel->queue))
    while (read(channel->pipe[0], &byte, 1) < 0 && errno == EINTR)
      ;
  return item;
}

gpointer
channel_try_pop(Channel *channel)
{
  pthread_mutex_lock(&channel->mutex);
  gpointer item = pop_locked(channel);
  pthread_mutex_unlock(&channel->mutex);
  return item;
}

gpointer
channel_pop(Channel *channel)
{
  pthread_mutex_lock(&channel->mutex);
  while (g_queue_is_empty(&channel->queue))
    pthread_cond_wait(&channel->filled, &channel->mutex);
  gpointer item = pop_locked(channel);
  pthread_mutex_unlock(&channel->mutex);
  return item;
}

int
channel_fd(Channel *channel)
{
  return channel->pipe[0];
}
