/* SPDX-License-Identifier: MIT */
/* The deploy of one plugin: check, look, compare, update, create, verify, restore.
 *
 * Runs in a worker thread with a server session and a history of its own; blocking. It never
 * prints: it hands events to an observer (called in the worker; the receiver carries them to the
 * main thread) and returns one Outcome.
 *
 * deploy_plan.c holds what happens before the first write, deploy_apply.c the writing; each reads
 * top to bottom, each step returns TRUE to go on and FALSE once the outcome is decided.
 * deploy_batch.c and deploy_atomic.c deploy many.
 */
#pragma once

#include "cancel.h"
#include "client.h"
#include "event.h"
#include "history.h"
#include "outcome.h"
#include "plugin.h"
#include "snapshot.h"

typedef struct {
  gboolean resend;       /* send although the server holds the same */
  gboolean no_check;     /* send although the checks here found something */
  gboolean update_only;  /* never create */
  gboolean create_only;  /* never update */
  gboolean dry_run;      /* everything but the writing */
  gboolean force;        /* overwrite what somebody else changed */
  gboolean no_stamp;     /* leave meta.owup out */
  gboolean no_downgrade; /* refuse a lower version than the server's */
  gboolean require_bump; /* refuse changed content under an unchanged version */
  gboolean no_history; /* go on where a server keeps no versions and the history can't be written */
  gboolean enable;     /* switch on what this run created */
  /* Would `plugin` take the place of another one, which the file at `path` holds, that was last
   * deployed under this id? The error, or NULL. NULL: nobody asks. */
  GError *(*twin)(const Plugin *plugin, const char *path);
  gboolean ci;           /* CI=true: name unbumped versions, and where old versions are kept */
  const char *message;   /* -m, or NULL */
  guint idle_timeout_ms; /* --timeout; 0: 10 s, for a write 300 s where the plugin has requirements,
                        for the plugin's lock 60 s */
} DeployOptions;

typedef struct DeployContext DeployContext;

/* How a batch gets a session and a history for each of its threads. */
typedef struct {
  /* Fills in what must not be shared: server (beside `from`'s), history, history_error. In the
   * thread that will use it. */
  void (*open)(const DeployContext *from, DeployContext *worker);
  void (*close)(const DeployContext *from, DeployContext *worker);
} DeployWorkers;

struct DeployContext {
  Client *client;
  Cancel *cancel;
  const DeployOptions *options;
  History *history;            /* NULL: none; read-only in a dry run */
  const GError *history_error; /* why there is none, or NULL */
  const char *batch;           /* the word that joins an --atomic batch in the journal; NULL else */
  GPtrArray *undeleted;        /* "functions/ID": interrupted rollbacks that this run finished; or
                                  NULL */
  const GPtrArray *siblings;   /* of Plugin, or NULL in it: all that one run deploys; NULL: one */
  /* Takes `event` over. */
  void (*observe)(Event *event, gpointer data);
  gpointer data;
  const DeployWorkers *workers; /* NULL where nothing runs side by side */
  gconstpointer session;        /* the lanes' own */
};

/* Never NULL. The outcome's http_status is that of the answer that decided. `look` is a look made
 * before, taken over; NULL, or one that is no longer fresh: it is made here. */
Outcome *deploy_one(const DeployContext *context, Plugin *plugin, Snapshot *snapshot);

/* All or nothing: everything is checked and looked at first, any failure there sends nothing; what
 * is no longer as the look found it, a failure or an interrupt while sending undoes, in reverse
 * order, what was written. Every event but EVENT_FINISHED, which it leaves to the caller, carries
 * its plugin's place (`item`). Of Outcome, in the order of `plugins` (of Plugin). */
GPtrArray *deploy_atomic(const DeployContext *single, const GPtrArray *plugins);
