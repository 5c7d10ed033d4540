/* SPDX-License-Identifier: MIT */
#include "deployment.h"

#include "client_admin.h"
#include "deploy_history.h"
#include "deploy_times.h"
#include "error.h"
#include "once_mark.h"
#include "reply.h"
#include "restore.h"
#include "server_traceback.h"
#include "valve_marks.h"
#include "valve_secret.h"
#include "valves_misfit.h"

#include <glib/gi18n.h>

static void
announce_loss(const GError *why, gpointer data)
{
  Deployment *d = data;
  d->done.lost = TRUE;
  d->done.late = owup_error_is(why, OWUP_ERROR_TIMEOUT);
  deployment_observe(d, EVENT_SETTLING, 0, why->message);
}

static WriteEnd
send_write(Deployment *d, gboolean create, GError **error)
{
  gboolean was_missing = d->seen.before == NULL && !d->options->create_only;
  /* From 0.12 on the update of something missing says so once it has loaded the code. */
  gboolean loads = owup_error_is(d->done.update_error, OWUP_ERROR_NOT_FOUND) &&
                   client_capabilities(d->client)->has_history;
  Confirm confirm = {d->client, d->context->cancel, announce_loss, d, create && loads, was_missing};
  if (d->plugin->has_requirements && !d->done.installing)
    deployment_observe(d, EVENT_INSTALLING, 0,
                       frontmatter_get_text(d->plugin->frontmatter, "requirements"));
  d->done.installing = TRUE;
  deployment_observe(d, EVENT_REQUEST, 0, create ? _("Creating") : _("Updating"));
  client_set_idle_timeout(d->client, deployment_idle_timeout(d));
  client_expect(d->client, d->plan.payload->stored);
  WriteEnd end =
      create ? confirmed_write_create(&confirm, d->plan.payload, &d->done.confirmed, error)
      : d->seen.before != NULL
          ? confirmed_write_update(&confirm, d->plan.payload, &d->done.confirmed, error)
          : confirmed_write_update_of_missing(&confirm, d->plan.payload, &d->done.confirmed, error);
  client_set_idle_timeout(d->client, 0);
  return end;
}

/* The server's own trouble says nothing of the plugin: failed, never rejected. */
static gboolean
finish_refused(Deployment *d, GError *error)
{
  switch (error->code) {
  case OWUP_ERROR_REFUSED:
  case OWUP_ERROR_REFUSED_HIDDEN:
  case OWUP_ERROR_VALVES_MISFIT:
    return deployment_finish(d, RESULT_REJECTED, error);
  case OWUP_ERROR_LOCAL_PLUGIN:
    return deployment_finish(d, RESULT_INVALID, error);
  default:
    return deployment_fail(d, error);
  }
}

/* What the code does that a server's process bears only once. */
static void
find_once(Deployment *d)
{
  gsize len;
  const char *text = g_bytes_get_data(d->plan.payload->stored, &len);
  if (d->plan.once == NULL && text != NULL)
    d->plan.once = once_mark_find(text, len);
}

/* A validator of the plugin may tell stored values in words of its own: they are read to take the
 * secrets out. Where they cannot be read, its words are not shown. */
static void
hide_stored_values(const Deployment *d, GError *error)
{
  g_autoptr(GError) unread = NULL;
  Redactor *redactor = client_redactor(d->client);
  json_auto_t *marks = valve_marks_read(d->plan.payload->stored);
  json_auto_t *valves = client_valves(d->client, d->family, d->id, &unread);
  valve_secret_teach(redactor, marks, valves);
  redactor_error(redactor, error);
  if (valves == NULL)
    owup_error_set_detail(error, NULL);
}

/* Names the reason in the user's file; where the server hides it, what is known here. */
static void
explain(Deployment *d, GError *error)
{
  const char *detail = owup_error_detail(error);
  find_once(d);
  if (owup_error_is(error, OWUP_ERROR_REFUSED_HIDDEN)) {
    if (d->plan.verdict == PRECHECK_NOT_ASKED)
      d->plan.verdict = preflight_python(d->plugin, d->outcome->diagnostics);
    preflight_explain_hidden(d->plan.verdict, client_version(d->client), error);
    if (d->plan.once != NULL && d->plan.verdict != PRECHECK_BROKEN)
      server_traceback_explain_once(d->plan.once, error);
  } else if (owup_error_is(error, OWUP_ERROR_VALVES_MISFIT)) {
    hide_stored_values(d, error);
    owup_error_set_hint(error, _("See and change the stored valves: owup valves %s"), d->id);
  } else if (owup_error_is(error, OWUP_ERROR_REFUSED) && detail != NULL) {
    Diagnostic *place = server_traceback_locate(detail, d->plugin);
    if (place != NULL)
      g_ptr_array_add(d->outcome->diagnostics, place);
    g_autofree char *hint = server_traceback_hint(detail);
    if (d->plugin->kind == KIND_EVENT && reply_reason(error) == REASON_NO_CLASS)
      owup_error_set_hint(error, _("Event functions need Open WebUI 0.10 or newer."));
    else if (hint != NULL && owup_error_hint(error) == NULL)
      owup_error_set_hint(error, "%s", hint);
    g_autofree char *in_file = server_traceback_in_file(detail, d->plugin);
    owup_error_set_detail(error, in_file);
  }
}

static void
note_flag(GPtrArray *repaired, gboolean changed, const char *flag)
{
  if (changed && !g_ptr_array_find_with_equal_func(repaired, flag, g_str_equal, NULL))
    g_ptr_array_add(repaired, g_strdup(flag));
}

static void
note_restored(Deployment *d, const FlagsChange *change)
{
  d->done.lost = d->done.lost || change->flipped_again;
  note_flag(d->outcome->repaired, change->active_changed, "is_active");
  note_flag(d->outcome->repaired, change->global_changed, "is_global");
}

/* What is off now, and was when it was looked at, may have been off only for the moment that
 * another failed deploy took to put it right; this one then undid that. Nobody can know, so it is
 * said. */
static void
tell_switched_before(const Deployment *d)
{
  const RemotePlugin *before = d->seen.before;
  const HistoryEntry *last = d->seen.last;
  gboolean ours = last != NULL && ABS(last->at - before->updated_at) <= DEPLOY_SWITCHED_S;
  gboolean just =
      d->done.at_write != 0 && d->done.at_write - before->updated_at <= DEPLOY_SWITCHED_S;
  if (!before->is_active && !ours && just)
    deployment_note(d, NOTE_WARNING,
                    _("It is switched off now; somebody else changed it just before this deploy "
                      "(owup enable %s)."),
                    d->id);
}

/* After a failed or unclear update the flags are what they were, or the outcome says what is not.
 * Where the update was sent twice, since nobody answered the first in time, and the second was
 * refused, the first may still arrive and switch it off. */
static void
restore(Deployment *d, WriteEnd end)
{
  FlagsChange change;
  g_autoptr(GError) error = NULL;
  Restore to = deployment_restore(d);
  client_begin_write(d->client);
  gboolean well = restore_flags(&to, &change, &error);
  note_restored(d, &change);
  if (d->done.late && end == WRITE_REFUSED) {
    g_clear_error(&error);
    deployment_observe(d, EVENT_REQUEST, 0, _("Waiting for the first update, which may come late"));
    well = confirmed_flags_guard(to.client, to.cancel, to.id, to.active, to.global, LATE_MS,
                                 &change, &error);
    note_restored(d, &change);
  }
  client_end_write(d->client);
  tell_switched_before(d);
  if (!well)
    d->outcome->broken =
        g_strdup_printf(_("its flags could not be read or put back: %s"), error->message);
}

/* An active filter that is a pipe from now on works no longer as what it was switched on for. */
static void
tell_kind(const Deployment *d)
{
  const char *was = d->seen.before != NULL ? d->seen.before->type : NULL;
  const char *is = d->done.confirmed != NULL ? d->done.confirmed->type : NULL;
  if (was != NULL && is != NULL && strcmp(was, is) != 0)
    deployment_note_naming(d, d->plan.payload->name, NOTE_WARNING,
                           _("'%s' was of the kind %s on the server; now it is of the kind %s."),
                           d->plan.payload->name, was, is);
}

static gboolean
finish_write(Deployment *d, WriteEnd end, Result done, GError *error)
{
  if (end == WRITE_DONE) {
    tell_kind(d);
    d->outcome->http_status = 200;
    g_clear_error(&error);
    return deployment_finish(d, done, NULL);
  }
  if (deployment_may_be_switched_off(d))
    restore(d, end);
  if (end == WRITE_UNKNOWN)
    return deployment_finish(d, RESULT_UNKNOWN, error);
  explain(d, error);
  return finish_refused(d, error);
}

/* Errors that say nothing about the plugin: a create would meet the same. */
static gboolean
stops_at_once(const GError *error)
{
  switch (error->code) {
  case OWUP_ERROR_NOT_FOUND:
  case OWUP_ERROR_REFUSED:
  case OWUP_ERROR_REFUSED_HIDDEN:
  case OWUP_ERROR_SERVER:
  case OWUP_ERROR_ID_INVALID:
  case OWUP_ERROR_TIMEOUT: /* the look found nothing and a read again found nothing: */
  case OWUP_ERROR_UNKNOWN: /* the lost update is no open write */
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
  if (d->options->create_only || (d->seen.before == NULL && d->plan.once != NULL))
    return TRUE;
  WriteEnd end = send_write(d, FALSE, &error);
  if (end == WRITE_DONE && d->seen.before == NULL)
    deployment_observe(d, EVENT_CREATED_MEANWHILE, 0, NULL);
  if (end != WRITE_REFUSED || d->seen.before != NULL || stops_at_once(error))
    return finish_write(d, end, RESULT_UPDATED, g_steal_pointer(&error));
  d->done.update_error = g_steal_pointer(&error);
  client_reserve(d->client);
  if (deployment_interrupted(d))
    return deployment_finish_interrupted(d);
  Event *event =
      event_new(EVENT_UPDATE_FAILED, d->plugin, owup_error_status(d->done.update_error), NULL);
  event->looks_denied = reply_missing_looks_denied(d->done.update_error);
  d->context->observe(event, d->context->data);
  return TRUE;
}

/* The update of something missing also runs the code: its reason is the first error, and on 0.12
 * the only one that is not hidden. */
static void
prefer_update_reason(Deployment *d, GError **error)
{
  if (!owup_error_is(d->done.update_error, OWUP_ERROR_REFUSED) ||
      !owup_error_is(*error, OWUP_ERROR_REFUSED_HIDDEN))
    return;
  g_error_free(*error);
  *error = g_steal_pointer(&d->done.update_error);
}

static void
create(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  WriteEnd end = send_write(d, TRUE, &error);
  if (end == WRITE_REFUSED)
    prefer_update_reason(d, &error);
  finish_write(d, end, RESULT_CREATED, g_steal_pointer(&error));
}

/* The update of something missing would run the code, and the create run it again. */
static void
tell_once(const Deployment *d)
{
  if (d->seen.before == NULL && !d->options->create_only && d->plan.once != NULL &&
      d->outcome->result == RESULT_CREATED)
    deployment_note(d, NOTE_DETAIL,
                    _("Created without trying an update: its code can be loaded only once (%s)."),
                    d->plan.once);
}

/* --enable: only what this run created. */
static void
enable_created(Deployment *d)
{
  FlagsChange change;
  g_autoptr(GError) error = NULL;
  if (!d->options->enable || d->outcome->result != RESULT_CREATED || d->family != FAMILY_FUNCTION)
    return;
  client_begin_write(d->client);
  d->outcome->enabled = confirmed_flags_set(d->client, d->context->cancel, d->id, TRUE,
                                            d->done.confirmed->is_global, &change, &error);
  client_end_write(d->client);
  if (!d->outcome->enabled)
    deployment_note(d, NOTE_WARNING, _("It was created, but could not be enabled: %s"),
                    error->message);
}

static gboolean
is_pipe(const RemotePlugin *remote)
{
  return remote != NULL && g_strcmp0(remote->type, "pipe") == 0;
}

static gboolean
lists_pipes(const RemotePlugin *remote)
{
  gsize len = 0;
  const char *text = remote->content != NULL ? g_bytes_get_data(remote->content, &len) : NULL;
  return text != NULL && g_strstr_len(text, (gssize)len, "pipes") != NULL;
}

/* The code of a live pipe takes effect by itself; what it is listed as, and whether, does not. */
static void
renew_models(Deployment *d)
{
  const RemotePlugin *before = d->seen.before, *now = d->done.confirmed;
  gboolean was_live = is_pipe(before) && before->is_active;
  if (now == NULL) {
    /* Somebody may have read the list while it was off. */
    if (was_live && d->outcome->repaired->len > 0)
      deployment_renew_models(d, TRUE, FALSE);
    return;
  }
  gboolean live = is_pipe(now) && (now->is_active || d->outcome->enabled);
  if (live != was_live)
    deployment_renew_models(d, live, FALSE);
  else if (live && (lists_pipes(before) || lists_pipes(now)))
    deployment_renew_models(d, TRUE, TRUE);
}

static void
stamp(Deployment *d)
{
  g_autoptr(Stamp) stamp = d->options->no_stamp ? NULL : deploy_history_stamp(d);
  payload_set_stamp(d->plan.payload, stamp);
  payload_set_message(d->plan.payload, d->options->message);
}

gboolean
deploy_is_open(const Deployment *d)
{
  gboolean may_arrive_late =
      d->done.lost && d->done.confirmed == NULL && deployment_may_be_switched_off(d);
  return d->outcome->result == RESULT_UNKNOWN || d->outcome->broken != NULL || may_arrive_late;
}

void
deploy_apply(Deployment *d)
{
  deployment_observe(d, EVENT_STARTED, 0, d->plan.headline);
  stamp(d);
  if (d->seen.before == NULL)
    find_once(d);
  JournalAction action = d->seen.before != NULL     ? JOURNAL_UPDATE
                         : d->plan.undelete != NULL ? JOURNAL_UNDELETE
                                                    : JOURNAL_CREATE;
  if (!deploy_history_begin(d, action, d->context->batch))
    return;
  d->done.at_write = client_date(d->client);
  if (update(d))
    create(d);
  tell_once(d);
  if (d->done.confirmed != NULL && d->context->batch == NULL)
    deploy_history_done(d);
  valves_misfit(d);
  enable_created(d);
  renew_models(d);
  if (!deploy_is_open(d) && d->context->batch == NULL && d->plan.undelete == NULL)
    deploy_history_confirmed(d);
}
