/* SPDX-License-Identifier: MIT */
/* What the last commit holds. */
#pragma once

#include "git_process.h"

#include <glib.h>

typedef enum {
  GIT_TREE_UNKNOWN, /* no checkout, no commit, or git does not say */
  GIT_TREE_CLEAN,   /* the commit has this text in its place */
  GIT_TREE_DIRTY,   /* another one, or none */
} GitTreeState;

/* Has the last commit the text with the id `blob` (NULL: not known) where `file` lies? Git is asked
 * once a commit, for all files. Any thread. */
GitTreeState git_tree_state(GitBudget *budget, const char *file, const char *blob);
