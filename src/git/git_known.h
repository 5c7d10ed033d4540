/* SPDX-License-Identifier: MIT */
/* Is a text part of what this checkout was made from? */
#pragma once

#include "git_process.h"

#include <glib.h>

typedef enum {
  GIT_KNOWN_NOT,       /* nothing is known: no checkout, no answer, or git never had this text */
  GIT_KNOWN_HISTORY,   /* it is in the history of HEAD, there or at another place */
  GIT_KNOWN_ELSEWHERE, /* the repository has it, but not in the history of HEAD */
} GitKnown;

/* For the text with the id `blob`, of the file that `file` is now; where that id is NULL, or of
 * another kind than this repository's, those of `text` count, with line ends as they are and as \n.
 * In a shallow clone only a yes counts. */
GitKnown git_known(GitBudget *budget, const char *file, const char *blob, GBytes *text);
