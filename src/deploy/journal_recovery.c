/* SPDX-License-Identifier: MIT */
#include "journal_recovery.h"

#include "clock.h"
#include "confirmed_delete.h"
#include "deploy_times.h"
#include "error.h"
#include "journal.h"
#include "json_exact.h"
#include "model_list.h"
#include "payload.h"
#include "plugin_lock.h"
#include "restore.h"
#include "stamp.h"
#include "undelete.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  const DeployContext *context;
  JournalRow *row;
  PluginLock *lock;
  RemotePlugin *now; /* NULL: nothing is there */
} Open;

/* "functions/ID", as context->undeleted has it. Owned by the caller. */
static char *
plugin_word(Family family, const char *id)
{
  return g_strdup_printf("%s/%s", family_path(family), id);
}

static void note(const DeployContext *context, NoteLevel level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
note(const DeployContext *context, NoteLevel level, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  context->observe(event_note(NULL, level, text), context->data);
}

static const char *
label(const JournalRow *row)
{
  return row->title != NULL ? row->title : row->id;
}

/* What our write changed lies between the look and a little after; an admin's switch lies later. */
static gboolean
in_window(const JournalRow *row, const RemotePlugin *now)
{
  gint64 start = row->server_date != 0 ? row->server_date : row->started_at;
  return now->updated_at >= start - 1 &&
         now->updated_at <= start + row->patience_s + DEPLOY_WINDOW_S;
}

static gboolean
holds(const RemotePlugin *remote, const char *digest)
{
  if (remote->content == NULL || digest == NULL)
    return FALSE;
  g_autofree char *found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, remote->content);
  return strcmp(found, digest) == 0;
}

static gboolean
flags_differ(const JournalRow *row, const RemotePlugin *now)
{
  return row->family == FAMILY_FUNCTION &&
         ((row->is_active && !now->is_active) || (row->is_global && !now->is_global));
}

/* From 0.12 on a failed update leaves the flags alone, so a person changed them. */
static gboolean
never_switches_off(const RemotePlugin *now)
{
  return now->version_id != NULL;
}

/* The write went through, so it changed no flag. */
static gboolean
went_through(const JournalRow *row, const RemotePlugin *now)
{
  return holds(now, row->digest_after) && g_strcmp0(row->digest_before, row->digest_after) != 0;
}

/* The stamp that was sent, from the journal; else what it would have been. Owned by the caller. */
static json_t *
sent_stamp(const JournalRow *row, const RemotePlugin *now)
{
  json_auto_t *before = row->before != NULL ? json_exact_parse_text(row->before, 0) : NULL;
  json_t *sent = json_object_get(before, JOURNAL_STAMP);
  if (sent != NULL)
    return json_incref(sent);
  g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(row->digest_after);
  stamp->name = g_strdup(now->name);
  stamp->description = g_strdup(remote_plugin_description(now));
  stamp->by = g_strdup("owup " OWUP_VERSION);
  stamp->at = row->started_at;
  return stamp_to_json(stamp);
}

/* What the server has of our stamp, and where it loses it (a tool's, before 0.12) what was sent.
 * Owned by the caller. */
static json_t *
stamped_meta(const JournalRow *row, const RemotePlugin *now)
{
  json_t *meta = now->meta != NULL ? json_copy(now->meta) : json_object();
  if (json_object_get(meta, STAMP_KEY) == NULL)
    json_object_set_new(meta, STAMP_KEY, sent_stamp(row, now));
  return meta;
}

static void
keep(const Open *open, HistoryAction action, gint64 at)
{
  const JournalRow *row = open->row;
  json_auto_t *meta = stamped_meta(row, open->now);
  g_autoptr(HistoryEntry) entry = history_entry_of(row->server, open->now, meta, action);
  entry->at = at;
  entry->digest = g_strdup(row->digest_after);
  history_add(open->context->history, entry, open->now->content, NULL);
}

/* Our write went through and its owup never learned of it: without a word in the history a tool
 * before 0.12 would look as if somebody else had changed it. */
static void
remember_write(const Open *open)
{
  const JournalRow *row = open->row;
  g_autoptr(HistoryEntry) last =
      history_last_agreed(open->context->history, row->server, row->family, row->id, NULL);
  if (last != NULL && strcmp(last->digest, row->digest_after) == 0)
    return;
  keep(open, row->action == JOURNAL_UNDELETE ? HISTORY_ROLLED_BACK : HISTORY_SENT, row->started_at);
}

static Restore
restore_of(const Open *open)
{
  const JournalRow *row = open->row;
  return (Restore){
      .client = open->context->client,
      .cancel = open->context->cancel,
      .family = row->family,
      .id = row->id,
      .active = row->is_active,
      .global = row->is_global,
  };
}

/* A pipe that is on again is found in a chat only once the model list was read. */
static void
renew_models(const Open *open)
{
  const JournalRow *row = open->row;
  if (!row->is_active || g_strcmp0(open->now->type, "pipe") != 0)
    return;
  ModelListWish wish = {row->id, label(row), TRUE, FALSE};
  g_autofree char *untrue = model_list_renew(open->context->client, open->context->cancel, &wish);
  if (untrue != NULL)
    note(open->context, NOTE_WARNING, "%s", untrue);
}

/* TRUE: the row is settled. */
static gboolean
settle_update_row(const Open *open)
{
  const JournalRow *row = open->row;
  g_autoptr(GError) error = NULL;
  if (!flags_differ(row, open->now) || never_switches_off(open->now) ||
      went_through(row, open->now))
    return TRUE;
  if (!in_window(row, open->now)) {
    note(open->context, NOTE_WARNING,
         _("'%s' is not switched on as it was before an interrupted deploy; it was changed "
           "later, so it is left as it is."),
         label(row));
    return TRUE;
  }
  Restore to = restore_of(open);
  if (restore_flags(&to, NULL, &error)) {
    note(open->context, NOTE_BACK,
         _("'%s' was switched off by an interrupted deploy; switched on again."), label(row));
    renew_models(open);
    return TRUE;
  }
  note(open->context, NOTE_WARNING,
       _("'%s' was switched off by an interrupted deploy and could not be switched on again: "
         "%s"),
       label(row), error->message);
  return FALSE;
}

static gboolean
undo_update(const Open *open, GError **error)
{
  const JournalRow *row = open->row;
  g_autoptr(GBytes) content = history_content(open->context->history, row->digest_before, error);
  json_auto_t *words = row->before != NULL ? json_exact_parse_text(row->before, 0) : NULL;
  if (content == NULL)
    return FALSE;
  g_autoptr(Payload) old = payload_from_parts(row->family, row->id, words, content);
  Restore to = restore_of(open);
  return restore_plugin(&to, old, error);
}

/* A row of an --atomic batch that was never finished: what still is ours goes back. */
static gboolean
undo_batch_row(const Open *open)
{
  const JournalRow *row = open->row;
  g_autoptr(GError) error = NULL;
  if (open->now == NULL || !holds(open->now, row->digest_after))
    return open->now == NULL || settle_update_row(open);
  gboolean created = row->digest_before == NULL;
  keep(open, created ? HISTORY_DELETED : HISTORY_REPLACED, clock_wall_seconds());
  gboolean undone = created ? confirmed_delete(open->context->client, open->context->cancel,
                                               row->family, row->id, &error)
                            : undo_update(open, &error);
  if (undone)
    note(open->context, NOTE_BACK, _("'%s' is what it was before an interrupted --atomic deploy."),
         label(row));
  else
    note(open->context, NOTE_WARNING,
         _("'%s' could not be put back after an interrupted --atomic deploy: %s"), label(row),
         error->message);
  return undone;
}

/* The valves that a delete of ours kept for it. Owned by the caller; NULL: none. */
static json_t *
kept_valves(const Open *open)
{
  const JournalRow *row = open->row;
  json_auto_t *words = row->before != NULL ? json_exact_parse_text(row->before, 0) : NULL;
  json_int_t number = json_integer_value(json_object_get(words, JOURNAL_VALVES_OF));
  g_autoptr(GPtrArray) entries =
      number != 0 ? history_list(open->context->history, row->server, row->family, row->id, NULL)
                  : NULL;
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const HistoryEntry *entry = g_ptr_array_index(entries, i);
    if (entry->row == number)
      return undelete_valves(entry);
  }
  return NULL;
}

static void
tell_undelete(const Open *open, UndeleteEnd end, gboolean theirs, const GError *error)
{
  const char *name = label(open->row);
  if (end != UNDELETE_WHOLE)
    note(open->context, NOTE_WARNING,
         end == UNDELETE_WITHOUT_VALVES
             ? _("'%s' was brought back by an interrupted rollback, but without its valves and "
                 "flags: %s")
             : _("'%s' was brought back by an interrupted rollback, but without its flags: %s"),
         name, error->message);
  else if (theirs)
    note(open->context, NOTE_WARNING,
         _("'%s' was brought back by an interrupted rollback; its valves were set since, so they "
           "are left as they are."),
         name);
  else
    note(open->context, NOTE_BACK,
         _("'%s' was brought back by an interrupted rollback; that is finished now."), name);
}

/* A rollback that brought a deleted plugin back, but died before its valves and flags were. */
static gboolean
settle_undelete(const Open *open)
{
  const JournalRow *row = open->row;
  gboolean theirs;
  g_autoptr(GError) error = NULL;
  if (!holds(open->now, row->digest_after) || !in_window(row, open->now)) {
    note(open->context, NOTE_WARNING,
         _("'%s' was brought back by an interrupted rollback and changed since, so its valves and "
           "flags are left as they are."),
         label(row));
    return TRUE;
  }
  /* Should this owup die, too, the next one must see what it did as ours. */
  gint64 start = row->server_date != 0 ? row->server_date : row->started_at;
  gint64 since = MAX(client_date(open->context->client) - start, 0);
  journal_take_up(open->context->history, row->row, (int)since + row->patience_s, NULL);
  json_auto_t *valves = kept_valves(open);
  Restore to = restore_of(open);
  UndeleteEnd end = undelete_go_on(&to, valves, &theirs, &error);
  tell_undelete(open, end, theirs, error);
  if (end == UNDELETE_WHOLE)
    renew_models(open);
  gboolean settled = end == UNDELETE_WHOLE || undelete_is_refused(error);
  if (settled && open->context->undeleted != NULL)
    g_ptr_array_add(open->context->undeleted, plugin_word(row->family, row->id));
  return settled;
}

static gboolean
settle_row(Open *open)
{
  const JournalRow *row = open->row;
  g_autoptr(GError) error = NULL;
  open->now = client_read(open->context->client, row->family, row->id, &error);
  if (open->now == NULL && !owup_error_is(error, OWUP_ERROR_NOT_FOUND))
    return FALSE;
  if (row->batch != NULL)
    return undo_batch_row(open);
  if (open->now != NULL && went_through(row, open->now))
    remember_write(open);
  if (open->now != NULL && row->action == JOURNAL_UNDELETE)
    return settle_undelete(open);
  return open->now == NULL || row->action != JOURNAL_UPDATE || settle_update_row(open);
}

static void
open_clear(Open *open)
{
  g_clear_pointer(&open->lock, plugin_lock_free);
  g_clear_pointer(&open->now, remote_plugin_free);
}

static GPtrArray *
open_rows(const DeployContext *context)
{
  return context->history != NULL
             ? journal_rows(context->history, client_url(context->client), NULL)
             : NULL;
}

/* Is the row still there, now that we have its lock? Its owner or another owup may have settled it
 * meanwhile. */
static gboolean
still_open(const DeployContext *context, gint64 number)
{
  g_autoptr(GPtrArray) rows = open_rows(context);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (((JournalRow *)g_ptr_array_index(rows, i))->row == number)
      return TRUE;
  return FALSE;
}

/* The newest first: a batch is undone in reverse order. */
static void
settle_rows(const DeployContext *context, const GPtrArray *rows)
{
  const char *dir = history_dir(context->history);
  for (guint i = rows->len; i > 0; i--) {
    JournalRow *row = g_ptr_array_index(rows, i - 1);
    Open open = {.context = context, .row = row};
    open.lock = plugin_lock_try(dir, row->server, row->family, row->id);
    if (open.lock != NULL && still_open(context, row->row) && settle_row(&open))
      journal_end(context->history, row->row, NULL);
    open_clear(&open);
  }
}

void
journal_recovery_run(const DeployContext *context)
{
  g_autoptr(GPtrArray) rows = open_rows(context);
  if (rows == NULL || rows->len == 0)
    return;
  client_begin_write(context->client);
  settle_rows(context, rows);
  client_end_write(context->client);
}

void
journal_recovery_report(const DeployContext *context)
{
  g_autoptr(GPtrArray) rows = open_rows(context);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const JournalRow *row = g_ptr_array_index(rows, i);
    g_autoptr(PluginLock) lock =
        plugin_lock_try(history_dir(context->history), row->server, row->family, row->id);
    if (lock != NULL)
      note(context, NOTE_WARNING,
           row->action == JOURNAL_UNDELETE
               ? _("A rollback of '%s' was interrupted; the next deploy or rollback settles it.")
               : _("A deploy of '%s' was interrupted; the next deploy settles it."),
           label(row));
  }
}

static gboolean
was_undeleted(const DeployContext *context, Family family, const char *id)
{
  g_autofree char *word = plugin_word(family, id);
  return context->undeleted != NULL &&
         g_ptr_array_find_with_equal_func(context->undeleted, word, g_str_equal, NULL);
}

static UndeleteState
finish_undelete(const DeployContext *context, JournalRow *row)
{
  Open open = {.context = context, .row = row};
  client_begin_write(context->client);
  gboolean settled = settle_row(&open);
  client_end_write(context->client);
  if (settled)
    journal_end(context->history, row->row, NULL);
  open_clear(&open);
  return !settled                                       ? UNDELETE_OPEN
         : was_undeleted(context, row->family, row->id) ? UNDELETE_FINISHED
                                                        : UNDELETE_NONE;
}

UndeleteState
journal_recovery_undelete(const DeployContext *context, Family family, const char *id)
{
  if (was_undeleted(context, family, id))
    return UNDELETE_FINISHED;
  g_autoptr(GPtrArray) rows = open_rows(context);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    JournalRow *row = g_ptr_array_index(rows, i);
    if (row->action == JOURNAL_UNDELETE && row->family == family && strcmp(row->id, id) == 0)
      return context->options->dry_run ? UNDELETE_FINISHED : finish_undelete(context, row);
  }
  return UNDELETE_NONE;
}
