/* SPDX-License-Identifier: MIT */
/* Looking for many plugins at once: one list request a family, and their contents only as far as
 * they are not known. */
#pragma once

#include "deploy.h"
#include "snapshot.h"

/* Of Snapshot, in the order of `plugins` (of Plugin; NULL is passed over); NULL where the plugin
 * had better look for itself, which is always so for a few. From 0.12 on `version_id` pins name,
 * content and meta, so what the local history knows needs no content from the server; other
 * contents come by single reads (left to the plugins) or, where many are needed, by one export. An
 * error of a list is no error here: the plugins meet it themselves. */
GPtrArray *snapshot_prefetch(const DeployContext *context, const GPtrArray *plugins);
