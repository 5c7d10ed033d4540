/* SPDX-License-Identifier: MIT */
#include "pull.h"

#include "client_admin.h"
#include "clock.h"
#include "drift.h"
#include "error.h"
#include "file.h"
#include "json_exact.h"
#include "json_text.h"
#include "pull_path.h"
#include "valve_marks.h"
#include "valve_mask.h"
#include "valve_secret.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* One pull under way. */
typedef struct {
  Client *client;
  const PullOptions *options;
  Plugin *local; /* a reference, or NULL */
  const RemotePlugin *remote;
  Stamp *stamp;       /* the server's, or NULL */
  HistoryEntry *last; /* history_last_agreed(), or NULL */
  Pulled *pulled;
} Pull;

const char *
pull_result_name(PullResult result)
{
  static const char *const names[] = {
      [PULL_UNCHANGED] = "unchanged", [PULL_CREATED] = "created", [PULL_UPDATED] = "updated",
      [PULL_CONFLICT] = "conflict",   [PULL_FAILED] = "failed",
  };
  g_return_val_if_fail(result < G_N_ELEMENTS(names), "failed");
  return names[result];
}

void
pulled_free(Pulled *pulled)
{
  if (pulled == NULL)
    return;
  g_free(pulled->id);
  g_free(pulled->kind);
  g_free(pulled->title);
  g_free(pulled->server);
  g_free(pulled->version_before);
  g_free(pulled->version);
  g_free(pulled->file);
  g_free(pulled->beside);
  g_free(pulled->base);
  g_free(pulled->kept);
  g_free(pulled->valves_file);
  g_free(pulled->sha256);
  g_free(pulled->own_id);
  g_clear_error(&pulled->error);
  g_free(pulled);
}

static Pulled *
pulled_new(const RemotePlugin *remote)
{
  Pulled *pulled = g_new0(Pulled, 1);
  pulled->family = remote->family;
  pulled->id = g_strdup(remote->id);
  pulled->kind = g_strdup(remote->family == FAMILY_TOOL ? kind_name(KIND_TOOL) : remote->type);
  pulled->title = g_strdup(remote->name);
  return pulled;
}

Pulled *
pull_failed(const RemotePlugin *remote, const char *word, GError *error)
{
  Pulled *pulled = remote != NULL ? pulled_new(remote) : g_new0(Pulled, 1);
  if (remote == NULL)
    pulled->id = g_strdup(word);
  pulled->result = PULL_FAILED;
  pulled->error = error;
  return pulled;
}

static PullResult
decide(const Pull *pull)
{
  if (pull->local == NULL)
    return PULL_CREATED;
  if (g_bytes_equal(pull->local->stored, pull->remote->content))
    return PULL_UNCHANGED;
  g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, pull->local->stored);
  return drift_was_shared(digest, pull->stamp, pull->last) ? PULL_UPDATED : PULL_CONFLICT;
}

/* The stamp that a deploy of the pulled file would have left: file and server are the same now, be
 * it that the server calls it otherwise than the file does. */
static json_t *
agreed_meta(const Pull *pull, const Plugin *taken, gint64 at)
{
  json_t *meta = pull->remote->meta != NULL ? json_copy(pull->remote->meta) : json_object();
  Stamp stamp = {
      .sha256 = pull->pulled->sha256,
      .name = taken->title,
      .description = taken->description,
      .version = taken->version,
      .by = (char *)"owup " OWUP_VERSION,
      .at = at,
  };
  json_object_set_new(meta, STAMP_KEY, stamp_to_json(&stamp));
  return meta;
}

/* Would another entry tell the next deploy nothing new? */
static gboolean
is_known(const Pull *pull)
{
  const HistoryEntry *last = pull->last;
  if (last == NULL || strcmp(last->digest, pull->pulled->sha256) != 0 ||
      g_strcmp0(last->name, pull->remote->name) != 0)
    return FALSE;
  json_auto_t *meta = last->meta != NULL ? json_exact_parse_text(last->meta, 0) : NULL;
  const char *description = json_string_value(json_object_get(meta, "description"));
  return g_strcmp0(description, remote_plugin_description(pull->remote)) == 0;
}

static gboolean
record(const Pull *pull, const Plugin *taken, GError **error)
{
  const PullOptions *options = pull->options;
  const RemotePlugin *remote = pull->remote;
  if (!options->record || options->dry_run || options->history == NULL || is_known(pull))
    return TRUE;
  /* The clock of the machine that made the stamp may be ahead of ours. */
  gint64 at = MAX(clock_wall_seconds(), pull->stamp != NULL ? pull->stamp->at : 0);
  json_auto_t *meta = agreed_meta(pull, taken, at);
  g_autoptr(HistoryEntry) entry =
      history_entry_of(client_url(pull->client), remote, meta, HISTORY_PULLED);
  entry->at = at;
  entry->digest = g_strdup(pull->pulled->sha256);
  return history_add(options->history, entry, remote->content, error);
}

/* The new file's path, or the file that is there although no search finds it (test_x.py). */
static char *
choose_new_file(Pull *pull, GError **error)
{
  Kind kind = KIND_TOOL;
  const RemotePlugin *remote = pull->remote;
  if (remote->family == FAMILY_FUNCTION &&
      (remote->type == NULL || !kind_parse(remote->type, &kind)))
    return owup_error_null(error, OWUP_ERROR_LOCAL_PLUGIN,
                           _("'%s' is of a kind that this owup does not know: %s"), remote->name,
                           remote->type != NULL ? remote->type : "");
  char *path = pull_path_new(pull->options->root, kind, remote->id, error);
  if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS)) {
    pull->local = plugin_load(path, NULL, error);
    if (pull->local == NULL)
      g_clear_pointer(&path, g_free);
  }
  return path;
}

/* Both sides of the merge that is now the user's, and where it can be had what they come from. */
static gboolean
write_beside(Pull *pull, const char *file, GError **error)
{
  Pulled *pulled = pull->pulled;
  const char *digest = drift_base_digest(pull->stamp, pull->last);
  g_autoptr(GBytes) base_text = NULL;
  g_autofree char *beside = pull_path_beside(file, FALSE);
  g_autofree char *base = pull_path_beside(file, TRUE);
  if (pull->options->history != NULL && digest != NULL)
    base_text = history_content(pull->options->history, digest, NULL);
  pulled->beside = plugin_show_path(beside);
  if (base_text != NULL)
    pulled->base = plugin_show_path(base);
  if (pull->options->dry_run)
    return TRUE;
  return file_write(beside, pull->remote->content, error) &&
         (base_text == NULL || file_write(base, base_text, error));
}

/* Neither git nor the history need have what the file holds now. */
static gboolean
keep_local(Pull *pull, const char *file, GError **error)
{
  g_autofree char *kept = pull_path_kept(file);
  g_autoptr(GBytes) now = file_read(file, PLUGIN_SIZE_LIMIT, error);
  if (now == NULL || (!pull->options->dry_run && !file_write(kept, now, error)))
    return FALSE;
  pull->pulled->kept = plugin_show_path(kept);
  pull->pulled->result = PULL_UPDATED;
  return TRUE;
}

/* What an earlier pull wrote beside the file, where its text is not lost with it. */
static void
remove_beside(const Pull *pull, const char *file)
{
  for (int base = 0; base <= 1; base++) {
    g_autofree char *path = pull_path_beside(file, base != 0);
    g_autoptr(GBytes) text = file_read(path, PLUGIN_SIZE_LIMIT, NULL);
    if (text == NULL)
      continue;
    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, text);
    g_autoptr(GBytes) known = pull->options->history != NULL
                                  ? history_content(pull->options->history, digest, NULL)
                                  : NULL;
    if (known != NULL || g_bytes_equal(text, pull->remote->content))
      g_unlink(path);
  }
}

/* What leaves a copy out of searches is there before the copy, so that nothing that looks meanwhile
 * and no interrupt finds two files of one id. */
static gboolean
write_ignore(const PullOptions *options, GError **error)
{
  if (options->ignore_file == NULL || g_file_test(options->ignore_file, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *folder = g_path_get_dirname(options->ignore_file);
  g_autoptr(GBytes) all = g_bytes_new_static("*\n", 2);
  if (g_mkdir_with_parents(folder, 0777) == 0)
    return file_write(options->ignore_file, all, error);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make the folder %s"), folder);
  return FALSE;
}

static gboolean
write_content(Pull *pull, const char *file, GError **error)
{
  const PullOptions *options = pull->options;
  if (pull->pulled->result == PULL_UNCHANGED)
    return TRUE;
  if (pull->pulled->result == PULL_CONFLICT)
    return write_beside(pull, file, error);
  if (!options->dry_run && !write_ignore(options, error))
    return FALSE;
  g_autofree char *meant = pull_path_resolve(options->root, file, !options->dry_run, error);
  return meant != NULL && (options->dry_run || file_write(meant, pull->remote->content, error));
}

static gboolean
write_valves(Pull *pull, const char *file, GError **error)
{
  const RemotePlugin *remote = pull->remote;
  if (!pull->options->valves || !pull_id_check(remote->id, error))
    return !pull->options->valves;
  json_auto_t *valves = client_valves(pull->client, remote->family, remote->id, error);
  if (*error != NULL)
    return FALSE;
  /* The server's own description of them would run the code, and may switch it off. */
  json_auto_t *marks = valve_marks_read(remote->content);
  if (marks == NULL && json_object_size(valves) == 0)
    return TRUE;
  valve_secret_teach(client_redactor(pull->client), marks, valves);
  json_auto_t *masked = valve_mask(valves, marks);
  g_autofree char *text = json_text(masked, JSON_INDENT(2));
  g_autofree char *lines = g_strconcat(text, "\n", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new(lines, strlen(lines));
  g_autofree char *path = pull_path_valves(file, remote->id);
  pull->pulled->valves_file = plugin_show_path(path);
  return pull->options->dry_run || file_write(path, bytes, error);
}

/* FALSE: nothing was written. */
static gboolean
take_content(Pull *pull, char **file, GError **error)
{
  Pulled *pulled = pull->pulled;
  if (pull->local == NULL)
    *file = choose_new_file(pull, error);
  else
    *file = g_canonicalize_filename(pull->local->file, NULL);
  if (*file == NULL)
    return FALSE;
  pulled->file = plugin_show_path(*file);
  pulled->version_before = g_strdup(pull->local != NULL ? pull->local->version : NULL);
  pulled->result = decide(pull);
  if (pulled->result == PULL_CONFLICT && pull->options->force && !keep_local(pull, *file, error))
    return FALSE;
  return write_content(pull, *file, error);
}

static void
carry_out(Pull *pull)
{
  Pulled *pulled = pull->pulled;
  g_autofree char *file = NULL;
  if (!take_content(pull, &file, &pulled->error)) {
    pulled->result = PULL_FAILED;
    return;
  }
  g_autoptr(Plugin) taken = plugin_from_bytes(pulled->file, pull->remote->content, NULL);
  pulled->version = g_strdup(taken->version);
  if (pulled->result == PULL_CREATED && strcmp(taken->id, pulled->id) != 0)
    pulled->own_id = g_strdup(taken->id);
  pulled->unseen = pulled->result == PULL_CREATED && g_str_has_prefix(pulled->id, "test_");
  if (pulled->result != PULL_CONFLICT && !record(pull, taken, &pulled->error))
    return;
  if (pulled->result != PULL_CONFLICT && !pull->options->dry_run)
    remove_beside(pull, file);
  write_valves(pull, file, &pulled->error);
}

Pulled *
pull_one(Client *client, const PullOptions *options, Plugin *local, const RemotePlugin *remote)
{
  Pull pull = {client, options, local != NULL ? plugin_ref(local) : NULL, remote};
  pull.stamp = stamp_read(remote->meta);
  /* Without it nothing counts as deployed, so nothing is overwritten. */
  if (options->history != NULL)
    pull.last =
        history_last_agreed(options->history, client_url(client), remote->family, remote->id, NULL);
  pull.pulled = pulled_new(remote);
  pull.pulled->dry_run = options->dry_run;
  pull.pulled->server = g_strdup(client_url(client));
  pull.pulled->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, remote->content);
  carry_out(&pull);
  g_clear_pointer(&pull.local, plugin_unref);
  stamp_free(pull.stamp);
  history_entry_free(pull.last);
  return pull.pulled;
}
