/* SPDX-License-Identifier: MIT */
#include "deploy_batch.h"

#include "error.h"
#include "snapshot_prefetch.h"

#include <pthread.h>

/* So many looks in a row that nobody answers: the next ones would only wait as long. */
#define SILENT_LOOKS 2

typedef struct {
  const DeployContext *context;
  const GPtrArray *plugins;
  GPtrArray *looks;
  pthread_mutex_t mutex; /* guards what follows */
  gboolean *taken;       /* as many as `plugins` */
  gboolean installing;   /* a plugin with requirements is being deployed */
  guint silent;          /* looks in a row that nobody answered */
  GError *idle_timeout;  /* of the last one */
} Batch;

typedef struct {
  Batch *batch;
  guint item; /* under way */
} Worker;

static void
observe_in_lane(Event *event, gpointer data)
{
  const Worker *worker = data;
  const DeployContext *context = worker->batch->context;
  event->item = worker->item;
  context->observe(event, context->data);
}

/* Has it requirements that the server would install? Not where its look says that it is there. */
static gboolean
installs(const Batch *batch, guint item)
{
  const Plugin *plugin = g_ptr_array_index(batch->plugins, item);
  const Snapshot *snapshot = g_ptr_array_index(batch->looks, item);
  return plugin->has_requirements &&
         (snapshot == NULL || !snapshot->same || !snapshot_is_fresh(snapshot));
}

/* The next plugin's place, or FALSE: nothing is left, or only what has to wait for an installation,
 * which the lane that has it takes up itself. */
static gboolean
take_next(Worker *worker, gboolean *installing)
{
  Batch *batch = worker->batch;
  gboolean found = FALSE;
  pthread_mutex_lock(&batch->mutex);
  for (guint i = 0; i < batch->plugins->len && !found; i++) {
    if (batch->taken[i] || g_ptr_array_index(batch->plugins, i) == NULL)
      continue;
    *installing = installs(batch, i);
    if (*installing && batch->installing)
      continue;
    found = batch->taken[i] = TRUE;
    batch->installing = batch->installing || *installing;
    worker->item = i;
  }
  pthread_mutex_unlock(&batch->mutex);
  return found;
}

/* Nobody answered the looks before: the same error, without asking. NULL: somebody did. */
static Outcome *
refuse_in_silence(Batch *batch, Plugin *plugin)
{
  pthread_mutex_lock(&batch->mutex);
  GError *error = batch->silent >= SILENT_LOOKS ? g_error_copy(batch->idle_timeout) : NULL;
  pthread_mutex_unlock(&batch->mutex);
  if (error == NULL)
    return NULL;
  Outcome *outcome = outcome_new(plugin, client_url(batch->context->client));
  outcome->result = RESULT_FAILED;
  outcome->error = error;
  return outcome;
}

static void
leave(Batch *batch, const Outcome *outcome, gboolean installing)
{
  gboolean silent =
      outcome->result == RESULT_FAILED && owup_error_is(outcome->error, OWUP_ERROR_TIMEOUT);
  pthread_mutex_lock(&batch->mutex);
  if (installing)
    batch->installing = FALSE;
  batch->silent = silent ? batch->silent + 1 : 0;
  g_clear_error(&batch->idle_timeout);
  batch->idle_timeout = silent ? g_error_copy(outcome->error) : NULL;
  pthread_mutex_unlock(&batch->mutex);
}

static void
run_lane_with(Worker *worker, const DeployContext *context)
{
  Batch *batch = worker->batch;
  gboolean installing = FALSE;
  while (take_next(worker, &installing)) {
    Plugin *plugin = g_ptr_array_index(batch->plugins, worker->item);
    Snapshot *snapshot = g_steal_pointer(&g_ptr_array_index(batch->looks, worker->item));
    Outcome *outcome = snapshot == NULL ? refuse_in_silence(batch, plugin) : NULL;
    if (outcome == NULL)
      outcome = deploy_one(context, plugin, snapshot);
    leave(batch, outcome, installing);
    context->observe(event_finished(outcome), context->data);
  }
}

static gpointer
run_lane(gpointer data)
{
  Worker *worker = data;
  const DeployContext *from = worker->batch->context;
  DeployContext context = *from;
  from->workers->open(from, &context);
  context.observe = observe_in_lane;
  context.data = worker;
  run_lane_with(worker, &context);
  from->workers->close(from, &context);
  return NULL;
}

/* How many plugins ask for something of the server: more lanes than these would only be opened. */
static guint
count_work(const Batch *batch)
{
  guint n = 0;
  for (guint i = 0; i < batch->plugins->len; i++) {
    const Snapshot *snapshot = g_ptr_array_index(batch->looks, i);
    gboolean same = snapshot != NULL && snapshot->same;
    n += g_ptr_array_index(batch->plugins, i) != NULL && !same ? 1 : 0;
  }
  return MAX(n, 1);
}

void
deploy_batch(const DeployContext *single, const GPtrArray *plugins, guint jobs)
{
  DeployContext together = *single;
  together.siblings = plugins;
  const DeployContext *context = &together;
  Batch batch = {.context = context, .plugins = plugins};
  pthread_mutex_init(&batch.mutex, NULL);
  g_autofree gboolean *taken = batch.taken = g_new0(gboolean, plugins->len + 1);
  batch.looks = snapshot_prefetch(context, plugins);
  /* More lanes than connections: where one plugin works here, another one's request runs. */
  guint work = count_work(&batch);
  client_share(context->client, MIN(jobs, work));
  guint n = MIN(jobs + jobs / 2, work);
  /* The first lane is this thread, with the session that made the survey. */
  g_autofree Worker *workers = g_new0(Worker, n);
  g_autofree GThread **threads = g_new0(GThread *, n);
  for (guint i = 0; i < n; i++)
    workers[i].batch = &batch;
  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new("lane", run_lane, &workers[i]);
  DeployContext first = *context;
  first.observe = observe_in_lane;
  first.data = &workers[0];
  run_lane_with(&workers[0], &first);
  for (guint i = 1; i < n; i++)
    g_thread_join(threads[i]);
  g_ptr_array_unref(batch.looks);
  pthread_mutex_destroy(&batch.mutex);
  g_clear_error(&batch.idle_timeout);
}
