#include "batch.h"

#include "survey.h"

#include <pthread.h>

typedef struct {
  const DeployContext *context;
  const GPtrArray *plugins;
  GPtrArray *looks;
  pthread_mutex_t taking;     /* guards `next` */
  pthread_mutex_t installing; /* held while a plugin with requirements is deployed */
  guint next;
} Batch;

typedef struct {
  Batch *batch;
  guint item; /* under way */
} Lane;

static void
observe_in_lane(Event *event, gpointer data)
{
  const Lane *lane = data;
  const DeployContext *context = lane->batch->context;
  event->item = lane->item;
  context->observe(event, context->data);
}

/* The next plugin's place, or FALSE. */
static gboolean
take_next(Lane *lane)
{
  Batch *batch = lane->batch;
  pthread_mutex_lock(&batch->taking);
  while (batch->next < batch->plugins->len &&
         g_ptr_array_index(batch->plugins, batch->next) == NULL)
    batch->next++;
  gboolean more = batch->next < batch->plugins->len;
  lane->item = batch->next++;
  pthread_mutex_unlock(&batch->taking);
  return more;
}

static void
run_lane_with(Lane *lane, const DeployContext *context)
{
  Batch *batch = lane->batch;
  while (take_next(lane)) {
    Plugin *plugin = g_ptr_array_index(batch->plugins, lane->item);
    Look *look = g_ptr_array_index(batch->looks, lane->item);
    g_ptr_array_index(batch->looks, lane->item) = NULL;
    if (plugin->has_requirements)
      pthread_mutex_lock(&batch->installing);
    Outcome *outcome = deploy_one(context, plugin, look);
    if (plugin->has_requirements)
      pthread_mutex_unlock(&batch->installing);
    context->observe(event_finished(outcome), context->data);
  }
}

static gpointer
run_lane(gpointer data)
{
  Lane *lane = data;
  const DeployContext *from = lane->batch->context;
  DeployContext context = *from;
  from->lanes->open(from, &context);
  context.observe = observe_in_lane;
  context.data = lane;
  run_lane_with(lane, &context);
  from->lanes->close(from, &context);
  return NULL;
}

/* How many plugins ask for something of the server: more lanes than these would only be opened. */
static guint
count_work(const Batch *batch)
{
  guint n = 0;
  for (guint i = 0; i < batch->plugins->len; i++) {
    const Look *look = g_ptr_array_index(batch->looks, i);
    gboolean same = look != NULL && look->same;
    n += g_ptr_array_index(batch->plugins, i) != NULL && !same ? 1 : 0;
  }
  return MAX(n, 1);
}

void
deploy_many(const DeployContext *single, const GPtrArray *plugins, guint jobs)
{
  DeployContext together = *single;
  together.siblings = plugins;
  const DeployContext *context = &together;
  Batch batch = {.context = context, .plugins = plugins};
  pthread_mutex_init(&batch.taking, NULL);
  pthread_mutex_init(&batch.installing, NULL);
  batch.looks = survey_make(context, plugins);
  /* More lanes than connections: where one plugin works here, another one's request runs. */
  server_share(context->server, jobs);
  guint n = MIN(jobs + jobs / 2, count_work(&batch));
  /* The first lane is this thread, with the session that made the survey. */
  g_autofree Lane *lanes = g_new0(Lane, n);
  g_autofree GThread **threads = g_new0(GThread *, n);
  for (guint i = 0; i < n; i++)
    lanes[i].batch = &batch;
  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new("lane", run_lane, &lanes[i]);
  DeployContext first = *context;
  first.observe = observe_in_lane;
  first.data = &lanes[0];
  run_lane_with(&lanes[0], &first);
  for (guint i = 1; i < n; i++)
    g_thread_join(threads[i]);
  g_ptr_array_unref(batch.looks);
  pthread_mutex_destroy(&batch.taking);
  pthread_mutex_destroy(&batch.installing);
}
