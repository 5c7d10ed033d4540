/* SPDX-License-Identifier: MIT */
/* A command at work with a server: settings, a worker with its server session and local history,
 * events to the report, Ctrl-C. */
#pragma once

#include "command.h"
#include "deploy.h"

typedef struct {
  gboolean writes; /* opens the history for writing and settles what an interrupted owup left; else
                      only reads */
  const char *history_dir;      /* --history, or NULL */
  gboolean no_history;          /* --no-history */
  const DeployOptions *options; /* for what deploys; NULL: none */
  guint plugins;                /* how many are deployed, for the progress line; 0: none is shown */
  /* On the main thread, with session_run()'s data: an event in place of report_event(), and Ctrl-C
   * in place of the note that a running write is let end. NULL: as said. */
  void (*observe)(const Event *event, gpointer data);
  void (*interrupted)(CancelLevel level, gpointer data);
} SessionRequest;

/* In the worker. `context` has a server, a history (or NULL), a cancel, and observe() for events.
 * Returns the exit status. */
typedef int (*SessionWork)(const DeployContext *context, gpointer data);
/* On the main thread: an outcome that the work told with EVENT_FINISHED; to be taken over. */
typedef void (*SessionFinished)(Outcome *outcome, gpointer data);

/* Loads the settings (an error is reported), runs `work`, returns its exit status, or 130 after an
 * interrupt. `finished` may be NULL where the work tells no outcomes. `data` goes to both. */
int session_run(const CommandLine *line, const SessionRequest *request, SessionWork work,
                SessionFinished finished, gpointer data);
