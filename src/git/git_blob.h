/* SPDX-License-Identifier: MIT */
/* The id by which git knows a file's text. */
#pragma once

#include "git_process.h"

#include <glib.h>

/* SHA-1 (SHA-256 with `sha256`) of a blob of just these bytes. Owned by the caller. */
char *git_blob_hash(const char *text, gsize len, gboolean sha256);

/* What git would store of `text` for `file` ("-" or NULL: no file), after its conversion of line
 * ends, $Id$ and encodings. Computed here; git is asked only where one of these may apply. A
 * program that an attribute names (filter) is not run: then, and where git fails, it is NULL. Owned
 * by the caller. */
char *git_blob_of_file(GitBudget *budget, const char *file, GBytes *text);
