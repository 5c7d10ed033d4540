#include "deployment.h"

#include <glib/gi18n.h>

Deployment *
deployment_new(const DeployContext *context, Plugin *plugin)
{
  Deployment *d = g_new0(Deployment, 1);
  d->context = context;
  d->options = context->options;
  d->server = context->server;
  d->plugin = plugin_ref(plugin);
  d->outcome = outcome_new(plugin, server_url(context->server));
  d->outcome->dry_run = context->options->dry_run;
  d->family = kind_family(plugin->kind);
  d->id = g_strdup(plugin->id);
  d->start = g_get_monotonic_time();
  return d;
}

Outcome *
deployment_end(Deployment *d)
{
  Outcome *outcome = d->outcome;
  outcome->ms = (g_get_monotonic_time() - d->start) / 1000;
  plugin_lock_free(d->lock);
  plugin_unref(d->plugin);
  g_free(d->id);
  remote_plugin_free(d->before);
  g_free(d->digest_before);
  stamp_free(d->stamp);
  history_entry_free(d->last);
  payload_free(d->payload);
  g_clear_error(&d->update_error);
  journal_row_free(d->row);
  remote_plugin_free(d->held);
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

void
deployment_observe(const Deployment *d, EventType type, int status, const char *text)
{
  d->context->observe(event_new(type, d->plugin, status, text), d->context->data);
}

void
deployment_note(const Deployment *d, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  deployment_observe(d, EVENT_NOTE, 0, text);
}
