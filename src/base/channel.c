/* SPDX-License-Identifier: MIT */
#include "channel.h"

#include <errno.h>
#include <glib-unix.h>
#include <pthread.h>
#include <unistd.h>

/* No GQueue: what GLib's own code does with a list, ThreadSanitizer does not see. */
typedef struct Link {
  struct Link *next;
  gpointer item;
} Link;

struct Channel {
  pthread_mutex_t mutex;
  pthread_cond_t filled;
  Link *first, *last; /* NULL: the queue is empty */
  int pipe[2];        /* holds one byte while the queue is not empty */
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
  channel->free_item = free_item;
  return channel;
}

void
channel_free(Channel *channel)
{
  if (channel == NULL)
    return;
  for (Link *link = channel->first, *next; link != NULL; link = next) {
    next = link->next;
    if (channel->free_item != NULL)
      channel->free_item(link->item);
    g_free(link);
  }
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
  Link *link = g_new0(Link, 1);
  link->item = item;
  pthread_mutex_lock(&channel->mutex);
  if (channel->first == NULL) {
    while (write(channel->pipe[1], "", 1) < 0 && errno == EINTR)
      ;
    channel->first = link;
  } else {
    channel->last->next = link;
  }
  channel->last = link;
  pthread_cond_signal(&channel->filled);
  pthread_mutex_unlock(&channel->mutex);
}

static gpointer
pop_locked(Channel *channel)
{
  char byte;
  Link *link = channel->first;
  if (link == NULL)
    return NULL;
  gpointer item = link->item;
  channel->first = link->next;
  g_free(link);
  if (channel->first == NULL)
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
  while (channel->first == NULL)
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
