/* SPDX-License-Identifier: MIT */
#include "deployment.h"

#include "clock.h"
#include "deploy_times.h"
#include "json_exact.h"
#include "model_list.h"

#include <glib/gi18n.h>

#include <string.h>

Deployment *
deployment_new_of(const DeployContext *context, Family family, const char *id)
{
  Deployment *d = g_new0(Deployment, 1);
  d->context = context;
  d->options = context->options;
  d->client = context->client;
  d->outcome = outcome_new(NULL, client_url(context->client));
  d->outcome->dry_run = context->options->dry_run;
  d->family = family;
  d->id = g_strdup(id);
  d->plan.action = HISTORY_SENT;
  d->start = clock_stopwatch();
  return d;
}

void
deployment_take_plugin(Deployment *d, Plugin *plugin)
{
  d->plugin = plugin;
  d->outcome->plugin = plugin_ref(plugin);
  d->outcome->kind = plugin->kind;
}

Deployment *
deployment_new(const DeployContext *context, Plugin *plugin)
{
  Deployment *d = deployment_new_of(context, kind_family(plugin->kind), plugin->id);
  deployment_take_plugin(d, plugin_ref(plugin));
  return d;
}

/* What the server has now, as far as it was read; or NULL. Owned by `d`. */
static const RemotePlugin *
last_seen(const Deployment *d)
{
  if (d->outcome->result == RESULT_UNCHANGED)
    return d->seen.before == NULL && d->seen.snapshot != NULL ? d->seen.snapshot->before
                                                              : d->seen.before;
  return d->done.confirmed;
}

/* Which class a module binds in the end, only who runs it knows. */
static void
note_kind(Deployment *d)
{
  const RemotePlugin *told = last_seen(d);
  if (told != NULL && told->type != NULL)
    kind_parse(told->type, &d->outcome->kind);
}

/* Somebody may have switched it off on purpose; that --enable does not overrule. */
static void
note_disabled(const Deployment *d)
{
  const RemotePlugin *now = d->outcome->dry_run ? d->seen.before : last_seen(d);
  gboolean was_there =
      d->outcome->result == RESULT_UPDATED || d->outcome->result == RESULT_UNCHANGED;
  if (d->options->enable && was_there && d->family == FAMILY_FUNCTION && now != NULL &&
      !now->is_active)
    deployment_note(d, NOTE_HINT,
                    _("It is still disabled: --enable is for what this run creates. To "
                      "switch it on: owup enable %s"),
                    d->id);
}

Outcome *
deployment_end(Deployment *d)
{
  Outcome *outcome = d->outcome;
  client_release(d->client);
  note_kind(d);
  note_disabled(d);
  outcome->open = deploy_is_open(d);
  outcome->ms = clock_took_ms(d->start);
  plugin_lock_free(d->seen.lock);
  snapshot_free(d->seen.snapshot);
  g_clear_pointer(&d->plugin, plugin_unref);
  g_free(d->id);
  remote_plugin_free(d->seen.before);
  g_free(d->seen.digest_before);
  g_free(d->seen.digest_stored);
  stamp_free(d->seen.stamp);
  history_entry_free(d->seen.last);
  rollback_trail_free(d->plan.trail);
  g_free(d->plan.headline);
  g_free(d->plan.from);
  g_free(d->plan.blob);
  payload_free(d->plan.payload);
  g_free(d->plan.once);
  g_clear_error(&d->done.update_error);
  journal_row_free(d->done.row);
  remote_plugin_free(d->done.confirmed);
  g_free(d);
  return outcome;
}

gboolean
deployment_finish(Deployment *d, Result result, GError *error)
{
  d->outcome->result = result;
  g_clear_error(&d->outcome->error);
  d->outcome->error = error;
  if (error != NULL && owup_error_status(error) != 0)
    d->outcome->http_status = owup_error_status(error);
  return FALSE;
}

gboolean
deployment_fail(Deployment *d, GError *error)
{
  gboolean interrupted = owup_error_is(error, OWUP_ERROR_INTERRUPTED);
  return deployment_finish(d, interrupted ? RESULT_SKIPPED : RESULT_FAILED, error);
}

gboolean
deployment_finish_interrupted(Deployment *d)
{
  return deployment_finish(
      d, RESULT_SKIPPED,
      owup_error_new(OWUP_ERROR_INTERRUPTED, _("Interrupted; nothing was sent")));
}

gboolean
deployment_interrupted(const Deployment *d)
{
  return cancel_level(d->context->cancel) != CANCEL_NONE;
}

guint
deployment_idle_timeout(const Deployment *d)
{
  if (d->options->idle_timeout_ms != 0)
    return d->options->idle_timeout_ms;
  return d->plugin->has_requirements ? DEPLOY_IDLE_REQUIREMENTS_MS : DEPLOY_IDLE_MS;
}

void
deployment_observe(const Deployment *d, EventType type, int status, const char *text)
{
  d->context->observe(event_new(type, d->plugin, status, text), d->context->data);
}

void
deployment_note_naming(const Deployment *d, const char *name, NoteLevel level, const char *format,
                       ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  Event *event = event_note(d->plugin, level, text);
  event->names_plugin = d->plugin != NULL && g_strcmp0(name, plugin_label(d->plugin)) == 0;
  d->context->observe(event, d->context->data);
}

const char *
deployment_label(const Deployment *d)
{
  if (d->plugin != NULL)
    return plugin_label(d->plugin);
  return d->seen.before != NULL ? d->seen.before->name : d->id;
}

Stamp *
deployment_stamp(const Deployment *d)
{
  if (d->seen.before == NULL)
    return NULL;
  if (d->seen.stamp != NULL || d->context->history == NULL)
    return stamp_read(d->seen.before->meta);
  HistoryEntry *last =
      history_last_write(d->context->history, client_url(d->client), d->family, d->id, NULL);
  gboolean held = last != NULL && strcmp(last->digest, d->seen.digest_before) == 0;
  json_auto_t *meta = held && last->meta != NULL ? json_exact_parse_text(last->meta, 0) : NULL;
  history_entry_free(last);
  return stamp_read(meta);
}

void
deployment_renew_models(Deployment *d, gboolean listed, gboolean renewed)
{
  ModelListWish wish = {d->id, d->outcome->title, listed, renewed};
  g_autofree char *untrue = model_list_renew(d->client, d->context->cancel, &wish);
  if (untrue != NULL)
    deployment_note_naming(d, d->outcome->title, NOTE_WARNING, "%s", untrue);
}

Restore
deployment_restore(const Deployment *d)
{
  return (Restore){
      .client = d->client,
      .cancel = d->context->cancel,
      .family = d->family,
      .id = d->id,
      .active = d->seen.before->is_active,
      .global = d->seen.before->is_global,
  };
}

Outcome *
deploy_one(const DeployContext *context, Plugin *plugin, Snapshot *snapshot)
{
  Deployment *d = deployment_new(context, plugin);
  d->seen.snapshot = snapshot;
  if (deploy_plan(d))
    deploy_apply(d);
  return deployment_end(d);
}
