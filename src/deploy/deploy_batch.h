/* SPDX-License-Identifier: MIT */
/* Many plugins over several connections. */
#pragma once

#include "deploy.h"

/* Deploys `plugins` (of Plugin; NULL is passed over) over at most `jobs` connections, on lanes,
 * each a thread with a server session and a history of its own; half as many lanes again as
 * connections, which they share request by request. One plugin's requests stay in order; plugins
 * with requirements go one at a time, since the servers' pip takes no lock. Every event carries its
 * plugin's place (`item`), the last one of each is EVENT_FINISHED with the outcome; events of
 * different plugins mix. After an interrupt the rest is skipped. */
void deploy_batch(const DeployContext *single, const GPtrArray *plugins, guint jobs);
