/* SPDX-License-Identifier: MIT */
#include "deploy.h"

#include "deploy_history.h"
#include "deployment.h"
#include "error.h"
#include "snapshot_prefetch.h"

#include <glib/gi18n.h>
#include <string.h>

/* One plugin of the batch. */
typedef struct {
  DeployContext context; /* says whose its events are */
  const DeployContext *outer;
  guint item;
  Deployment *d;
  gboolean to_write;
} Member;

static void
observe_member(Event *event, gpointer data)
{
  const Member *member = data;
  event->item = member->item;
  member->outer->observe(event, member->outer->data);
}

static GPtrArray *
gather(const DeployContext *context, const GPtrArray *plugins)
{
  GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) looks = snapshot_prefetch(context, plugins);
  for (guint i = 0; i < plugins->len; i++) {
    Member *member = g_new0(Member, 1);
    member->context = *context;
    member->context.observe = observe_member;
    member->context.data = member;
    member->outer = context;
    member->item = i;
    member->d = deployment_new(&member->context, g_ptr_array_index(plugins, i));
    member->d->seen.snapshot = g_steal_pointer(&g_ptr_array_index(looks, i));
    g_ptr_array_add(members, member);
  }
  return members;
}

static gboolean
is_well(const Deployment *d)
{
  return outcome_ok(d->outcome);
}

static gint
compare_locks(gconstpointer a, gconstpointer b)
{
  const Deployment *left = (*(Member *const *)a)->d, *right = (*(Member *const *)b)->d;
  int order = (int)left->family - (int)right->family;
  return order != 0 ? order : strcmp(left->id, right->id);
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

/* Every check, look and conflict before the first write. All locks are held until the end, so they
 * are taken in one order everywhere: two batches never wait for each other. */
static gboolean
prepare_all(const GPtrArray *members)
{
  gboolean well = TRUE, silent = FALSE;
  g_autoptr(GPtrArray) in_order = g_ptr_array_new();
  g_ptr_array_extend(in_order, (GPtrArray *)members, NULL, NULL);
  g_ptr_array_sort(in_order, compare_locks);
  for (guint i = 0; i < in_order->len; i++) {
    Member *member = g_ptr_array_index(in_order, i);
    if (silent) {
      skip(member->d);
      continue;
    }
    member->to_write = deploy_plan(member->d);
    deployment_observe(member->d, EVENT_PREPARED, 0, NULL);
    well = well && (member->to_write || is_well(member->d));
    silent = owup_error_is_silence(member->d->outcome->error); /* the next one would wait as long */
  }
  return well;
}

/* What would have been sent, or would be said of in a dry run. */
static void
skip_all(const GPtrArray *members)
{
  for (guint i = 0; i < members->len; i++) {
    const Member *member = g_ptr_array_index(members, i);
    Result result = member->d->outcome->result;
    gboolean forecast =
        member->d->options->dry_run && (result == RESULT_UPDATED || result == RESULT_CREATED);
    if (member->to_write || forecast)
      skip(member->d);
  }
}

/* Writes in order; at the first failure or interrupt the rest is skipped. TRUE: all are well. */
static gboolean
write_all(const GPtrArray *members)
{
  gboolean well = TRUE;
  for (guint i = 0; i < members->len; i++) {
    const Member *member = g_ptr_array_index(members, i);
    Deployment *d = member->d;
    well = well && (!member->to_write || !deployment_interrupted(d));
    if (member->to_write && !well) {
      skip(d);
    } else if (member->to_write) {
      if (deploy_snapshot_holds(d))
        deploy_apply(d);
      well = is_well(d);
    }
    if (is_well(d))
      deployment_observe(d, EVENT_HELD, 0, NULL);
  }
  return well;
}

static void
undo_all(const GPtrArray *members)
{
  for (guint i = members->len; i > 0; i--)
    deploy_undo(((Member *)g_ptr_array_index(members, i - 1))->d);
}

/* What is still open keeps the rows of all, for the next owup to settle: TRUE where nothing is. */
static gboolean
close_journal(const DeployContext *context, const GPtrArray *members)
{
  for (guint i = 0; i < members->len; i++) {
    if (deploy_is_open(((Member *)g_ptr_array_index(members, i))->d))
      return FALSE;
  }
  g_autoptr(GError) error = NULL;
  if (context->history != NULL && !context->options->dry_run &&
      !journal_end_batch(context->history, context->batch, &error))
    context->observe(event_note(NULL, NOTE_INFO, error->message), context->data);
  return TRUE;
}

/* Only now: what is undone, here or by the next owup, was never sent as far as later deploys are
 * concerned. */
static void
remember(const GPtrArray *members)
{
  for (guint i = 0; i < members->len; i++) {
    Deployment *d = ((Member *)g_ptr_array_index(members, i))->d;
    if (d->done.confirmed != NULL && d->outcome->result != RESULT_REVERTED)
      deploy_history_done(d);
  }
}

GPtrArray *
deploy_atomic(const DeployContext *single, const GPtrArray *plugins)
{
  g_autofree char *batch = g_uuid_string_random();
  DeployContext context = *single;
  context.batch = batch;
  context.siblings = plugins;
  g_autoptr(GPtrArray) members = gather(&context, plugins);
  if (!prepare_all(members))
    skip_all(members);
  else if (!write_all(members))
    undo_all(members);
  if (close_journal(&context, members))
    remember(members);
  GPtrArray *outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
  for (guint i = 0; i < members->len; i++)
    g_ptr_array_add(outcomes, deployment_end(((Member *)g_ptr_array_index(members, i))->d));
  return outcomes;
}
