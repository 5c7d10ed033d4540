/* SPDX-License-Identifier: MIT */
/* What somebody else did to the plugin on the server, and whether it may be overwritten. */
#pragma once

#include "deployment.h"

typedef struct {
  const char
      *name; /* what is to be sent: the file's or the server's; NULL: payload_new()'s choice */
  const char *description;
  gboolean name_kept, description_kept; /* changed on the server only */
  gboolean conflict;                    /* changed on both sides */
} ConflictWords;

/* Merges name and description, each by itself, with what the file had at our last write. Strings
 * belong to `d`. */
void conflict_merge(const Deployment *d, ConflictWords *words);

/* May the content on the server be overwritten? FALSE: the outcome is a conflict. A difference that
 * only the web editor's formatter made is none. `words_conflict`: name or description changed on
 * both sides. */
gboolean conflict_check(Deployment *d, gboolean words_conflict);
