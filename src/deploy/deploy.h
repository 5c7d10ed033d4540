/* The deploy of one plugin: check, look, update, create, verify.
 *
 * Runs in a worker thread with a server session of its own; blocking. It never prints: it hands
 * events to an observer (called in the worker; the receiver carries them to the main thread) and
 * returns one Outcome.
 *
 * Adding a step: deploy.c reads top to bottom, each step returns TRUE to go on and FALSE once the
 * outcome is decided.
 */
#pragma once

#include "cancel.h"
#include "event.h"
#include "outcome.h"
#include "plugin.h"
#include "server.h"

typedef struct {
  gboolean resend;      /* send although the server holds the same */
  gboolean no_check;    /* send although the checks here found something */
  gboolean update_only; /* never create */
  gboolean create_only; /* never update */
  gboolean dry_run;     /* everything but the writing */
  guint patience_ms;    /* --timeout for writes; 0: 10 s, 300 s where the plugin has requirements */
} DeployOptions;

typedef struct {
  Server *server;
  Cancel *cancel;
  const DeployOptions *options;
  /* Takes `event` over. */
  void (*observe)(Event *event, gpointer data);
  gpointer data;
} DeployContext;

/* Never NULL. The outcome's http_status is that of the answer that decided. */
Outcome *deploy_one(const DeployContext *context, Plugin *plugin);
