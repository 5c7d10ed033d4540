/* SPDX-License-Identifier: MIT */
/* One plugin here and on the server, held against each other. Decided from what both say and what
 * the local history knows; where these leave it open, git is asked (live_origin.h). */
#pragma once

#include "git_process.h"
#include "history.h"
#include "plugin.h"
#include "remote_plugin.h"

#include <glib.h>

typedef enum {
  STATE_SAME,
  STATE_CHANGED_HERE,
  STATE_CHANGED_THERE,
  STATE_BOTH_CHANGED,
  STATE_DIFFERS, /* neither stamp nor history tell who changed it */
  STATE_ONLY_HERE,
  STATE_ONLY_THERE,
  N_STATES
} CompareState;

/* "same", "changed here", "changed on server", "both changed", "differs", "only here", "only on
 * server". Static. */
const char *compare_state_name(CompareState state);

/* What of it differs. */
enum { PART_CONTENT = 1, PART_NAME = 2, PART_DESCRIPTION = 4 };

typedef struct {
  Family family;
  char *id;             /* on the server, else the file's */
  char *server;         /* URL, or NULL */
  Plugin *local;        /* NULL: only on the server */
  RemotePlugin *remote; /* NULL: only here */
  char *sha256_here;    /* of the content as a server would hold it, NULL without `local` */
  char *sha256_there;   /* NULL without `remote` */
  CompareState state;
  guint parts;       /* PART_... that differ and that nobody has accepted yet */
  gboolean unbumped; /* the file's content changed, its version did not */
} Comparison;

/* Who is asked about a text that some owup sent from elsewhere. */
typedef struct {
  const char *server; /* URL */
  History *history;   /* or NULL */
  GitBudget git;      /* of this one comparison */
} CompareWitness;

/* One of `local` (referenced) and `remote` (taken over; with content) may be NULL. `last` is
 * history_last_agreed(), or NULL. A name or description that somebody changed on the server counts
 * as accepted once a deploy has left it as it was, or a pull has seen it. */
Comparison *comparison_new(Plugin *local, RemotePlugin *remote, const HistoryEntry *last,
                           CompareWitness *witness);
void comparison_free(Comparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Comparison, comparison_free)

/* The name a person knows it by. Owned by `comparison`. */
const char *comparison_label(const Comparison *comparison);
/* "filter", ... as the file, else the server says. Owned by `comparison` or static. */
const char *comparison_kind(const Comparison *comparison);
