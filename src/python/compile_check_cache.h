/* SPDX-License-Identifier: MIT */
/* Answers of a python3, kept. Private to the check.
 *
 * One small file an answer below $XDG_CACHE_HOME/owup/pycheck, for this user alone, at most a few
 * hundred. Whatever fails here only costs time.
 */
#pragma once

#include <glib.h>

/* What the answer depends on: the text and the interpreter's own file (path, size, time). NULL
 * where that file says nothing of what runs: it is a script that picks an interpreter (pyenv,
 * asdf), or cannot be read. Owned by the caller. */
char *compile_check_cache_key(const char *python, GBytes *text);

/* The answer kept under the key, or NULL. Owned by the caller. */
char *compile_check_cache_load(const char *key);
void compile_check_cache_store(const char *key, const char *answer);
