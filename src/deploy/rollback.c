/* SPDX-License-Identifier: MIT */
#include "rollback.h"

#include "conflict.h"
#include "deploy_history.h"
#include "deployment.h"
#include "diff.h"
#include "error.h"
#include "journal_recovery.h"
#include "rollback_pick.h"
#include "undelete.h"
#include "version_list.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  Deployment *d;
  DeployOptions options; /* the caller's, with what only a rollback knows */
  const RollbackRequest *request;
  VersionList *versions;
  Version *target; /* in `versions` */
  char *message;
  gboolean finished; /* this call finished an interrupted rollback of it: it goes no further */
} Rollback;

/* A deleted plugin is no error: it can come back. */
static gboolean
snapshot(Rollback *r)
{
  Deployment *d = r->d;
  g_autoptr(GError) error = NULL;
  deployment_observe(d, EVENT_REQUEST, 0, _("Looking at what is there"));
  RemotePlugin *before = client_read(d->client, d->family, d->id, &error);
  if (before != NULL)
    deploy_take_before(d, before);
  else if (!owup_error_is(error, OWUP_ERROR_NOT_FOUND))
    return deployment_fail(d, g_steal_pointer(&error));
  r->options.create_only = before == NULL;
  d->outcome->title = g_strdup(deployment_label(d));
  return TRUE;
}

/* One that was brought back, but not yet with its valves and flags, is no version to go back from.
 */
static gboolean
finish_interrupted(Rollback *r)
{
  Deployment *d = r->d;
  UndeleteState state = UNDELETE_NONE;
  if (d->seen.before != NULL)
    state = journal_recovery_undelete(d->context, d->family, d->id);
  r->finished = state == UNDELETE_FINISHED;
  if (state != UNDELETE_OPEN)
    return TRUE;
  GError *error = owup_error_new(
      OWUP_ERROR_SERVER, _("An interrupted rollback of '%s' is not finished yet; nothing was sent"),
      d->outcome->title);
  owup_error_set_hint(error, _("Once that works: owup rollback %s"), d->id);
  return deployment_finish(d, RESULT_FAILED, error);
}

static gboolean
load_past(Rollback *r)
{
  Deployment *d = r->d;
  g_autoptr(GError) error = NULL;
  r->versions =
      version_list_load(d->client, d->context->history, d->family, d->id, d->seen.before, &error);
  if (r->versions == NULL)
    return deployment_fail(d, g_steal_pointer(&error));
  const GPtrArray *entries = r->versions->entries;
  if (d->seen.before == NULL && entries != NULL && entries->len > 0)
    d->plan.undelete = g_ptr_array_index(entries, 0);
  return TRUE;
}

static gboolean
finish_nothing_older(Rollback *r)
{
  Deployment *d = r->d;
  gboolean keeps = d->seen.before != NULL && d->seen.before->version_id != NULL;
  GError *error =
      keeps ? owup_error_new(OWUP_ERROR_NOT_FOUND,
                             _("No older version of '%s' is known, neither here nor on the server"),
                             d->outcome->title)
            : owup_error_new(OWUP_ERROR_NOT_FOUND,
                             _("No older version of '%s' is known here, and the server has none"),
                             d->outcome->title);
  owup_error_set_hint(error, _("From git: git show COMMIT:%s | owup deploy - --id %s"),
                      r->request->file != NULL ? r->request->file : "FILE", d->id);
  return deployment_finish(d, RESULT_FAILED, error);
}

/* Which version comes back, and what the stamp will remember. */
static gboolean
choose(Rollback *r)
{
  Deployment *d = r->d;
  g_autoptr(GError) error = NULL;
  g_autoptr(Stamp) stamp = deployment_stamp(d);
  RollbackPick pick = {r->versions, stamp, d->seen.digest_before};
  if (r->finished && !r->request->undo && r->request->to == NULL)
    r->target = g_ptr_array_index(r->versions->versions, 0);
  else if (r->request->undo)
    r->target = rollback_pick_undo(&pick, &d->plan.trail, &error);
  else if (r->request->to != NULL)
    r->target = rollback_pick_named(&pick, r->request->to, &d->plan.trail, &error);
  else
    r->target = rollback_pick_before(&pick, &d->plan.trail, &error);
  if (error != NULL)
    return deployment_fail(d, g_steal_pointer(&error));
  if (r->target == NULL)
    return finish_nothing_older(r);
  if (r->target->origin != NULL && strcmp(r->target->origin->server, client_url(d->client)) != 0)
    deployment_note(d, NOTE_DETAIL, _("That version is known from %s."), r->target->origin->server);
  return TRUE;
}

/* The old text as a plugin to be sent. */
static Plugin *
make_plugin(const Rollback *r)
{
  g_autofree char *digest = version_list_short_digest(r->target->digest);
  g_autofree char *label = g_strdup_printf("%s@%s", r->d->id, digest);
  Plugin *plugin = plugin_from_bytes(label, r->target->content, r->d->id);
  if (kind_family(plugin->kind) != r->d->family)
    plugin->kind = r->d->family == FAMILY_TOOL ? KIND_TOOL : KIND_FILTER;
  return plugin;
}

static void
announce(Rollback *r)
{
  Deployment *d = r->d;
  g_autofree char *target = version_list_describe(r->target->version, r->target->digest);
  const char *kind = kind_name(d->plugin->kind);
  r->message = g_strdup_printf(
      r->request->undo ? "owup rollback --undo to %s" : "owup rollback to %s", target);
  r->options.message = r->message;
  if (d->seen.before == NULL)
    d->plan.headline =
        g_strdup_printf(_("Bringing back %s '%s': %s..."), kind, d->plan.payload->name, target);
  else if (d->outcome->server_version != NULL)
    d->plan.headline = g_strdup_printf(_("Rolling back %s '%s' from %s to %s..."), kind,
                                       d->seen.before->name, d->outcome->server_version, target);
  else
    d->plan.headline =
        g_strdup_printf(_("Rolling back %s '%s' to %s..."), kind, d->seen.before->name, target);
}

/* What is to be sent: the old code, name and meta. */
static gboolean
prepare(Rollback *r)
{
  Deployment *d = r->d;
  Version *target = r->target;
  RemotePlugin old = {.family = d->family, .name = target->name, .meta = target->meta};
  deployment_take_plugin(d, make_plugin(r));
  if (old.name == NULL)
    old.name = d->seen.before != NULL ? d->seen.before->name : d->id;
  const char *description = remote_plugin_description(&old);
  d->plan.payload =
      payload_new(d->plugin, d->id, &old, old.name, *description != '\0' ? description : NULL);
  d->plan.from = g_strdup(target->origin != NULL ? target->origin->from : NULL);
  g_autoptr(Stamp) then = stamp_read(target->meta);
  if (then != NULL && g_strcmp0(then->sha256, target->digest) == 0)
    d->plan.blob = g_strdup(then->blob);
  g_free(d->outcome->title);
  d->outcome->title = g_strdup(d->plan.payload->name);
  d->outcome->sha256 = g_strdup(target->digest);
  announce(r);
  if (d->seen.before != NULL && payload_is_stored(d->plan.payload, d->seen.before))
    return deployment_finish(d, RESULT_UNCHANGED, NULL);
  return TRUE;
}

static gboolean
check_drift(Rollback *r)
{
  return r->d->seen.before == NULL || r->options.force || conflict_check(r->d, FALSE);
}

static gboolean
show_diff(Rollback *r)
{
  Deployment *d = r->d;
  if (!d->options->dry_run || d->seen.before == NULL)
    return TRUE;
  g_autofree char *from = g_strdup_printf("server/%s", d->id);
  d->outcome->diff =
      diff_unified(from, d->seen.before->content, d->plugin->file, r->target->content);
  return TRUE;
}

/* Only a delete of ours keeps what the plugin was then; a deploy saw its flags at best. */
static void
tell_kept(Rollback *r)
{
  Deployment *d = r->d;
  const HistoryEntry *kept = d->plan.undelete;
  gboolean deleted_here = kept->action == HISTORY_DELETED;
  d->outcome->flags_kept = deleted_here;
  d->outcome->valves_kept = deleted_here && kept->valves != NULL;
  if (d->outcome->valves_kept)
    return;
  if (deleted_here || d->family == FAMILY_TOOL)
    deployment_note(d, NOTE_WARNING,
                    _("Its valves were not kept here: they are the code's defaults (owup "
                      "valves %s)."),
                    d->id);
  else if (kept->is_active)
    deployment_note(d, NOTE_WARNING,
                    _("Its valves and flags were not kept here: the valves are the code's "
                      "defaults (owup valves %s), and it is enabled, as owup last saw it."),
                    d->id);
  else
    deployment_note(d, NOTE_WARNING,
                    _("Its valves and flags were not kept here: the valves are the code's "
                      "defaults, and it is disabled (owup valves %s, owup enable %s)."),
                    d->id, d->id);
}

/* What the next owup goes on with, unless it would be refused again. */
static void
fail_settings(Rollback *r, UndeleteEnd end, GError *failed)
{
  Deployment *d = r->d;
  const char *what = end == UNDELETE_WITHOUT_VALVES
                         ? _("It is back, but neither its valves nor its flags")
                         : _("It is back, with its valves, but not its flags");
  if (end == UNDELETE_WITHOUT_VALVES && undelete_is_refused(failed)) {
    deploy_history_confirmed(d);
    d->outcome->broken = g_strdup(what);
  } else {
    d->outcome->broken =
        g_strdup_printf(_("%s. The next owup deploy or rollback goes on with it"), what);
  }
  deployment_finish(d, RESULT_FAILED, failed);
}

/* A deleted plugin was as the newest entry says, whichever version comes back. The journal's row
 * stays until it is so again. */
static void
restore_settings(Rollback *r)
{
  Deployment *d = r->d;
  GError *failed = NULL;
  if (d->plan.undelete == NULL || d->outcome->dry_run)
    return;
  if (d->outcome->result != RESULT_CREATED) {
    if (!deploy_is_open(d))
      deploy_history_confirmed(d);
    return;
  }
  json_auto_t *valves = undelete_valves(d->plan.undelete);
  Restore to = {d->client, d->context->cancel,          d->family,
                d->id,     d->plan.undelete->is_active, d->plan.undelete->is_global};
  client_begin_write(d->client);
  UndeleteEnd end = undelete_settings(&to, valves, &failed);
  client_end_write(d->client);
  if (end != UNDELETE_WHOLE) {
    fail_settings(r, end, failed);
    return;
  }
  deploy_history_confirmed(d);
  tell_kept(r);
  if (d->plan.undelete->is_active && g_strcmp0(d->done.confirmed->type, "pipe") == 0)
    deployment_renew_models(d, TRUE, FALSE);
}

Outcome *
rollback_one(const DeployContext *context, Family family, const char *id,
             const RollbackRequest *request)
{
  DeployContext own = *context;
  Rollback r = {.options = *context->options, .request = request};
  own.options = &r.options;
  r.d = deployment_new_of(&own, family, id);
  r.d->plan.action = HISTORY_ROLLED_BACK;
  r.d->outcome->id = g_strdup(id);
  if (deploy_take_lock(r.d) && snapshot(&r) && finish_interrupted(&r) && deploy_recall(r.d) &&
      load_past(&r) && choose(&r) && prepare(&r) && check_drift(&r) && show_diff(&r) &&
      deploy_check_history(r.d) && deploy_may_write(r.d)) {
    deploy_apply(r.d);
    restore_settings(&r);
  }
  Outcome *outcome = deployment_end(r.d);
  version_list_free(r.versions);
  g_free(r.message);
  return outcome;
}
