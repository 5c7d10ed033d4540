/* SPDX-License-Identifier: MIT */
/* How the deploy of one plugin ended. Immutable once returned. */
#pragma once

#include "diagnostic.h"
#include "error.h"
#include "plugin.h"

#include <glib.h>

typedef enum {
  RESULT_CREATED,
  RESULT_UPDATED,
  RESULT_UNCHANGED, /* the server holds these bytes, this name and description already */
  RESULT_CONFLICT,  /* someone else changed it */
  RESULT_REJECTED,  /* the server refused the code */
  RESULT_INVALID,   /* found here; nothing was sent */
  RESULT_FAILED,
  RESULT_UNKNOWN, /* sent, and what became of it could not be learned */
  RESULT_SKIPPED, /* not sent, after an interrupt */
  RESULT_REVERTED,
} Result;

typedef struct {
  Result result;
  gboolean dry_run;       /* `result` is the would-be word */
  Plugin *plugin;         /* a reference; NULL where no file could be read */
  char *word;             /* what the user typed, where `plugin` is NULL */
  Kind kind;              /* the server's word where it holds the file, else the file's */
  char *id;               /* where it is on the server, or NULL: the plugin's own */
  char *server;           /* URL */
  int http_status;        /* of the answer that decided, 0: none */
  char *sha256;           /* of the content as the server holds or would hold it, hexadecimal */
  char *server_version;   /* the plugin's version on the server before (manifest), or NULL */
  char *title;            /* the name it has on the server, or would have */
  GError *error;          /* OWUP_ERROR, or NULL where all is well */
  GPtrArray *diagnostics; /* of Diagnostic, never NULL */
  GPtrArray
      *repaired; /* of char *: "is_active", "is_global": changed by the failed write and put back */
  char *broken;  /* what could not be restored, for a person; NULL: nothing */
  gboolean open; /* what became of the write is not settled: journal_recovery_run() will */
  char *diff;    /* what a rollback's dry run would change, as a unified diff; else NULL */
  gboolean enabled; /* --enable: this run switched on what it created */
  gboolean valves_kept,
      flags_kept; /* of a deleted plugin that a rollback brought back: these, too */
  gint64 ms;      /* from start to end */
} Outcome;

/* Takes a reference to `plugin` and a copy of `server`; both may be NULL. */
Outcome *outcome_new(Plugin *plugin, const char *server);
/* For a word that no file could be found or read for; takes `error` over. */
Outcome *outcome_new_unresolved(const char *word, GError *error);
void outcome_free(Outcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* "created", ... as in --json. Static. */
const char *result_name(Result result);
/* The exit status for this outcome alone. */
int outcome_exit(const Outcome *outcome);
gboolean outcome_ok(const Outcome *outcome);
