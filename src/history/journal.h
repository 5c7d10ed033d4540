/* SPDX-License-Identifier: MIT */
/* Open writes. A row is committed before each write to a server and removed once the write was
 * verified or repaired; a row whose lock is free belongs to an owup that died in between, and the
 * next owup settles it. */
#pragma once

#include "history.h"

/* The numbers are stored. */
typedef enum {
  JOURNAL_UPDATE,
  JOURNAL_CREATE,
  JOURNAL_UNDELETE, /* a create of what a rollback brings back; open until valves and flags are,
                       too. Older programs take it for a create. */
} JournalAction;

typedef struct {
  gint64 row;
  char *batch; /* random word shared by an --atomic batch, NULL else */
  char *server;
  Family family;
  char *id;
  char *title;
  JournalAction action;
  char *digest_before;           /* NULL: nothing was there */
  char *digest_after;            /* what the write makes it, NULL: gone */
  gboolean is_active, is_global; /* at the look; JOURNAL_UNDELETE: as they are to be */
  gint64 server_date;            /* the server's Date at the look, seconds since 1970, 0 unknown */
  gint64 started_at;             /* our clock, seconds since 1970 */
  char *before;                  /* JSON text {name, meta} of what was there, for undoing, with the
                                    stamp that was sent as JOURNAL_STAMP and, for JOURNAL_UNDELETE,
                                    the history's row that keeps the valves as
                                    JOURNAL_VALVES_OF; NULL */
  int patience_s; /* how long its owup was ready to wait for the server: the write's window, in
                     seconds */
} JournalRow;

#define JOURNAL_STAMP "stamp"
#define JOURNAL_VALVES_OF "valves_of"

void journal_row_free(JournalRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalRow, journal_row_free)

/* Commits the row; sets row->row, and row->started_at where it is 0. The content of digest_before
 * stays in the history at least as long as the row. */
gboolean journal_begin(History *history, JournalRow *row, GError **error);
/* These do nothing where the row is gone. A row's number is never given again. */
gboolean journal_end(History *history, gint64 row, GError **error);
gboolean journal_end_batch(History *history, const char *batch, GError **error);
/* The write is gone on with: its window, which begins where it did, lasts so much longer. */
gboolean journal_take_up(History *history, gint64 row, int patience_s, GError **error);
/* Every open row of one server, oldest first, of JournalRow; NULL after an error. Whoever settles:
 * take the row's lock first (plugin_lock_try), then read the rows again; another owup may have
 * settled it, or its owner ended it, in between. */
GPtrArray *journal_rows(History *history, const char *server, GError **error);
