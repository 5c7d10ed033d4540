/* One question to git. */
#pragma once

#include <glib.h>

/* What `git ARGS...` (NULL-terminated) says in `folder`. NULL: git is missing, slower than
 * GIT_ANSWER_MS, or says too much. An error of git's is "". Nothing that the repository's own
 * settings name is run. Owned by the caller. */
char *git_answer(const char *folder, const char *const *args);
