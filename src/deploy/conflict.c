/* SPDX-License-Identifier: MIT */
#include "conflict.h"

#include "ci_env.h"
#include "client_admin.h"
#include "compile_check.h"
#include "error.h"
#include "git_checkout.h"
#include "live_origin.h"
#include "time_text.h"

#include <glib/gi18n.h>
#include <string.h>

void
conflict_merge(const Deployment *d, ConflictWords *words)
{
  if (d->seen.before == NULL)
    return;
  g_autoptr(Stamp) base = drift_base(d->seen.stamp, d->seen.last);
  DriftMerge name =
      drift_merge(d->seen.before->name, d->plugin->title, base != NULL ? base->name : NULL);
  DriftMerge text = drift_merge(remote_plugin_description(d->seen.before), d->plugin->description,
                                base != NULL ? base->description : NULL);
  words->conflict = name == MERGE_CONFLICT || text == MERGE_CONFLICT;
  if (d->options->force)
    return;
  words->name_kept = name == MERGE_KEPT;
  words->description_kept = text == MERGE_KEPT;
  if (words->name_kept)
    words->name = d->seen.before->name;
  if (words->description_kept)
    words->description = remote_plugin_description(d->seen.before);
}

/* The content of our last write or pull, where it can still be had: the local history, or from 0.12
 * on the version before the live one. */
static GBytes *
last_content(Deployment *d)
{
  const char *digest = drift_base_digest(d->seen.stamp, d->seen.last);
  GBytes *content =
      d->context->history != NULL ? history_content(d->context->history, digest, NULL) : NULL;
  if (content != NULL || d->seen.before->version_id == NULL)
    return content;
  g_autoptr(GPtrArray) versions =
      client_history(d->client, d->family, d->id, d->seen.before->version_id, NULL);
  if (versions == NULL || versions->len < 2)
    return NULL;
  const ClientVersion *parent = g_ptr_array_index(versions, 1);
  g_autoptr(RemotePlugin) old =
      client_history_read(d->client, d->family, d->id, parent->version_id, NULL);
  if (old == NULL || old->content == NULL)
    return NULL;
  g_autofree char *found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, old->content);
  return strcmp(found, digest) == 0 ? g_bytes_ref(old->content) : NULL;
}

/* The browser's Save runs the server's formatter over the code, also where nobody changed anything.
 */
static gboolean
only_formatted(Deployment *d)
{
  g_autoptr(GBytes) sent = last_content(d);
  if (sent == NULL)
    return FALSE;
  g_autoptr(GBytes) formatted = client_format(d->client, sent, NULL);
  if (formatted != NULL && g_bytes_equal(formatted, d->seen.before->content))
    return TRUE;
  return compile_check_same(sent, d->seen.before->content) == PYCHECK_FINE;
}

/* The live version, when and, from 0.12 on, by whom it was made, as far as that is known, in
 * brackets with a space before; else "". */
static char *
describe_change(Deployment *d)
{
  gint64 at = d->seen.before->updated_at;
  g_autofree char *by = NULL;
  if (d->seen.before->version_id != NULL) {
    g_autoptr(GPtrArray) versions =
        client_history(d->client, d->family, d->id, d->seen.before->version_id, NULL);
    const ClientVersion *live =
        versions != NULL && versions->len > 0 ? g_ptr_array_index(versions, 0) : NULL;
    if (live != NULL) {
      at = live->created_at;
      by = live->user != NULL ? g_strdup_printf(_("by %s"), live->user) : NULL;
    }
  }
  g_autofree char *when = time_text(at);
  const char *known[] = {d->outcome->server_version, when, by};
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (known[i] != NULL)
      g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : " (", known[i]);
  if (text->len > 0)
    g_string_append_c(text, ')');
  return g_strdup(text->str);
}

/* Takes `message` over. */
static gboolean
finish_conflict(Deployment *d, char *message)
{
  GError *error = owup_error_new(OWUP_ERROR_CONFLICT, "%s", message);
  if (d->plan.action == HISTORY_ROLLED_BACK)
    owup_error_set_hint(error,
                        _("See all: owup history %s   Take theirs: owup pull %s   Go back all the "
                          "same: owup rollback --force %s (theirs stays in owup history)"),
                        d->id, d->id, d->id);
  else
    owup_error_set_hint(error,
                        _("See all: owup diff %s   Take theirs: owup pull --force %s   Send yours: "
                          "owup deploy --force "
                          "%s (theirs stays in owup history)"),
                        d->id, d->id, d->id);
  g_free(message);
  return deployment_finish(d, RESULT_CONFLICT, error);
}

static gboolean
was_rolled_back(const Deployment *d)
{
  g_autoptr(Stamp) stamp = deployment_stamp(d);
  return d->plan.action == HISTORY_SENT && stamp != NULL &&
         rollback_trail_holds(stamp->trail, d->outcome->sha256);
}

/* CONFLICT texts name what and when; the time costs a request, so it is asked only for them. */
static char *
tell_conflict(Deployment *d, const char *what)
{
  g_autofree char *change = describe_change(d);
  return g_strdup_printf("'%s' %s%s. %s", d->seen.before->name, what, change,
                         _("Nothing was sent."));
}

/* Whoever may write a meta can put anything there. */
static char *
commit_text(const Stamp *stamp)
{
  if (stamp->from == NULL || !git_checkout_is_name(stamp->from))
    return NULL;
  return g_strdup_printf(stamp->dirty ? _("after commit %.7s") : _("commit %.7s"), stamp->from);
}

static char *
who_text(const Stamp *stamp)
{
  if (stamp->who == NULL)
    return NULL;
  g_autofree char *cut =
      g_utf8_substring(stamp->who, 0, MIN(g_utf8_strlen(stamp->who, -1), CI_ENV_WHO_LENGTH));
  return g_strdup_printf(_("by %s"), cut);
}

/* "1.0.1, 2026-11-20 10:12, commit 1a2b3c4", as the stamp has it. "after commit": what was sent was
 * not committed. */
static char *
describe_stamp(const Deployment *d)
{
  g_autofree char *when = time_text(d->seen.stamp->at);
  g_autofree char *commit = commit_text(d->seen.stamp);
  g_autofree char *who = who_text(d->seen.stamp);
  const char *known[] = {d->outcome->server_version, when, commit, who};
  GString *text = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (known[i] != NULL)
      g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", known[i]);
  return g_string_free(text, FALSE);
}

/* Some owup's work that was not agreed on here: NULL, or the conflict's message. Where nothing
 * tells whose it is, what is replaced is said. */
static char *
judge_elsewhere(Deployment *d)
{
  const char *name = d->seen.before->name;
  if (d->plan.action == HISTORY_ROLLED_BACK ||
      g_bytes_equal(d->seen.before->content, d->plan.payload->stored))
    return NULL;
  LiveOrigin origin = live_origin_judge(d->context->history, &d->git, client_url(d->client),
                                        d->plugin->file, d->seen.before, d->seen.last);
  g_autofree char *known = origin != LIVE_ORIGIN_KNOWN ? describe_stamp(d) : NULL;
  if (origin == LIVE_ORIGIN_ELSEWHERE)
    return g_strdup_printf(_("'%s' was deployed from elsewhere since (%s). Nothing was sent."),
                           name, known);
  if (origin == LIVE_ORIGIN_UNKNOWN)
    deployment_note_naming(
        d, name, NOTE_DETAIL,
        _("This replaces '%s' as it was deployed from elsewhere (%s); that stays "
          "in owup history."),
        name, known);
  return NULL;
}

/* The message of the conflict, or NULL where the content may be overwritten. */
static char *
judge(Deployment *d)
{
  const char *name = d->seen.before->name;
  if (was_rolled_back(d))
    return tell_conflict(d, _("was rolled back from just this text to another one"));
  switch (drift_judge(d->seen.digest_before, d->seen.stamp, d->seen.last)) {
  case DRIFT_FOREIGN:
    if (d->plan.action == HISTORY_ROLLED_BACK)
      return NULL;
    deployment_note_naming(d, name, NOTE_WARNING,
                           _("'%s' was already on the server and differed; the old text is kept: "
                             "owup history %s"),
                           name, d->id);
    return NULL;
  case DRIFT_CHANGED:
    if (!only_formatted(d))
      return tell_conflict(d, _("was changed on the server since the last deploy"));
    deployment_note_naming(
        d, name, NOTE_DETAIL,
        _("'%s' was re-formatted by the web editor; nothing else changed there."), name);
    return NULL;
  case DRIFT_SET_BACK:
    return tell_conflict(d, _("was set back on the server to an older version"));
  case DRIFT_ELSEWHERE:
    return judge_elsewhere(d);
  case DRIFT_NONE:
    break;
  }
  return NULL;
}

gboolean
conflict_check(Deployment *d, gboolean words_conflict)
{
  char *message = judge(d);
  if (message != NULL)
    return finish_conflict(d, message);
  if (!words_conflict)
    return TRUE;
  return finish_conflict(
      d, tell_conflict(d, _("changed its name or description both here and on the server")));
}
