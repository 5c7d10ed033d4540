/* SPDX-License-Identifier: MIT */
/* Is git at work on a folder's files? Only the file system is asked. */
#pragma once

#include <glib.h>

/* The git directory of the work tree that holds `path` (absolute), or NULL: none. Owned by the
 * caller. */
char *git_work_dir(const char *path);

/* The file of git directory `dir` that shows that git writes at this moment, or NULL. Owned by the
 * caller. */
char *git_work_lock(const char *dir);

/* That shows a rebase or merge under way, which may wait for somebody; or NULL. Owned by the
 * caller.
 */
char *git_work_midway(const char *dir);
