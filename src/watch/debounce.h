/* SPDX-License-Identifier: MIT */
/* When a change of a file is complete.
 *
 * It is once the file was left alone for SAVE_QUIET_US. On a busy machine an editor can lose the
 * processor between emptying a file and writing it, so a file that is known to be open for writing,
 * or is empty, is left alone for SAVE_OPEN_US, and one of which no monitor told for SAVE_UNTOLD_US.
 * It is read a bit earlier, so that nothing but sending is left to do then. A file that is gone is
 * gone only after SAVE_GONE_US: some editors delete and write anew.
 */
#pragma once

#include "file_signature.h"
#include "watch_times.h"

/* Each is given the `owner`; those before `saved` may be NULL. */
typedef struct {
  /* Does it hold what was read last? Asked where nothing but its time of change differs. */
  gboolean (*is_same)(gpointer owner);
  /* Read it: what it holds now is in all likelihood what it will. */
  void (*read)(gpointer owner);
  /* It is being changed; called again once the new content was read. */
  void (*changing)(gpointer owner);
  void (*saved)(gpointer owner);
  void (*gone)(gpointer owner);
} DebounceHooks;

/* Of one file. Only debounce.c writes it. */
typedef struct {
  char *path; /* absolute */
  const DebounceHooks *hooks;
  gpointer owner;
  FileSignature mark; /* of what was read last */
  gboolean gone;
  guint timer;            /* 0: nobody changes it */
  gint64 quiet;           /* while the timer runs: how long it must be left alone */
  FileSignature changing; /* while the timer runs: as seen last */
  FileSignature before;   /* while the timer runs: of what was read before this change */
  gboolean absent;        /* while the timer runs, and in `saved`: it was not there for a while */
  gboolean returned;      /* in `saved`: it was gone, or is as old as what was read before */
  gint64 changed_at; /* while the timer runs: when it was changed last, SAVE_QUIET_US ago at most */
  gint64
      written_at; /* the same by the file's own times, however long ago; 0: not since the start */
} Debounce;

/* Whatever the file (absolute) holds was not read yet. `hooks` and `owner` outlive it. */
Debounce *debounce_new(const char *path, const DebounceHooks *hooks, gpointer owner);
void debounce_free(Debounce *save);
/* The file is read now; FALSE: it must be, and counts as changed when it is touched. */
void debounce_set_read(Debounce *save, gboolean read);

/* Something happened to the file, perhaps; `quiet`: SAVE_QUIET_US, SAVE_OPEN_US, SAVE_UNTOLD_US.
 * Where only its attributes changed nothing did: then no timer runs afterwards. */
void debounce_touch(Debounce *save, gint64 quiet);
/* Tells nothing of what happened so far. */
void debounce_stop(Debounce *save);

/* Has the file changed since it was read? */
gboolean debounce_is_stale(const Debounce *save);
/* Is it being changed, and there? */
gboolean debounce_is_open(const Debounce *save);
