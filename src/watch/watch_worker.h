/* SPDX-License-Identifier: MIT */
/* What the worker thread does: it looks and deploys, one job after the other. */
#pragma once

#include "channel.h"
#include "deploy.h"

/* The jobs on their way, and how many looks are among them. */
typedef struct WatchWorker WatchWorker;

WatchWorker *watch_worker_new(void);
void watch_worker_free(WatchWorker *worker);

/* Main: looks at what the server holds, to be used by the next deploy of the same plugin. Left out
 * where many are on their way already. */
void watch_worker_look(WatchWorker *worker, const Plugin *plugin);
/* Main: deploys; the outcome comes as EVENT_FINISHED. `plugin` is referenced; `digest` is the
 * SHA-256 of what a server will hold of it, or NULL. */
void watch_worker_deploy(WatchWorker *worker, Plugin *plugin, const char *digest);
/* Main: no job comes after this. */
void watch_worker_stop(WatchWorker *worker);

/* The worker thread, until watch_worker_stop(). */
void watch_worker_run(WatchWorker *worker, const DeployContext *context);

/* Is the server away, or on its way back? Then the outcome says not a word about the plugin. */
gboolean watch_worker_is_outage(const Outcome *outcome);
/* Did the server answer? What was found here says nothing about it. */
gboolean watch_worker_was_answered(const Outcome *outcome);
