/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "deploy_times.h"
#include "deployment.h"

#include "adoption.h"
#include "client_admin.h"
#include "conflict.h"
#include "deploy_history.h"
#include "error.h"
#include "history_times.h"
#include "plugin_version.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
finish_invalid(Deployment *d)
{
  const Diagnostic *first = g_ptr_array_index(d->outcome->diagnostics, 0);
  return deployment_finish(d, RESULT_INVALID,
                           owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("'%s' was not sent: %s"),
                                          plugin_label(d->plugin), first->message));
}

/* What the file alone tells. */
static gboolean
check_file(Deployment *d)
{
  if (deployment_interrupted(d))
    return deployment_finish_interrupted(d);
  if (!preflight_blocks(d->plugin, d->options->no_check))
    return TRUE;
  preflight_take_diagnostics(d->plugin, d->outcome->diagnostics);
  return finish_invalid(d);
}

/* A look that was made for many may have settled it: then nothing is locked, sent or remembered. */
static gboolean
check_snapshot(Deployment *d)
{
  const Snapshot *snapshot = d->seen.snapshot;
  if (snapshot == NULL || !snapshot->same || !snapshot_is_fresh(snapshot))
    return TRUE;
  d->outcome->title = g_strdup(snapshot->before->name);
  d->outcome->id = g_strdup(d->id);
  d->outcome->sha256 = g_strdup(snapshot->digest);
  d->outcome->server_version = g_strdup(remote_plugin_manifest(snapshot->before, "version"));
  return deployment_finish(d, RESULT_UNCHANGED, NULL);
}

static void
tell_waiting(gpointer data)
{
  Deployment *d = data;
  d->seen.waited = TRUE;
  deployment_note_naming(d, deployment_label(d), NOTE_DETAIL,
                         _("Waiting for another owup that is at work on '%s'..."),
                         deployment_label(d));
}

gboolean
deploy_take_lock(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->context->history == NULL || d->options->dry_run)
    return TRUE;
  guint wait = d->options->idle_timeout_ms != 0 ? d->options->idle_timeout_ms : PLUGIN_LOCK_WAIT_MS;
  d->seen.lock =
      plugin_lock_take(history_dir(d->context->history), client_url(d->client), d->family, d->id,
                       wait, d->context->cancel, tell_waiting, d, &error);
  if (d->seen.lock != NULL)
    return TRUE;
  if (owup_error_is(error, OWUP_ERROR_INTERRUPTED))
    return deployment_finish_interrupted(d);
  return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
}

static gboolean
finish_look(Deployment *d, GError *error)
{
  deployment_observe(d, EVENT_STARTED, 0, NULL);
  return deployment_fail(d, error);
}

static gboolean
finish_missing(Deployment *d)
{
  return finish_look(
      d, owup_error_new(OWUP_ERROR_NOT_FOUND,
                        _("'%s' is not on the server, and --update-only creates nothing"), d->id));
}

void
deploy_take_before(Deployment *d, RemotePlugin *before)
{
  d->seen.before = before;
  if (d->seen.digest_before == NULL)
    d->seen.digest_before = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, before->content);
  d->seen.stamp = stamp_read(before->meta);
  d->outcome->server_version = g_strdup(remote_plugin_manifest(before, "version"));
}

static gboolean
finish_taken(Deployment *d, const char *other)
{
  GError *error = owup_error_new(
      OWUP_ERROR_CONFLICT,
      _("'%s' is already on the server, under the id '%s'; here it is '%s'. Nothing was sent."),
      plugin_label(d->plugin), other, d->id);
  owup_error_set_hint(
      error,
      _("The same plugin: owup deploy %s --id %s   Another one: owup deploy %s --create-only\n"
        "With \"id: %s\" in the docstring, it is the same one for good."),
      d->plugin->file, other, d->plugin->file, other);
  deployment_observe(d, EVENT_STARTED, 0, NULL);
  return deployment_finish(d, RESULT_CONFLICT, error);
}

/* Nothing is there under the plugin's id; is it there under another? One list request tells. */
static gboolean
look_elsewhere(Deployment *d, Snapshot *snapshot, GError **error)
{
  if (d->plugin->id_origin == ID_FROM_OPTION)
    return TRUE;
  g_autoptr(GPtrArray) list = client_list(d->client, d->family, FALSE, error);
  if (list == NULL)
    return FALSE;
  g_autoptr(AdoptionIndex) index = adoption_index_new(list);
  Adoption moving = adoption_judge(d->plugin, d->context->siblings, index);
  snapshot->taken_by = g_strdup(moving.taken_by);
  if (moving.id == NULL)
    return TRUE;
  g_free(snapshot->id);
  snapshot->id = g_strdup(moving.id);
  snapshot->before = client_read(d->client, d->family, snapshot->id, error);
  return snapshot->before != NULL;
}

/* `older` is a look that is no longer fresh, or NULL: whether the plugin stands elsewhere is not
 * asked again, since that takes a whole list, and a batch of a thousand would ask for a thousand.
 * NULL: `error`. */
static Snapshot *
make_snapshot(Deployment *d, const Snapshot *older, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(Snapshot) snapshot = g_new0(Snapshot, 1);
  snapshot->at = clock_now();
  snapshot->id = g_strdup(older != NULL ? older->id : d->id);
  deployment_observe(d, EVENT_REQUEST, 0, _("Looking at what is there"));
  client_expect(d->client, d->plugin->stored);
  snapshot->before = client_read(d->client, d->family, snapshot->id, &failure);
  if (snapshot->before != NULL)
    return g_steal_pointer(&snapshot);
  if (!owup_error_is(failure, OWUP_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  d->outcome->http_status = owup_error_status(failure);
  if (older == NULL)
    return look_elsewhere(d, snapshot, error) ? g_steal_pointer(&snapshot) : NULL;
  snapshot->taken_by = g_strdup(older->taken_by);
  return g_steal_pointer(&snapshot);
}

/* What the look says becomes the deploy's own. */
static gboolean
accept_snapshot(Deployment *d, Snapshot *snapshot)
{
  d->seen.snapshot_at = snapshot->at;
  if (snapshot->before == NULL && snapshot->taken_by != NULL && !d->options->force)
    return finish_taken(d, snapshot->taken_by);
  if (snapshot->before == NULL && d->options->update_only)
    return finish_missing(d);
  if (snapshot->before == NULL)
    return TRUE;
  d->seen.digest_before = g_steal_pointer(&snapshot->digest);
  deploy_take_before(d, g_steal_pointer(&snapshot->before));
  return TRUE;
}

/* It stands under another id: from here on that is the plugin's. Its lock is the one that counts,
 * since the journal and every other owup know it by that id. */
static gboolean
move_in(Deployment *d, const char *id)
{
  deployment_note(d, NOTE_HINT,
                  _("Id: %s (found by openwebui_id; add \"id: %s\" to the docstring to fix it)"),
                  id, id);
  g_free(d->id);
  d->id = g_strdup(id);
  d->seen.waited = FALSE;
  g_clear_pointer(&d->seen.lock, plugin_lock_free);
  return deploy_take_lock(d);
}

static Snapshot *
look_again(Deployment *d, Snapshot *snapshot, GError **error)
{
  g_autoptr(Snapshot) older = snapshot;
  return make_snapshot(d, older, error);
}

/* Of a look that was made before the lock was taken: has no other owup written since? */
static gboolean
is_current(const Deployment *d, const Snapshot *snapshot)
{
  return !snapshot->same && snapshot_is_fresh(snapshot) &&
         snapshot->last ==
             snapshot_last(d->context->history, client_url(d->client), d->family, snapshot->id);
}

static gboolean
look(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Snapshot) snapshot = g_steal_pointer(&d->seen.snapshot);
  gboolean early = snapshot != NULL;
  if (d->options->create_only)
    return TRUE;
  if (early)
    d->seen.digest_stored = g_steal_pointer(&snapshot->digest_stored);
  for (;;) {
    if (snapshot == NULL || d->seen.waited || (early && !is_current(d, snapshot))) {
      early = d->seen.waited = FALSE;
      snapshot = look_again(d, g_steal_pointer(&snapshot), &error);
      if (snapshot == NULL)
        return finish_look(d, g_steal_pointer(&error));
    }
    if (snapshot->before == NULL || strcmp(snapshot->id, d->id) == 0)
      return accept_snapshot(d, snapshot);
    if (!move_in(d, snapshot->id))
      return FALSE;
  }
}

static gboolean
is_what_was_seen(const Deployment *d, const RemotePlugin *now)
{
  if (d->seen.before == NULL || now == NULL)
    return d->seen.before == NULL && now == NULL;
  return g_bytes_equal(now->content, d->seen.before->content) &&
         strcmp(now->name, d->seen.before->name) == 0 &&
         g_strcmp0(now->version_id, d->seen.before->version_id) == 0 &&
         json_equal(now->meta, d->seen.before->meta);
}

gboolean
deploy_snapshot_holds(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (!clock_passed(clock_deadline_from(d->seen.snapshot_at, LOOK_FRESH_MS)) ||
      d->options->create_only)
    return TRUE;
  deployment_observe(d, EVENT_REQUEST, 0, _("Looking again"));
  client_expect(d->client, d->seen.before != NULL ? d->seen.before->content : d->plugin->stored);
  g_autoptr(RemotePlugin) now = client_read(d->client, d->family, d->id, &error);
  if (now == NULL && !owup_error_is(error, OWUP_ERROR_NOT_FOUND))
    return finish_look(d, g_steal_pointer(&error));
  if (is_what_was_seen(d, now)) {
    if (now != NULL) {
      d->seen.before->is_active = now->is_active;
      d->seen.before->is_global = now->is_global;
    }
    return TRUE;
  }
  g_clear_error(&error);
  error = owup_error_new(OWUP_ERROR_CONFLICT,
                         _("'%s' was changed on the server while this deploy was under way. "
                           "Nothing of it was sent."),
                         deployment_label(d));
  owup_error_set_hint(error, _("Run it again: it looks anew."));
  deployment_observe(d, EVENT_STARTED, 0, NULL);
  return deployment_finish(d, RESULT_CONFLICT, g_steal_pointer(&error));
}

gboolean
deploy_recall(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->seen.before == NULL || d->context->history == NULL)
    return TRUE;
  d->seen.last =
      history_last_agreed(d->context->history, client_url(d->client), d->family, d->id, &error);
  if (error != NULL && d->seen.before->version_id == NULL)
    return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
  return TRUE;
}

/* A copy that kept the id would take the original's place. */
static gboolean
check_twin(Deployment *d)
{
  if (d->options->twin == NULL || d->seen.before == NULL || d->context->history == NULL)
    return TRUE;
  g_autofree char *file =
      history_last_file(d->context->history, client_url(d->client), d->family, d->id, NULL);
  GError *error = file != NULL ? d->options->twin(d->plugin, file) : NULL;
  if (error == NULL)
    return TRUE;
  deployment_observe(d, EVENT_STARTED, 0, NULL);
  return deployment_finish(d, RESULT_INVALID, error);
}

/* The digest of what is to be sent; where the server holds just that, it is known. */
static char *
digest_of_stored(Deployment *d)
{
  if (d->seen.digest_stored != NULL)
    return g_steal_pointer(&d->seen.digest_stored);
  if (d->seen.before != NULL && g_bytes_equal(d->seen.before->content, d->plan.payload->stored))
    return g_strdup(d->seen.digest_before);
  return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, d->plan.payload->stored);
}

/* Name and description are merged each by itself; then: is there anything to send? */
static gboolean
compare(Deployment *d)
{
  ConflictWords words = {0};
  conflict_merge(d, &words);
  d->plan.payload = payload_new(d->plugin, d->id, d->seen.before, words.name, words.description);
  d->outcome->title = g_strdup(d->plan.payload->name);
  d->outcome->id = g_strdup(d->id);
  d->outcome->sha256 = digest_of_stored(d);
  if (d->seen.before == NULL)
    return TRUE;
  if (!d->options->resend && !words.conflict &&
      payload_is_stored(d->plan.payload, d->seen.before)) {
    deploy_history_agreed(d);
    return deployment_finish(d, RESULT_UNCHANGED, NULL);
  }
  if (words.name_kept)
    deployment_note(d, NOTE_DETAIL, _("Name on the server kept: '%s'"), d->plan.payload->name);
  if (words.description_kept)
    deployment_note(d, NOTE_DETAIL, _("Description on the server kept: '%s'"),
                    d->plan.payload->description);
  return d->options->force || conflict_check(d, words.conflict);
}

static gboolean
check_version(Deployment *d)
{
  gboolean known;
  const char *now = d->plugin->version, *there = d->outcome->server_version;
  if (now == NULL || there == NULL)
    return TRUE;
  int order = plugin_version_compare(now, there, &known);
  if (order == 0 && !g_bytes_equal(d->plan.payload->stored, d->seen.before->content)) {
    if (d->options->require_bump)
      return deployment_finish(
          d, RESULT_INVALID,
          owup_error_new(OWUP_ERROR_LOCAL_PLUGIN,
                         _("The content changed, but the version is still %s (--require-bump)"),
                         now));
    if (d->options->ci || d->options->dry_run)
      deployment_note(d, NOTE_WARNING,
                      _("The content changed, but the version is still %s (owup bump patch %s)."),
                      now, d->id);
  }
  if (order >= 0 || !known)
    return TRUE;
  if (d->options->no_downgrade)
    return deployment_finish(d, RESULT_INVALID,
                             owup_error_new(OWUP_ERROR_LOCAL_PLUGIN,
                                            _("The server has %s, this is %s (--no-downgrade)"),
                                            there, now));
  deployment_note(d, NOTE_WARNING, _("Going back from %s to %s."), there, now);
  return TRUE;
}

/* Asks python3 where a refused update would do harm; its reason would be hidden there, too. */
static gboolean
check_python(Deployment *d)
{
  if (!deployment_may_be_switched_off(d) || d->options->no_check)
    return TRUE;
  d->plan.verdict = preflight_python(d->plugin, d->outcome->diagnostics);
  return d->plan.verdict != PRECHECK_BROKEN || finish_invalid(d);
}

gboolean
deploy_check_history(Deployment *d)
{
  const GError *trouble = d->context->history_error;
  if (trouble == NULL)
    return TRUE;
  gboolean only_copy = d->seen.before != NULL && d->seen.before->version_id == NULL;
  if (!only_copy || d->options->no_history) {
    deployment_note(d, NOTE_WARNING, _("No local history: %s"), trouble->message);
    return TRUE;
  }
  g_autoptr(GError) error = g_error_copy(trouble);
  owup_error_set_hint(
      error, _("This server keeps no old versions, so the one that is replaced would be lost.\n"
               "Mend it, name another place (--history DIR), or go on without: --no-history."));
  return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
}

gboolean
deploy_may_write(Deployment *d)
{
  /* Whatever still waits for a connection when the interrupt comes is not begun. */
  if (!d->options->dry_run)
    client_reserve(d->client);
  if (deployment_interrupted(d))
    return deployment_finish_interrupted(d);
  if (!d->options->dry_run)
    return TRUE;
  return deployment_finish(d, d->seen.before != NULL ? RESULT_UPDATED : RESULT_CREATED, NULL);
}

gboolean
deploy_plan(Deployment *d)
{
  return check_file(d) && check_snapshot(d) && deploy_take_lock(d) && look(d) && deploy_recall(d) &&
         check_twin(d) && compare(d) && check_version(d) && check_python(d) &&
         deploy_check_history(d) && deploy_may_write(d);
}
