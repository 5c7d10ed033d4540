/* SPDX-License-Identifier: MIT */
#include "debounce.h"

#include "clock.h"
#include "watch_times.h"

Debounce *
debounce_new(const char *path, const DebounceHooks *hooks, gpointer owner)
{
  Debounce *save = g_new0(Debounce, 1);
  save->path = g_strdup(path);
  save->hooks = hooks;
  save->owner = owner;
  return save;
}

void
debounce_free(Debounce *save)
{
  debounce_stop(save);
  g_free(save->path);
  g_free(save);
}

void
debounce_set_read(Debounce *save, gboolean read)
{
  save->gone = FALSE;
  save->mark = read ? file_signature_of(save->path) : (FileSignature){0};
}

void
debounce_stop(Debounce *save)
{
  if (save->timer != 0)
    g_source_remove(save->timer);
  save->timer = 0;
}

gboolean
debounce_is_stale(const Debounce *save)
{
  FileSignature mark = file_signature_of(save->path);
  return !file_signature_equal(&mark, &save->mark);
}

gboolean
debounce_is_open(const Debounce *save)
{
  return save->timer != 0 && save->changing.there;
}

static gboolean on_timer(gpointer data);

static void
arm(Debounce *save, gint64 us)
{
  save->timer = clock_timer((guint)((us + 999) / 1000), on_timer, save);
}

static void
tell_changing(const Debounce *save)
{
  if (save->hooks->changing != NULL)
    save->hooks->changing(save->owner);
}

/* Nobody wrote it: a file that is written is younger than it was. */
static gboolean
is_as_old(const Debounce *save)
{
  return save->before.there && save->before.size == save->changing.size &&
         save->before.modified == save->changing.modified;
}

static void
finish_change(Debounce *save)
{
  gboolean was_gone = save->gone;
  save->returned = was_gone || is_as_old(save);
  save->gone = !save->changing.there;
  save->mark = save->changing;
  if (!save->gone)
    save->hooks->saved(save->owner);
  else if (!was_gone)
    save->hooks->gone(save->owner);
}

static void
see_change(Debounce *save, gint64 now)
{
  FileSignature mark = file_signature_of(save->path);
  if (file_signature_equal(&mark, &save->changing))
    return;
  save->changing = mark;
  save->absent = save->absent || !mark.there;
  save->changed_at = mark.there ? file_signature_when(&mark, now, SAVE_QUIET_US) : now;
  save->written_at = mark.there ? file_signature_when(&mark, now, SAVE_REACH_US) : now;
}

static gint64
needed_quiet(const Debounce *save)
{
  if (!save->changing.there)
    return SAVE_GONE_US;
  return save->changing.size == 0 ? SAVE_OPEN_US : save->quiet;
}

static gboolean
is_unread(const Debounce *save)
{
  return save->hooks->read != NULL && save->changing.there &&
         !file_signature_equal(&save->mark, &save->changing);
}

static gboolean
on_timer(gpointer data)
{
  Debounce *save = data;
  gint64 now = clock_now();
  save->timer = 0;
  see_change(save, now);
  gint64 quiet = now - save->changed_at;
  gint64 needed = needed_quiet(save);
  gboolean unread = is_unread(save);
  gint64 to_read = needed - SAVE_READ_US;
  if (unread && quiet >= to_read) {
    save->mark = file_signature_of(save->path);
    save->hooks->read(save->owner);
    tell_changing(save);
    arm(save, MAX(needed - (clock_now() - save->changed_at), 0));
  } else if (quiet >= needed) {
    finish_change(save);
  } else {
    arm(save, (unread ? to_read : needed) - quiet);
  }
  return G_SOURCE_REMOVE;
}

/* The time of change alone proves nothing: some tools write and then set the other time back. */
static gboolean
is_only_touched(const Debounce *save, const FileSignature *mark)
{
  return mark->there && file_signature_alike(mark, &save->mark) && save->hooks->is_same != NULL &&
         save->hooks->is_same(save->owner);
}

static void
touch_again(Debounce *save, gint64 quiet)
{
  see_change(save, clock_now());
  if (quiet < save->quiet) {
    g_source_remove(save->timer);
    arm(save, 0);
  }
  save->quiet = quiet;
}

void
debounce_touch(Debounce *save, gint64 quiet)
{
  if (save->timer != 0) {
    touch_again(save, quiet);
    return;
  }
  FileSignature mark = file_signature_of(save->path);
  if (file_signature_equal(&mark, &save->mark))
    return;
  if (is_only_touched(save, &mark)) {
    save->mark = mark;
    return;
  }
  gint64 now = clock_now();
  save->quiet = quiet;
  save->changing = (FileSignature){0};
  save->before = save->mark;
  save->absent = !mark.there;
  save->changed_at = now;
  see_change(save, now);
  arm(save, 0);
  if (save->changing.there)
    tell_changing(save);
}
