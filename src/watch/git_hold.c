/* SPDX-License-Identifier: MIT */
#include "git_hold.h"

#include "clock.h"
#include "git_work.h"
#include "watch_times.h"

struct GitHold {
  const GitHoldHooks *hooks;
  gpointer data;
  guint timer;
  gint64 since; /* when the first began to wait; 0: none does */
  gboolean told;
};

GitHold *
git_hold_new(const GitHoldHooks *hooks, gpointer data)
{
  GitHold *hold = g_new0(GitHold, 1);
  hold->hooks = hooks;
  hold->data = data;
  return hold;
}

void
git_hold_free(GitHold *hold)
{
  if (hold == NULL)
    return;
  git_hold_clear(hold);
  g_free(hold);
}

typedef struct {
  const WatchedFile *file;
  const char *dir;
  gboolean found;
} Company;

static void
find_company(WatchedFile *other, gpointer data)
{
  Company *company = data;
  const WatchedFile *file = company->file;
  gint64 apart = ABS(other->sending.saved_at - file->sending.saved_at);
  gboolean saved = other->sending.saved_at != 0 && apart <= WATCH_TOGETHER_US;
  if (company->found || other == file || other->left_out ||
      (!saved && !debounce_is_open(other->save)))
    return;
  g_autofree char *dir = git_work_dir(other->save->path);
  company->found = g_strcmp0(dir, company->dir) == 0;
}

/* Did others of its repository change with it? */
static gboolean
is_one_of_many(const WatchedFile *file, const char *dir)
{
  Company company = {file, dir, FALSE};
  if (file->sending.saved_at != 0)
    watched_files_foreach(file->files, find_company, &company);
  return company.found;
}

void
git_hold_saved(WatchedFile *file)
{
  file->sending.saved_at = clock_now();
  g_autofree char *dir = file->sending.held ? git_work_dir(file->save->path) : NULL;
  file->sending.alone = dir != NULL && !is_one_of_many(file, dir);
}

static gboolean
on_timer(gpointer data)
{
  GitHold *hold = data;
  hold->timer = 0;
  hold->hooks->again(hold->data);
  return G_SOURCE_REMOVE;
}

static void
wait_on(GitHold *hold, const WatchedFile *file, const char *lock)
{
  gint64 now = clock_now();
  if (hold->since == 0)
    hold->since = now;
  if (!hold->told && now - hold->since >= (gint64)WATCH_GIT_TOLD_MS * 1000) {
    hold->told = TRUE;
    hold->hooks->waiting(file, lock, hold->data);
  }
  if (hold->timer == 0)
    hold->timer = clock_timer(WATCH_GIT_MS, on_timer, hold);
}

gboolean
git_hold_keeps(GitHold *hold, WatchedFile *file)
{
  g_autofree char *dir = git_work_dir(file->save->path);
  if (dir == NULL)
    return FALSE;
  g_autofree char *lock = git_work_lock(dir);
  g_autofree char *midway = lock == NULL ? git_work_midway(dir) : NULL;
  gboolean many =
      midway != NULL && !file->sending.alone && (file->sending.held || is_one_of_many(file, dir));
  if (lock == NULL && !many)
    return FALSE;
  file->sending.held = TRUE;
  wait_on(hold, file, lock != NULL ? lock : midway);
  return TRUE;
}

void
git_hold_clear(GitHold *hold)
{
  if (hold->timer != 0)
    g_source_remove(hold->timer);
  hold->timer = 0;
  hold->since = 0;
  hold->told = FALSE;
}
