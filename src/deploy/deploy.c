#include "deploy.h"

#include "deployment.h"
#include "error.h"
#include "record.h"
#include "survey.h"

#include <glib/gi18n.h>

Outcome *
deploy_one(const DeployContext *context, Plugin *plugin, Look *look)
{
  Deployment *d = deployment_new(context, plugin);
  d->look = look;
  if (deployment_prepare(d))
    deployment_write(d);
  return deployment_end(d);
}

static gboolean
is_well(const Deployment *d)
{
  return outcome_ok(d->outcome);
}

/* Every check, look and conflict before the first write. */
static gboolean
prepare_all(const GPtrArray *deployments, gboolean *to_write)
{
  gboolean well = TRUE;
  for (guint i = 0; i < deployments->len; i++) {
    Deployment *d = g_ptr_array_index(deployments, i);
    to_write[i] = deployment_prepare(d);
    well = well && (to_write[i] || is_well(d));
  }
  return well;
}

static void
skip(Deployment *d)
{
  if (deployment_interrupted(d))
    deployment_finish_interrupted(d);
  else
    deployment_finish(
        d, RESULT_SKIPPED,
        owup_error_new(OWUP_ERROR_SKIPPED, _("Not sent, since another one failed (--atomic)")));
}

/* Writes in order; at the first failure or interrupt the rest is skipped. TRUE: all are well. */
static gboolean
write_all(const GPtrArray *deployments, const gboolean *to_write)
{
  gboolean well = TRUE;
  for (guint i = 0; i < deployments->len; i++) {
    Deployment *d = g_ptr_array_index(deployments, i);
    if (!to_write[i])
      continue;
    well = well && !deployment_interrupted(d);
    if (!well) {
      skip(d);
      continue;
    }
    deployment_write(d);
    well = is_well(d);
  }
  return well;
}

static void
undo_all(const GPtrArray *deployments)
{
  for (guint i = deployments->len; i > 0; i--)
    deployment_undo(g_ptr_array_index(deployments, i - 1));
}

/* What is still open keeps its rows, for the next owup to settle. */
static void
close_journal(const DeployContext *context, const GPtrArray *deployments)
{
  for (guint i = 0; i < deployments->len; i++) {
    if (deployment_is_open(g_ptr_array_index(deployments, i)))
      return;
  }
  g_autoptr(GError) error = NULL;
  if (context->history != NULL && !journal_end_batch(context->history, context->batch, &error))
    context->observe(event_new(EVENT_NOTE, NULL, 0, error->message), context->data);
}

/* Only now: what is undone was never sent as far as later deploys are concerned. */
static void
remember(const GPtrArray *deployments)
{
  for (guint i = 0; i < deployments->len; i++) {
    Deployment *d = g_ptr_array_index(deployments, i);
    if (d->held != NULL && d->outcome->result != RESULT_REVERTED)
      record_done(d);
  }
}

GPtrArray *
deploy_atomic(const DeployContext *single, const GPtrArray *plugins)
{
  g_autofree char *batch = g_uuid_string_random();
  g_autofree gboolean *to_write = g_new0(gboolean, plugins->len + 1);
  g_autoptr(GPtrArray) deployments = g_ptr_array_new();
  DeployContext context = *single;
  context.batch = batch;
  context.siblings = plugins;
  g_autoptr(GPtrArray) looks = survey_make(&context, plugins);
  for (guint i = 0; i < plugins->len; i++) {
    Deployment *d = deployment_new(&context, g_ptr_array_index(plugins, i));
    d->look = g_steal_pointer(&g_ptr_array_index(looks, i));
    g_ptr_array_add(deployments, d);
  }
  if (!prepare_all(deployments, to_write)) {
    for (guint i = 0; i < deployments->len; i++)
      if (to_write[i])
        skip(g_ptr_array_index(deployments, i));
  } else if (!write_all(deployments, to_write)) {
    undo_all(deployments);
  }
  close_journal(&context, deployments);
  remember(deployments);
  GPtrArray *outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
  for (guint i = 0; i < deployments->len; i++)
    g_ptr_array_add(outcomes, deployment_end(g_ptr_array_index(deployments, i)));
  return outcomes;
}
