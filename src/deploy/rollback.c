#include "rollback.h"

#include "client_admin.h"
#include "conflict.h"
#include "deployment.h"
#include "diff.h"
#include "error.h"
#include "json_exact.h"
#include "restore.h"
#include "rollback_pick.h"
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

static gboolean
load_past(Rollback *r)
{
  Deployment *d = r->d;
  g_autoptr(GError) error = NULL;
  r->versions =
      version_list_load(d->client, d->context->history, d->family, d->id, d->seen.before, &error);
  return r->versions != NULL || deployment_fail(d, g_steal_pointer(&error));
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
  if (r->request->undo)
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

static gboolean
restore_valves(Rollback *r, GError **error)
{
  Deployment *d = r->d;
  const HistoryEntry *state = r->target->state;
  json_auto_t *valves =
      state != NULL && state->valves != NULL ? json_exact_parse_text(state->valves, 0) : NULL;
  if (json_object_size(valves) == 0)
    return TRUE;
  json_auto_t *stored = client_set_valves(d->client, d->family, d->id, valves, NULL, error);
  return stored != NULL;
}

static gboolean
restore_state(const Rollback *r, GError **error)
{
  const Deployment *d = r->d;
  const HistoryEntry *state = r->target->state;
  if (state == NULL)
    return TRUE;
  Restore to = {d->client, d->context->cancel, d->family,
                d->id,     state->is_active,   state->is_global};
  return restore_flags(&to, NULL, error);
}

/* Only a delete of ours keeps what the plugin was then; a deploy saw its flags at best. */
static void
tell_kept(Rollback *r)
{
  Deployment *d = r->d;
  const HistoryEntry *state = r->target->state;
  gboolean deleted_here = state != NULL && state->action == HISTORY_DELETED;
  d->outcome->flags_kept = deleted_here;
  d->outcome->valves_kept = deleted_here && state->valves != NULL;
  if (d->outcome->valves_kept)
    return;
  if (deleted_here || d->family == FAMILY_TOOL)
    deployment_note(d, NOTE_WARNING,
                    _("Its valves were not kept here: they are the code's defaults (owup "
                      "valves %s)."),
                    d->id);
  else if (state != NULL && state->is_active)
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

/* A deleted plugin was as its last entry says. */
static void
restore_settings(Rollback *r)
{
  Deployment *d = r->d;
  g_autoptr(GError) failed = NULL;
  if (d->outcome->result != RESULT_CREATED || d->outcome->dry_run)
    return;
  client_begin_write(d->client);
  if (!restore_valves(r, &failed))
    d->outcome->broken = g_strdup(_("It is back, but neither its valves nor its flags"));
  else if (!restore_state(r, &failed))
    d->outcome->broken = g_strdup(_("It is back, with its valves, but not its flags"));
  client_end_write(d->client);
  if (failed != NULL)
    deployment_finish(d, RESULT_FAILED, g_steal_pointer(&failed));
  else
    tell_kept(r);
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
  if (deploy_take_lock(r.d) && snapshot(&r) && deploy_recall(r.d) && load_past(&r) && choose(&r) &&
      prepare(&r) && check_drift(&r) && show_diff(&r) && deploy_check_history(r.d) &&
      deploy_may_write(r.d)) {
    deploy_apply(r.d);
    restore_settings(&r);
  }
  Outcome *outcome = deployment_end(r.d);
  version_list_free(r.versions);
  g_free(r.message);
  return outcome;
}
