/* SPDX-License-Identifier: MIT */
/* Who else gets to see the file that holds the key. */
#pragma once

#include <glib.h>

/* What is wrong with the file at `path` (absolute, links resolved), as warnings (char *) added to
 * `notes`: git tracks it or would add it, with the line for .gitignore; others on this machine can
 * read it. `shown` is its name for a person. Git is asked only below a .git; where it is missing,
 * fails or is slow, nothing is said of it. */
void key_exposure_check(const char *path, const char *shown, GPtrArray *notes);
