/* SPDX-License-Identifier: MIT */
/* Asking git. Only git's own programs run: no hook, monitor, filter, signature check or pager that
 * a repository names, and nothing is fetched, also where a clone lacks objects. */
#pragma once

#include <glib.h>

/* What one deploy has spent on git: beyond GIT_MS nothing more is asked. Begins as {0}. */
typedef struct {
  gint64 spent; /* microseconds of the program's time */
} GitBudget;

/* Runs `git WORDS` in `folder`, with `input` (NULL: none) to read. What it wrote, owned by the
 * caller, where it ended with status 0; NULL: there is no git, it failed or refused, or it was too
 * slow. Any thread. */
GString *git_process_ask(GitBudget *budget, const char *folder, const char *const *words,
                         GBytes *input);
