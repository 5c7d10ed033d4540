/* SPDX-License-Identifier: MIT */
/* Saves that wait until git has ended: what a checkout or a rebase leaves half-way is nobody's. */
#pragma once

#include "watched_file.h"

typedef struct GitHold GitHold;

/* Each is given `data`. */
typedef struct {
  /* Ask again: git may have ended. */
  void (*again)(gpointer data);
  /* It lasts: `file` waits for what `lock` (a path) shows. Once until nothing waits any more. */
  void (*waiting)(const WatchedFile *file, const char *lock, gpointer data);
} GitHoldHooks;

/* `hooks` and `data` outlive it. */
GitHold *git_hold_new(const GitHoldHooks *hooks, gpointer data);
void git_hold_free(GitHold *hold);

/* A save of the file is complete. One that was saved alone does not wait for a rebase that stands
 * still. */
void git_hold_saved(WatchedFile *file);

/* Must it wait? `again` is then called after a while. Any file does while git holds its lock, those
 * that changed at once until the rebase or merge has ended, too. */
gboolean git_hold_keeps(GitHold *hold, WatchedFile *file);
/* Nothing waits any more. */
void git_hold_clear(GitHold *hold);
