/* SPDX-License-Identifier: MIT */
#include "worker_thread.h"

#include <glib-unix.h>

typedef struct {
  WorkerFunc work;
  gpointer work_data;
  Channel *events;
  WorkerObserver observe;
  gpointer observe_data;
  GMainLoop *loop;
} Run;

/* The last item in the channel is the Run itself: everything that the work told comes before it. */
static gpointer
run_in_thread(gpointer data)
{
  Run *run = data;
  gpointer result = run->work(run->work_data);
  channel_push(run->events, run);
  return result;
}

static gboolean
on_events(gint fd, GIOCondition condition, gpointer data)
{
  Run *run = data;
  gpointer item;
  while ((item = channel_try_pop(run->events)) != NULL) {
    if (item == run) {
      g_main_loop_quit(run->loop);
      return G_SOURCE_REMOVE;
    }
    run->observe(item, run->observe_data);
  }
  return G_SOURCE_CONTINUE;
}

gpointer
worker_thread_run(WorkerFunc work, gpointer work_data, Channel *events, WorkerObserver observe,
                  gpointer observe_data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Run run = {work, work_data, events, observe, observe_data, loop};
  g_unix_fd_add(channel_fd(events), G_IO_IN, on_events, &run);
  GThread *thread = g_thread_new("worker", run_in_thread, &run);
  g_main_loop_run(loop);
  return g_thread_join(thread);
}
