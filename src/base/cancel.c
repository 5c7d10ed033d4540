/* SPDX-License-Identifier: MIT */
#include "cancel.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

typedef struct {
  guint handle;
  CancelWake wake;
  gpointer data;
} Waker;

struct Cancel {
  pthread_mutex_t mutex;
  pthread_cond_t raised;
  CancelLevel level;
  guint last_handle;
  GArray *wakers; /* of Waker */
};

Cancel *
cancel_new(void)
{
  Cancel *cancel = g_new0(Cancel, 1);
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
#ifndef __APPLE__
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
#endif
  pthread_mutex_init(&cancel->mutex, NULL);
  pthread_cond_init(&cancel->raised, &attr);
  pthread_condattr_destroy(&attr);
  cancel->wakers = g_array_new(FALSE, FALSE, sizeof(Waker));
  return cancel;
}

void
cancel_free(Cancel *cancel)
{
  if (cancel == NULL)
    return;
  g_array_unref(cancel->wakers);
  pthread_cond_destroy(&cancel->raised);
  pthread_mutex_destroy(&cancel->mutex);
  g_free(cancel);
}

CancelLevel
cancel_raise(Cancel *cancel)
{
  pthread_mutex_lock(&cancel->mutex);
  if (cancel->level < CANCEL_NOW)
    cancel->level++;
  CancelLevel level = cancel->level;
  for (guint i = 0; i < cancel->wakers->len; i++) {
    Waker *waker = &g_array_index(cancel->wakers, Waker, i);
    waker->wake(waker->data);
  }
  pthread_cond_broadcast(&cancel->raised);
  pthread_mutex_unlock(&cancel->mutex);
  return level;
}

CancelLevel
cancel_level(Cancel *cancel)
{
  if (cancel == NULL)
    return CANCEL_NONE;
  pthread_mutex_lock(&cancel->mutex);
  CancelLevel level = cancel->level;
  pthread_mutex_unlock(&cancel->mutex);
  return level;
}

guint
cancel_add_wake(Cancel *cancel, CancelWake wake, gpointer data)
{
  if (cancel == NULL)
    return 0;
  pthread_mutex_lock(&cancel->mutex);
  Waker waker = {++cancel->last_handle, wake, data};
  g_array_append_val(cancel->wakers, waker);
  pthread_mutex_unlock(&cancel->mutex);
  return waker.handle;
}

void
cancel_remove_wake(Cancel *cancel, guint handle)
{
  if (cancel == NULL || handle == 0)
    return;
  pthread_mutex_lock(&cancel->mutex);
  for (guint i = 0; i < cancel->wakers->len; i++) {
    if (g_array_index(cancel->wakers, Waker, i).handle == handle) {
      g_array_remove_index_fast(cancel->wakers, i);
      break;
    }
  }
  pthread_mutex_unlock(&cancel->mutex);
}

static struct timespec
deadline_after(guint ms)
{
  struct timespec at;
#ifdef __APPLE__
  clock_gettime(CLOCK_REALTIME, &at);
#else
  clock_gettime(CLOCK_MONOTONIC, &at);
#endif
  gint64 us = clock_real_us((gint64)ms * 1000);
  at.tv_sec += us / G_USEC_PER_SEC;
  at.tv_nsec += (long)(us % G_USEC_PER_SEC) * 1000;
  if (at.tv_nsec >= 1000000000L) {
    at.tv_sec++;
    at.tv_nsec -= 1000000000L;
  }
  return at;
}

gboolean
cancel_wait(Cancel *cancel, guint ms, CancelLevel until)
{
  if (cancel == NULL) {
    clock_wait(ms);
    return TRUE;
  }
  if (cancel_level(cancel) >= until)
    return FALSE;
  if (clock_skips(ms))
    return cancel_level(cancel) < until;
  struct timespec deadline = deadline_after(ms);
  int result = 0;
  pthread_mutex_lock(&cancel->mutex);
  while (cancel->level < until && result != ETIMEDOUT)
    result = pthread_cond_timedwait(&cancel->raised, &cancel->mutex, &deadline);
  gboolean passed = cancel->level < until;
  pthread_mutex_unlock(&cancel->mutex);
  return passed;
}
