/* SPDX-License-Identifier: MIT */
#include "deploy_history.h"

#include "ci_env.h"
#include "clock.h"
#include "error.h"
#include "git_blob.h"
#include "git_tree.h"
#include "json_text.h"
#include "redact.h"
#include "source_commit.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static char *
origin(const Deployment *d)
{
  return d->plan.action == HISTORY_SENT ? source_commit(d->plugin->file) : g_strdup(d->plan.from);
}

/* What git knows of the text that is sent; an old version's is known, or what is sent is hashed. */
static void
add_git(Deployment *d, Stamp *stamp)
{
  const char *file = d->plan.action == HISTORY_SENT ? d->plugin->file : NULL;
  stamp->blob = d->plan.blob != NULL ? g_strdup(d->plan.blob)
                                     : git_blob_of_file(&d->git, file, d->plugin->content);
  GitTreeState state = git_tree_state(&d->git, file, stamp->blob);
  stamp->has_dirty = state != GIT_TREE_UNKNOWN;
  stamp->dirty = state == GIT_TREE_DIRTY;
}

static void
add_names(Stamp *stamp)
{
  g_autofree char *who = ci_env_who();
  stamp->who = who != NULL ? redactor_words(NULL, who) : NULL;
  stamp->write = g_strdup_printf("%08x%08x", g_random_int(), g_random_int());
}

Stamp *
deploy_history_stamp(Deployment *d)
{
  Stamp *stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(d->outcome->sha256);
  stamp->name = g_strdup(d->plugin->title);
  stamp->description = g_strdup(d->plugin->description);
  stamp->version = g_strdup(d->plugin->version);
  stamp->by = g_strdup("owup " OWUP_VERSION);
  stamp->at = clock_wall_seconds();
  stamp->from = origin(d);
  add_git(d, stamp);
  add_names(stamp);
  stamp->trail = rollback_trail_copy(d->plan.trail);
  /* Sent again as it is: what was rolled back before stays so. */
  if (d->plan.action == HISTORY_SENT && g_strcmp0(d->seen.digest_before, stamp->sha256) == 0) {
    g_autoptr(Stamp) before = deployment_stamp(d);
    stamp->trail = before != NULL ? rollback_trail_copy(before->trail) : NULL;
  }
  return stamp;
}

static HistoryEntry *
entry_of(const Deployment *d, HistoryAction action, const RemotePlugin *remote)
{
  return history_entry_of(client_url(d->client), remote, remote->meta, action);
}

static gboolean
keep_replaced(const Deployment *d, GError **error)
{
  g_autoptr(HistoryEntry) entry = entry_of(d, HISTORY_REPLACED, d->seen.before);
  entry->digest = g_strdup(d->seen.digest_before);
  entry->only_copy = d->seen.before->version_id == NULL;
  return history_add(d->context->history, entry, d->seen.before->content, error);
}

static char *
words_json(const RemotePlugin *remote, json_t *stamp)
{
  json_auto_t *words = json_pack("{s:s, s:O*, s:O*}", "name", remote->name, "meta", remote->meta,
                                 JOURNAL_STAMP, stamp);
  return json_text(words, JSON_COMPACT);
}

/* What the next owup needs to go on where this one died. */
static char *
undelete_json(const HistoryEntry *kept, json_t *stamp)
{
  json_auto_t *words = json_pack("{s:O*}", JOURNAL_STAMP, stamp);
  if (kept->action == HISTORY_DELETED && kept->valves != NULL)
    json_object_set_new(words, JOURNAL_VALVES_OF, json_integer(kept->row));
  return json_text(words, JSON_COMPACT);
}

static JournalRow *
make_row(const Deployment *d, JournalAction action, const char *batch)
{
  JournalRow *row = g_new0(JournalRow, 1);
  row->batch = g_strdup(batch);
  row->server = g_strdup(client_url(d->client));
  row->family = d->family;
  row->id = g_strdup(d->id);
  row->title = g_strdup(d->outcome->title);
  row->action = action;
  row->digest_after = g_strdup(d->outcome->sha256);
  row->server_date = client_date(d->client);
  row->started_at = clock_wall_seconds();
  row->patience_s = (int)(deployment_idle_timeout(d) / 1000);
  json_t *stamp = json_object_get(d->plan.payload->meta, STAMP_KEY);
  if (action == JOURNAL_UNDELETE) {
    row->is_active = d->plan.undelete->is_active;
    row->is_global = d->plan.undelete->is_global;
    row->before = undelete_json(d->plan.undelete, stamp);
  } else if (d->seen.before != NULL) {
    row->digest_before = g_strdup(d->seen.digest_before);
    row->is_active = d->seen.before->is_active;
    row->is_global = d->seen.before->is_global;
    row->before = words_json(d->seen.before, stamp);
  }
  return row;
}

/* On a server that keeps versions itself, or where nothing is replaced, the local history may fail.
 */
static gboolean
may_do_without(const Deployment *d)
{
  return d->seen.before == NULL || d->seen.before->version_id != NULL || d->options->no_history;
}

gboolean
deploy_history_begin(Deployment *d, JournalAction action, const char *batch)
{
  g_autoptr(GError) error = NULL;
  History *history = d->context->history;
  if (history == NULL)
    return TRUE;
  gboolean kept = d->seen.before == NULL || keep_replaced(d, &error);
  if (kept && d->done.row == NULL) {
    d->done.row = make_row(d, action, batch);
    kept = journal_begin(history, d->done.row, &error);
    if (!kept)
      g_clear_pointer(&d->done.row, journal_row_free);
  }
  if (kept)
    return TRUE;
  if (!may_do_without(d))
    return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
  deployment_note(d, NOTE_WARNING, _("The local history could not be written: %s"), error->message);
  return TRUE;
}

/* Where the plugin's file is, links resolved; NULL: it is none. */
static char *
file_of(const Plugin *plugin)
{
  char *found = strcmp(plugin->file, "-") != 0 ? realpath(plugin->file, NULL) : NULL;
  char *file = g_strdup(found);
  free(found);
  return file;
}

void
deploy_history_done(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->context->history == NULL)
    return;
  /* A tool's meta loses the stamp before 0.12; what was sent still has it. */
  g_autoptr(HistoryEntry) entry = history_entry_of(client_url(d->client), d->done.confirmed,
                                                   d->plan.payload->meta, d->plan.action);
  entry->digest = g_strdup(d->outcome->sha256);
  gboolean rewritten = d->plan.payload->content != d->plan.payload->stored;
  entry->sent_digest =
      rewritten ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, d->plan.payload->content)
                : g_strdup(entry->digest);
  entry->message = g_strdup(d->options->message);
  entry->from = origin(d);
  entry->file = d->plan.action == HISTORY_SENT ? file_of(d->plugin) : NULL;
  if (!history_add(d->context->history, entry, d->plan.payload->stored, &error))
    deployment_note(d, NOTE_WARNING,
                    _("The server has it, but the local history could not be written: %s"),
                    error->message);
}

void
deploy_history_undone(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->context->history == NULL)
    return;
  HistoryAction action = d->seen.before != NULL ? HISTORY_REPLACED : HISTORY_DELETED;
  g_autoptr(HistoryEntry) entry = entry_of(d, action, d->done.confirmed);
  entry->digest = g_strdup(d->outcome->sha256);
  if (!history_add(d->context->history, entry, d->plan.payload->stored, &error))
    deployment_note(d, NOTE_WARNING, _("The local history could not be written: %s"),
                    error->message);
}

void
deploy_history_agreed(Deployment *d)
{
  if (d->context->history == NULL || d->options->dry_run ||
      drift_judge(d->seen.digest_before, d->seen.stamp, d->seen.last) == DRIFT_NONE)
    return;
  g_autoptr(HistoryEntry) entry = entry_of(d, HISTORY_PULLED, d->seen.before);
  entry->digest = g_strdup(d->seen.digest_before);
  history_add(d->context->history, entry, d->seen.before->content, NULL);
}

void
deploy_history_confirmed(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->done.row == NULL)
    return;
  if (!journal_end(d->context->history, d->done.row->row, &error))
    deployment_note(d, NOTE_WARNING, _("The local journal could not be written: %s"),
                    error->message);
  g_clear_pointer(&d->done.row, journal_row_free);
}
