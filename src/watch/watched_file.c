/* SPDX-License-Identifier: MIT */
#include "watched_file.h"

#include "error.h"
#include "preflight.h"

#include <glib/gi18n.h>
#include <string.h>

static void
file_free(gpointer data)
{
  WatchedFile *file = data;
  debounce_free(file->save);
  g_clear_pointer(&file->plugin, plugin_unref);
  g_free(file->digest);
  g_clear_error(&file->error);
  g_free(file->sending.looked);
  g_clear_pointer(&file->sending.sent, plugin_unref);
  watched_file_settle(file, NULL);
  g_free(file->settled);
  g_free(file->told);
  g_free(file->live);
  g_free(file);
}

/* Is what the file holds what was read of it? */
static gboolean
holds_plugin(gpointer data)
{
  const WatchedFile *file = data;
  if (file->plugin == NULL || file->error != NULL)
    return FALSE;
  g_autoptr(GBytes) content = plugin_read(file->save->path, NULL);
  return content != NULL && g_bytes_equal(content, file->plugin->content);
}

static void
read_plugin(gpointer data)
{
  WatchedFile *file = data;
  g_clear_error(&file->error);
  Plugin *plugin = plugin_load(file->save->path, NULL, &file->error);
  if (plugin == NULL)
    return;
  g_clear_pointer(&file->plugin, plugin_unref);
  g_free(file->digest);
  file->plugin = plugin;
  file->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plugin->stored);
}

WatchedFiles *
watched_files_new(const DebounceHooks *hooks, gpointer owner)
{
  WatchedFiles *files = g_new0(WatchedFiles, 1);
  files->table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
  files->hooks = *hooks;
  files->hooks.is_same = holds_plugin;
  files->hooks.read = read_plugin;
  files->owner = owner;
  return files;
}

void
watched_files_free(WatchedFiles *files)
{
  if (files == NULL)
    return;
  g_hash_table_unref(files->table);
  g_free(files);
}

WatchedFile *
watched_files_add(WatchedFiles *files, const char *path, Plugin *plugin, gint64 since)
{
  WatchedFile *file = g_new0(WatchedFile, 1);
  file->files = files;
  file->save = debounce_new(path, &files->hooks, file);
  debounce_set_read(file->save, TRUE);
  g_hash_table_replace(files->table, file->save->path, file);
  if (plugin == NULL) {
    read_plugin(file);
    return file;
  }
  file->plugin = plugin_ref(plugin);
  watched_file_settle(file, plugin->content);
  if (file_signature_since(&file->save->mark, since) && !holds_plugin(file))
    debounce_set_read(file->save, FALSE);
  return file;
}

WatchedFile *
watched_files_find(const WatchedFiles *files, const char *path)
{
  return g_hash_table_lookup(files->table, path);
}

void
watched_files_foreach(const WatchedFiles *files, void (*func)(WatchedFile *file, gpointer data),
                      gpointer data)
{
  GHashTableIter at;
  gpointer value;
  g_hash_table_iter_init(&at, files->table);
  while (g_hash_table_iter_next(&at, NULL, &value))
    func(value, data);
}

static void
check(WatchedFile *file, gpointer data)
{
  if (file->save->timer == 0)
    watched_file_touch(file, SAVE_UNTOLD_US);
}

void
watched_files_check(const WatchedFiles *files)
{
  watched_files_foreach(files, check, NULL);
}

void
watched_file_touch(WatchedFile *file, gint64 quiet)
{
  if (!file->left_out)
    debounce_touch(file->save, quiet);
}

void
watched_file_leave(WatchedFile *file)
{
  debounce_stop(file->save);
  file->left_out = TRUE;
}

void
watched_file_rejoin(WatchedFile *file)
{
  file->left_out = FALSE;
  debounce_set_read(file->save, TRUE);
  read_plugin(file);
}

void
watched_file_settle(WatchedFile *file, GBytes *content)
{
  g_clear_pointer(&file->known, g_bytes_unref);
  file->known = content != NULL ? g_bytes_ref(content) : NULL;
}

static gboolean
is_same_plugin(const Plugin *a, const Plugin *b)
{
  return a != NULL && b != NULL && kind_family(a->kind) == kind_family(b->kind) &&
         strcmp(a->id, b->id) == 0;
}

void
watched_file_settle_plugin(WatchedFile *file, const Plugin *plugin)
{
  GHashTableIter at;
  gpointer value;
  watched_file_settle(file, plugin->content);
  g_hash_table_iter_init(&at, file->files->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    WatchedFile *other = value;
    if (other != file && is_same_plugin(other->plugin, plugin))
      watched_file_settle(other, plugin->content);
  }
}

gboolean
watched_file_is_settled(const WatchedFile *file)
{
  return file->known != NULL && file->plugin != NULL && file->error == NULL &&
         g_bytes_equal(file->known, file->plugin->content);
}

static void
copy_text(char **to, const char *text)
{
  g_free(*to);
  *to = g_strdup(text);
}

void
watched_file_follow(WatchedFile *file, const WatchedFile *left)
{
  watched_file_settle(file, left->known);
  copy_text(&file->settled, left->settled);
  copy_text(&file->told, left->told);
  copy_text(&file->live, left->live);
  file->conflict = left->conflict;
  file->created = left->created;
}

/* The file system is asked: of a rename the new name may be dealt with before the old one. */
static WatchedFile *
find_same(const WatchedFile *file, gboolean there)
{
  GHashTableIter at;
  gpointer value;
  g_hash_table_iter_init(&at, file->files->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    WatchedFile *other = value;
    if (other != file && !other->save->gone && !other->left_out &&
        is_same_plugin(other->plugin, file->plugin) &&
        file_signature_of(other->save->path).there == there)
      return other;
  }
  return NULL;
}

WatchedFile *
watched_file_twin(const WatchedFile *file)
{
  return find_same(file, TRUE);
}

WatchedFile *
watched_file_left(const WatchedFile *file)
{
  return find_same(file, FALSE);
}

static Outcome *
refuse(const WatchedFile *file, const char *server, GError *error)
{
  Outcome *outcome = outcome_new(file->plugin, server);
  outcome->result = RESULT_INVALID;
  outcome->error = error;
  return outcome;
}

static Outcome *
refuse_broken(const WatchedFile *file, const char *server)
{
  const Diagnostic *first = g_ptr_array_index(file->plugin->diagnostics, 0);
  Outcome *outcome = refuse(file, server,
                            owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("'%s' was not sent: %s"),
                                           plugin_label(file->plugin), first->message));
  preflight_take_diagnostics(file->plugin, outcome->diagnostics);
  return outcome;
}

Outcome *
watched_file_invalid(const WatchedFile *file, gboolean no_check, const char *server)
{
  if (file->error != NULL)
    return outcome_new_unresolved(file->save->path, g_error_copy(file->error));
  if (preflight_blocks(file->plugin, no_check))
    return refuse_broken(file, server);
  const WatchedFile *twin = watched_file_twin(file);
  if (twin == NULL)
    return NULL;
  GError *error = owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("%s and %s have the same id '%s'"),
                                 file->plugin->file, twin->plugin->file, file->plugin->id);
  owup_error_set_hint(error, _("Give one of them another, with an \"id:\" line in its docstring."));
  return refuse(file, server, error);
}

/* What was told is remembered of the plugin, not of the file, which may hold another one now. */
static void
remember_whose(WatchedFile *file, const Plugin *plugin)
{
  g_autofree char *told =
      g_strconcat(family_path(kind_family(plugin->kind)), "/", plugin->id, NULL);
  if (g_strcmp0(told, file->told) == 0)
    return;
  g_free(file->told);
  file->told = g_steal_pointer(&told);
  file->conflict = FALSE;
  file->created = FALSE;
  g_clear_pointer(&file->live, g_free);
}

static void
remember(WatchedFile *file, const Outcome *outcome)
{
  file->conflict = outcome->result == RESULT_CONFLICT;
  file->created = file->created || outcome->result == RESULT_CREATED;
  if (outcome->plugin == NULL || !outcome_ok(outcome))
    return;
  g_free(file->settled);
  file->settled = g_strdup(outcome->sha256);
  g_free(file->live);
  file->live = g_strdup(outcome->id != NULL ? outcome->id : outcome->plugin->id);
}

WatchSaid
watched_file_announce(WatchedFile *file, const Outcome *outcome)
{
  WatchSaid said = 0;
  if (outcome->plugin != NULL)
    remember_whose(file, outcome->plugin);
  if (outcome->result == RESULT_CONFLICT && file->conflict)
    said = WATCH_REPEATED;
  else if (outcome->result == RESULT_CREATED && !file->created)
    said = WATCH_FIRST_CREATE;
  remember(file, outcome);
  return said;
}
