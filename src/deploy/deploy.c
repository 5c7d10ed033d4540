#include "deploy.h"

#include "payload.h"
#include "precheck.h"
#include "reason.h"
#include "settle.h"

#include <glib/gi18n.h>

#define PATIENCE_REQUIREMENTS_MS (300u * 1000u)

/* One deploy under way. */
typedef struct {
  const DeployContext *context;
  const DeployOptions *options;
  Server *server;
  Plugin *plugin;
  Outcome *outcome;
  Family family;
  RemotePlugin *before; /* what the look found; NULL: nothing */
  Payload *payload;
  GError *update_error; /* of the update that failed because nothing is there */
  PrecheckVerdict verdict;
} Deployment;

static void
observe(const Deployment *d, EventType type, int status, const char *text)
{
  d->context->observe(event_new(type, d->plugin, status, text), d->context->data);
}

/* Ends the deploy with `result`; takes `error` over. Always FALSE, so that a step can return it. */
static gboolean
finish(Deployment *d, Result result, GError *error)
{
  d->outcome->result = result;
  if (error != NULL) {
    d->outcome->error = error;
    if (owup_error_status(error) != 0)
      d->outcome->http_status = owup_error_status(error);
  }
  return FALSE;
}

/* Nothing was sent yet when a read or an interrupt ends the deploy. */
static gboolean
finish_unsent(Deployment *d, GError *error)
{
  return finish(d, owup_error_is(error, OWUP_ERROR_INTERRUPTED) ? RESULT_SKIPPED : RESULT_FAILED,
                error);
}

static gboolean
finish_interrupted(Deployment *d)
{
  return finish(d, RESULT_SKIPPED,
                owup_error_new(OWUP_ERROR_INTERRUPTED, _("Interrupted; nothing was sent")));
}

static gboolean
interrupted(const Deployment *d)
{
  return cancel_level(d->context->cancel) != CANCEL_NONE;
}

static gboolean
finish_invalid(Deployment *d)
{
  return finish(
      d, RESULT_INVALID,
      owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("'%s' was not sent: %s"), plugin_label(d->plugin),
                     ((Diagnostic *)g_ptr_array_index(d->outcome->diagnostics, 0))->message));
}

/* What the file alone tells. */
static gboolean
check_file(Deployment *d)
{
  if (interrupted(d))
    return finish_interrupted(d);
  if (!precheck_blocks(d->plugin, d->options->no_check))
    return TRUE;
  precheck_take_diagnostics(d->plugin, d->outcome->diagnostics);
  return finish_invalid(d);
}

static gboolean
look(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->options->create_only)
    return TRUE;
  observe(d, EVENT_REQUEST, 0, _("Looking at what is there"));
  d->before = server_read(d->server, d->family, d->plugin->id, &error);
  if (d->before != NULL || (owup_error_is(error, OWUP_ERROR_NOT_FOUND) && !d->options->update_only))
    return TRUE;
  observe(d, EVENT_STARTED, 0, NULL);
  if (!owup_error_is(error, OWUP_ERROR_NOT_FOUND))
    return finish_unsent(d, g_steal_pointer(&error));
  g_autoptr(GError) missing = owup_error_new(
      OWUP_ERROR_NOT_FOUND, _("'%s' is not on the server, and --update-only creates nothing"),
      d->plugin->id);
  owup_error_set_detail(missing, owup_error_detail(error));
  d->outcome->http_status = owup_error_status(error);
  return finish(d, RESULT_FAILED, g_steal_pointer(&missing));
}

/* TRUE: something is to be sent. */
static gboolean
compare(Deployment *d)
{
  d->payload = payload_new(d->plugin, d->before);
  d->outcome->title = g_strdup(d->payload->name);
  d->outcome->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, d->payload->held);
  if (d->before == NULL)
    return TRUE;
  d->outcome->server_version = g_strdup(remote_plugin_manifest(d->before, "version"));
  if (d->options->resend || !payload_is_held(d->payload, d->before))
    return TRUE;
  return finish(d, RESULT_UNCHANGED, NULL);
}

/* Asks python3 where a refused update would do harm or its reason would be hidden: an existing
 * function on a server older than 0.12, whose answers carry no version_id. */
static gboolean
check_python(Deployment *d)
{
  gboolean guarded =
      d->before != NULL && d->family == FAMILY_FUNCTION && d->before->version_id == NULL;
  if (!guarded || d->options->no_check)
    return TRUE;
  d->verdict = precheck_python(d->plugin, d->outcome->diagnostics);
  return d->verdict != PRECHECK_BROKEN || finish_invalid(d);
}

static gboolean
stop_before_writing(Deployment *d)
{
  if (interrupted(d))
    return finish_interrupted(d);
  if (!d->options->dry_run) {
    observe(d, EVENT_STARTED, 0, NULL);
    return TRUE;
  }
  return finish(d, d->before != NULL ? RESULT_UPDATED : RESULT_CREATED, NULL);
}

static void
announce_loss(const GError *why, gpointer data)
{
  observe(data, EVENT_SETTLING, 0, why->message);
}

static WriteEnd
write_plugin(Deployment *d, gboolean create, RemotePlugin **held, GError **error)
{
  Settler settler = {d->server, d->context->cancel, announce_loss, d};
  gboolean patient = d->plugin->has_requirements && d->options->patience_ms == 0;
  if (d->plugin->has_requirements)
    observe(d, EVENT_INSTALLING, 0, frontmatter_get_text(d->plugin->frontmatter, "requirements"));
  observe(d, EVENT_REQUEST, 0, create ? _("Creating") : _("Updating"));
  server_set_patience(d->server, patient ? PATIENCE_REQUIREMENTS_MS : d->options->patience_ms);
  WriteEnd end = create ? settle_create(&settler, d->payload, held, error)
                        : settle_update(&settler, d->payload, held, error);
  server_set_patience(d->server, 0);
  return end;
}

static Result
refused_result(const GError *error)
{
  switch ((OwupErrorCode)error->code) {
  case OWUP_ERROR_REFUSED:
  case OWUP_ERROR_REFUSED_HIDDEN:
  case OWUP_ERROR_VALVES_MISFIT:
    return RESULT_REJECTED;
  case OWUP_ERROR_LOCAL_PLUGIN:
    return RESULT_INVALID;
  case OWUP_ERROR_INTERRUPTED:
    return RESULT_SKIPPED;
  default:
    return RESULT_FAILED;
  }
}

/* Names the reason in the user's file; where the server hides it, what is known here. */
static void
explain(Deployment *d, GError *error)
{
  const char *detail = owup_error_detail(error);
  if (owup_error_is(error, OWUP_ERROR_REFUSED_HIDDEN)) {
    if (d->verdict == PRECHECK_NOT_ASKED)
      d->verdict = precheck_python(d->plugin, d->outcome->diagnostics);
    precheck_explain_hidden(d->verdict, server_version(d->server), error);
  } else if (owup_error_is(error, OWUP_ERROR_REFUSED) && detail != NULL) {
    Diagnostic *place = reason_locate(detail, d->plugin);
    if (place != NULL)
      g_ptr_array_add(d->outcome->diagnostics, place);
    g_autofree char *hint = reason_hint(detail);
    if (hint != NULL && owup_error_hint(error) == NULL)
      owup_error_set_hint(error, "%s", hint);
    g_autofree char *in_file = reason_in_file(detail, d->plugin);
    owup_error_set_detail(error, in_file);
  }
}

/* Before 0.12 a refused update switches a live function off. */
static void
look_again(Deployment *d)
{
  if (d->before == NULL || !d->before->is_active || d->before->version_id != NULL)
    return;
  server_begin_write(d->server);
  g_autoptr(RemotePlugin) after = server_read(d->server, d->family, d->plugin->id, NULL);
  server_end_write(d->server);
  d->outcome->switched_off = after != NULL && !after->is_active;
}

static gboolean
finish_write(Deployment *d, WriteEnd end, Result done, GError *error)
{
  if (end == WRITE_DONE) {
    d->outcome->http_status = 200;
    g_clear_error(&error);
    return finish(d, done, NULL);
  }
  look_again(d);
  if (end == WRITE_UNKNOWN)
    return finish(d, RESULT_UNKNOWN, error);
  explain(d, error);
  return finish(d, refused_result(error), error);
}

/* Errors that say nothing about the plugin: a create would meet the same. */
static gboolean
stops_at_once(const GError *error)
{
  switch ((OwupErrorCode)error->code) {
  case OWUP_ERROR_NOT_FOUND:
  case OWUP_ERROR_REFUSED:
  case OWUP_ERROR_REFUSED_HIDDEN:
  case OWUP_ERROR_SERVER:
  case OWUP_ERROR_ID_INVALID:
    return FALSE;
  default:
    return TRUE;
  }
}

/* TRUE: the update failed because nothing is there, a create is due. */
static gboolean
update(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RemotePlugin) held = NULL;
  if (d->options->create_only)
    return TRUE;
  WriteEnd end = write_plugin(d, FALSE, &held, &error);
  if (end == WRITE_DONE && d->before == NULL)
    observe(d, EVENT_CREATED_MEANWHILE, 0, NULL);
  if (end != WRITE_REFUSED || d->before != NULL || stops_at_once(error))
    return finish_write(d, end, RESULT_UPDATED, g_steal_pointer(&error));
  d->update_error = g_steal_pointer(&error);
  if (interrupted(d))
    return finish_interrupted(d);
  observe(d, EVENT_UPDATE_FAILED, owup_error_status(d->update_error), NULL);
  return TRUE;
}

/* The update of something missing also runs the code: its reason is the first error, and on 0.12
 * the only one that is not hidden. */
static void
prefer_update_reason(Deployment *d, GError **error)
{
  if (!owup_error_is(d->update_error, OWUP_ERROR_REFUSED) ||
      !owup_error_is(*error, OWUP_ERROR_REFUSED_HIDDEN))
    return;
  g_error_free(*error);
  *error = g_steal_pointer(&d->update_error);
}

static void
create(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RemotePlugin) held = NULL;
  WriteEnd end = write_plugin(d, TRUE, &held, &error);
  if (end == WRITE_REFUSED)
    prefer_update_reason(d, &error);
  finish_write(d, end, RESULT_CREATED, g_steal_pointer(&error));
}

static void
deployment_clear(Deployment *d)
{
  g_clear_pointer(&d->before, remote_plugin_free);
  g_clear_pointer(&d->payload, payload_free);
  g_clear_error(&d->update_error);
}

Outcome *
deploy_one(const DeployContext *context, Plugin *plugin)
{
  gint64 start = g_get_monotonic_time();
  Deployment d = {
      .context = context,
      .options = context->options,
      .server = context->server,
      .plugin = plugin,
      .outcome = outcome_new(plugin, server_url(context->server)),
      .family = kind_family(plugin->kind),
  };
  d.outcome->dry_run = context->options->dry_run;
  if (check_file(&d) && look(&d) && compare(&d) && check_python(&d) && stop_before_writing(&d) &&
      update(&d))
    create(&d);
  deployment_clear(&d);
  d.outcome->ms = (g_get_monotonic_time() - start) / 1000;
  return d.outcome;
}
