/* SPDX-License-Identifier: MIT */
/* Is the local history in order? What is not is mended where it can be, and told. */
#pragma once

#include "history.h"

typedef struct {
  guint entries;   /* that are there now */
  char *moved;     /* where the damaged database was moved to; NULL: it was none */
  guint salvaged;  /* rows that were read from it */
  GPtrArray *lost; /* of HistoryEntry: versions whose text is damaged or gone; they are removed */
} HistoryCheck;

/* `dir`: its folder. NULL with OWUP_ERROR_LOCAL_STATE: in use, newer, not to be written. */
HistoryCheck *history_check(const char *dir, GError **error);
void history_check_free(HistoryCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryCheck, history_check_free)
