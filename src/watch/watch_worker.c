/* SPDX-License-Identifier: MIT */
#include "watch_worker.h"

#include "clock.h"
#include "error.h"
#include "journal_recovery.h"
#include "watch_times.h"

/* Looks on their way at once; a deploy that finds none looks by itself. */
#define LOOKS 16
/* So long a look that found the server away stands for what comes after it. */

typedef enum { JOB_LOOK, JOB_DEPLOY, JOB_STOP } JobType;

typedef struct {
  JobType type;
  Family family;  /* JOB_LOOK */
  char *id;       /* JOB_LOOK */
  Plugin *plugin; /* JOB_DEPLOY */
  char *digest;   /* JOB_DEPLOY: of plugin->stored, or NULL */
} Job;

/* Why a look failed, and when. */
typedef struct {
  GError *error; /* NULL: none did, or a deploy told it */
  gint64 at;
} Away;

struct WatchWorker {
  Channel *jobs;
  gint looks; /* on their way; atomic */
};

static void
job_free(gpointer data)
{
  Job *job = data;
  g_clear_pointer(&job->plugin, plugin_unref);
  g_free(job->id);
  g_free(job->digest);
  g_free(job);
}

static Job *
job_new(JobType type)
{
  Job *job = g_new0(Job, 1);
  job->type = type;
  return job;
}

WatchWorker *
watch_worker_new(void)
{
  WatchWorker *worker = g_new0(WatchWorker, 1);
  worker->jobs = channel_new(job_free);
  return worker;
}

void
watch_worker_free(WatchWorker *worker)
{
  if (worker == NULL)
    return;
  channel_free(worker->jobs);
  g_free(worker);
}

void
watch_worker_look(WatchWorker *worker, const Plugin *plugin)
{
  if (g_atomic_int_get(&worker->looks) >= LOOKS)
    return;
  g_atomic_int_inc(&worker->looks);
  Job *job = job_new(JOB_LOOK);
  job->family = kind_family(plugin->kind);
  job->id = g_strdup(plugin->id);
  channel_push(worker->jobs, job);
}

void
watch_worker_deploy(WatchWorker *worker, Plugin *plugin, const char *digest)
{
  Job *job = job_new(JOB_DEPLOY);
  job->plugin = plugin_ref(plugin);
  job->digest = g_strdup(digest);
  channel_push(worker->jobs, job);
}

void
watch_worker_stop(WatchWorker *worker)
{
  channel_push(worker->jobs, job_new(JOB_STOP));
}

static char *
look_key(Family family, const char *id)
{
  return g_strconcat(family_path(family), "/", id, NULL);
}

static gboolean
is_away(Away *away)
{
  if (away->error != NULL && clock_passed(clock_deadline_from(away->at, WATCH_AWAY_FRESH_MS)))
    g_clear_error(&away->error);
  return away->error != NULL;
}

static void
note_away(Away *away, const GError *error)
{
  if (!owup_error_is_silence(error) && !owup_error_is(error, OWUP_ERROR_PROXY))
    return;
  away->error = g_error_copy(error);
  away->at = clock_now();
}

/* What it says is not known is better found out by the deploy itself: it then looks under other
 * ids, too, and tells what is wrong. */
static void
snapshot(const DeployContext *context, const Job *job, GHashTable *looks, Away *away)
{
  g_autoptr(GError) error = NULL;
  gint64 at = clock_now();
  if (is_away(away))
    return;
  gint64 last = snapshot_last(context->history, client_url(context->client), job->family, job->id);
  RemotePlugin *before = client_read(context->client, job->family, job->id, &error);
  if (before == NULL) {
    note_away(away, error);
    return;
  }
  Snapshot *made = g_new0(Snapshot, 1);
  made->before = before;
  /* Now, within the quiet that makes a save, and not after it. */
  made->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, before->content);
  made->id = g_strdup(job->id);
  made->at = at;
  made->last = last;
  g_hash_table_replace(looks, look_key(job->family, job->id), made);
}

static gboolean
is_old(gpointer key, gpointer snapshot, gpointer data)
{
  return !snapshot_is_fresh(snapshot);
}

static Snapshot *
take_look(GHashTable *looks, const Job *job)
{
  g_autofree char *key = look_key(kind_family(job->plugin->kind), job->plugin->id);
  g_autofree char *own_key = NULL;
  Snapshot *made = NULL;
  g_hash_table_steal_extended(looks, key, (gpointer *)&own_key, (gpointer *)&made);
  g_hash_table_foreach_remove(looks, is_old, NULL);
  if (made != NULL)
    made->digest_stored = g_strdup(job->digest);
  return made;
}

/* TRUE: what became of the write is open. */
static gboolean
deploy(const DeployContext *context, const Job *job, GHashTable *looks)
{
  Outcome *outcome = deploy_one(context, job->plugin, take_look(looks, job));
  gboolean open = outcome->open;
  context->observe(event_finished(outcome), context->data);
  return open;
}

/* A server that does not answer is waited for once, by the look, and not by the deploy again. */
static gboolean
tell_away(const DeployContext *context, const Job *job, Away *away)
{
  if (!is_away(away) || cancel_level(context->cancel) != CANCEL_NONE)
    return FALSE;
  Outcome *outcome = outcome_new(job->plugin, client_url(context->client));
  outcome->result = RESULT_FAILED;
  outcome->error = g_steal_pointer(&away->error);
  context->observe(event_finished(outcome), context->data);
  return TRUE;
}

void
watch_worker_run(WatchWorker *worker, const DeployContext *context)
{
  g_autoptr(GHashTable) looks =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)snapshot_free);
  gboolean open = FALSE;
  Away away = {NULL};
  for (;;) {
    Job *job = channel_pop(worker->jobs);
    JobType type = job->type;
    if (type == JOB_LOOK) {
      snapshot(context, job, looks, &away);
      g_atomic_int_add(&worker->looks, -1);
    } else if (type == JOB_DEPLOY && !tell_away(context, job, &away)) {
      if (open)
        journal_recovery_run(context);
      open = deploy(context, job, looks);
    }
    job_free(job);
    if (type == JOB_STOP)
      break;
  }
  g_clear_error(&away.error);
}

gboolean
watch_worker_is_outage(const Outcome *outcome)
{
  const GError *error = outcome->error;
  gboolean open = outcome->result == RESULT_FAILED || outcome->result == RESULT_UNKNOWN;
  if (!open || error == NULL)
    return FALSE;
  int status = owup_error_status(error);
  return owup_error_is_silence(error) || owup_error_is(error, OWUP_ERROR_PROXY) ||
         (owup_error_is(error, OWUP_ERROR_UNKNOWN) && status < 500) || reply_is_gateway(status) ||
         status == 429;
}

gboolean
watch_worker_was_answered(const Outcome *outcome)
{
  if (outcome_ok(outcome) || outcome->http_status != 0)
    return TRUE;
  return outcome->result != RESULT_INVALID && outcome->result != RESULT_SKIPPED &&
         !owup_error_is(outcome->error, OWUP_ERROR_LOCAL_PLUGIN) &&
         !owup_error_is(outcome->error, OWUP_ERROR_LOCAL_STATE);
}
