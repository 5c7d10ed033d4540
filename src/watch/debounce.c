#include "debounce.h"

#include "clock.h"
#include "watch_times.h"

#include <string.h>

struct Debounce {
  GHashTable *table; /* path -> WatchedFile */
  const DebounceHooks *hooks;
  gpointer data;
  gboolean stopped;
};

static void
watched_file_free(gpointer data)
{
  WatchedFile *file = data;
  if (file->timer != 0)
    g_source_remove(file->timer);
  g_clear_pointer(&file->plugin, plugin_unref);
  g_free(file->digest);
  g_clear_error(&file->error);
  g_free(file->looked);
  g_free(file->settled);
  g_free(file->told);
  g_free(file->live);
  g_free(file->path);
  g_free(file);
}

Debounce *
debounce_new(const DebounceHooks *hooks, gpointer data)
{
  Debounce *debounce = g_new0(Debounce, 1);
  debounce->table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, watched_file_free);
  debounce->hooks = hooks;
  debounce->data = data;
  return debounce;
}

void
debounce_free(Debounce *debounce)
{
  if (debounce == NULL)
    return;
  g_hash_table_unref(debounce->table);
  g_free(debounce);
}

/* Is what the file holds what was read of it? */
static gboolean
holds_plugin(const WatchedFile *file)
{
  g_autoptr(GBytes) content = plugin_read(file->path, NULL);
  return content != NULL && g_bytes_equal(content, file->plugin->content);
}

WatchedFile *
debounce_add(Debounce *debounce, const char *path, Plugin *plugin, gint64 since)
{
  WatchedFile *file = g_new0(WatchedFile, 1);
  file->owner = debounce;
  file->path = g_strdup(path);
  g_hash_table_replace(debounce->table, file->path, file);
  if (plugin == NULL) {
    debounce_read(file);
    return file;
  }
  file->mark = file_signature_of(path);
  file->plugin = plugin_ref(plugin);
  if (file_signature_since(&file->mark, since) && !holds_plugin(file))
    file->mark = (FileSignature){0};
  return file;
}

void
debounce_leave(WatchedFile *file)
{
  if (file->timer != 0)
    g_source_remove(file->timer);
  file->timer = 0;
  file->left_out = TRUE;
}

void
debounce_rejoin(WatchedFile *file)
{
  file->left_out = FALSE;
  file->gone = FALSE;
  debounce_read(file);
}

WatchedFile *
debounce_find(const Debounce *debounce, const char *path)
{
  return g_hash_table_lookup(debounce->table, path);
}

gboolean
debounce_is_stale(const WatchedFile *file)
{
  FileSignature mark = file_signature_of(file->path);
  return !file_signature_equal(&mark, &file->mark);
}

void
debounce_read(WatchedFile *file)
{
  file->mark = file_signature_of(file->path);
  g_clear_error(&file->error);
  Plugin *plugin = plugin_load(file->path, NULL, &file->error);
  if (plugin == NULL)
    return;
  g_clear_pointer(&file->plugin, plugin_unref);
  g_free(file->digest);
  file->plugin = plugin;
  file->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plugin->stored);
}

static gboolean on_timer(gpointer data);

static void
arm(WatchedFile *file, gint64 us)
{
  file->timer = clock_timer((guint)((us + 999) / 1000), on_timer, file);
}

static void
finish_change(WatchedFile *file)
{
  Debounce *debounce = file->owner;
  gboolean was_gone = file->gone;
  file->gone = !file->changing.there;
  file->mark = file->changing;
  g_clear_pointer(&file->looked, g_free);
  if (!file->gone)
    debounce->hooks->saved(file, debounce->data);
  else if (!was_gone)
    debounce->hooks->gone(file, debounce->data);
}

static void
see_change(WatchedFile *file, gint64 now)
{
  FileSignature mark = file_signature_of(file->path);
  if (file_signature_equal(&mark, &file->changing))
    return;
  file->changing = mark;
  file->absent = file->absent || !mark.there;
  file->changed_at = mark.there ? file_signature_when(&mark, now, SAVE_QUIET_US) : now;
  file->written_at = mark.there ? file_signature_when(&mark, now, SAVE_REACH_US) : now;
}

static gint64
needed_quiet(const WatchedFile *file)
{
  if (!file->changing.there)
    return SAVE_GONE_US;
  return file->changing.size == 0 ? SAVE_OPEN_US : file->quiet;
}

static gboolean
on_timer(gpointer data)
{
  WatchedFile *file = data;
  gint64 now = clock_now();
  file->timer = 0;
  see_change(file, now);
  gint64 quiet = now - file->changed_at;
  gint64 needed = needed_quiet(file);
  gboolean unread = file->changing.there && !file_signature_equal(&file->mark, &file->changing);
  gint64 to_read = needed - SAVE_READ_US;
  if (unread && quiet >= to_read) {
    debounce_read(file);
    file->owner->hooks->changing(file, file->owner->data);
    arm(file, MAX(needed - (clock_now() - file->changed_at), 0));
  } else if (quiet >= needed) {
    finish_change(file);
  } else {
    arm(file, (unread ? to_read : needed) - quiet);
  }
  return G_SOURCE_REMOVE;
}

/* The time of change alone proves nothing: some tools write and then set the other time back. */
static gboolean
is_only_touched(const WatchedFile *file, const FileSignature *mark)
{
  return mark->there && file->plugin != NULL && file->error == NULL &&
         file_signature_alike(mark, &file->mark) && holds_plugin(file);
}

void
debounce_touch(WatchedFile *file, gint64 quiet)
{
  gint64 now = clock_now();
  if (file->owner->stopped || file->left_out)
    return;
  if (file->timer != 0) {
    see_change(file, now);
    if (quiet < file->quiet) {
      g_source_remove(file->timer);
      arm(file, 0);
    }
    file->quiet = quiet;
    return;
  }
  FileSignature mark = file_signature_of(file->path);
  if (file_signature_equal(&mark, &file->mark))
    return;
  if (is_only_touched(file, &mark)) {
    file->mark = mark;
    return;
  }
  file->quiet = quiet;
  file->changing = (FileSignature){0};
  file->absent = !mark.there;
  file->changed_at = now;
  see_change(file, now);
  arm(file, 0);
  if (file->changing.there)
    file->owner->hooks->changing(file, file->owner->data);
}

void
debounce_check(Debounce *debounce)
{
  GHashTableIter at;
  gpointer value;
  g_hash_table_iter_init(&at, debounce->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    WatchedFile *file = value;
    if (file->timer == 0)
      debounce_touch(file, SAVE_UNTOLD_US);
  }
}

/* The file system is asked: of a rename the new name may be dealt with before the old one. */
static WatchedFile *
find_same(const Debounce *debounce, const WatchedFile *file, gboolean there)
{
  GHashTableIter at;
  gpointer value;
  g_hash_table_iter_init(&at, debounce->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    WatchedFile *other = value;
    if (other != file && other->plugin != NULL && !other->gone && !other->left_out &&
        kind_family(other->plugin->kind) == kind_family(file->plugin->kind) &&
        strcmp(other->plugin->id, file->plugin->id) == 0 &&
        file_signature_of(other->path).there == there)
      return other;
  }
  return NULL;
}

WatchedFile *
debounce_find_twin(const Debounce *debounce, const WatchedFile *file)
{
  return find_same(debounce, file, TRUE);
}

WatchedFile *
debounce_find_left(const Debounce *debounce, const WatchedFile *file)
{
  return find_same(debounce, file, FALSE);
}

void
debounce_foreach(const Debounce *debounce, void (*func)(WatchedFile *file, gpointer data),
                 gpointer data)
{
  GHashTableIter at;
  gpointer value;
  g_hash_table_iter_init(&at, debounce->table);
  while (g_hash_table_iter_next(&at, NULL, &value))
    func(value, data);
}

gboolean
debounce_is_open(const WatchedFile *file)
{
  return file->queued || (file->timer != 0 && file->changing.there);
}

guint
debounce_count_open(const Debounce *debounce)
{
  GHashTableIter at;
  gpointer value;
  guint n = 0;
  g_hash_table_iter_init(&at, debounce->table);
  while (g_hash_table_iter_next(&at, NULL, &value))
    n += debounce_is_open(value) ? 1 : 0;
  return n;
}

void
debounce_stop(Debounce *debounce)
{
  GHashTableIter at;
  gpointer value;
  debounce->stopped = TRUE;
  g_hash_table_iter_init(&at, debounce->table);
  while (g_hash_table_iter_next(&at, NULL, &value)) {
    WatchedFile *file = value;
    if (file->timer != 0)
      g_source_remove(file->timer);
    file->timer = 0;
  }
}
