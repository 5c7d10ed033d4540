/* SPDX-License-Identifier: MIT */
/* Bringing an old version of a plugin back: found here or on the server, put there by a plain
 * update (or a create, where the plugin was deleted), verified and restored like a deploy. Code,
 * name and meta come back; valves and flags stay as they are, except those of a plugin that a
 * delete of ours kept, which come back too. */
#pragma once

#include "deploy.h"

typedef struct {
  const char *to;   /* N, VERSION or the beginning of a digest; NULL: the version before */
  gboolean undo;    /* reverse the last rollback */
  const char *file; /* the local file that owns the plugin, for advice; or NULL */
} RollbackRequest;

/* As deploy_one(), for the plugin with this id; uses dry_run, force, no_history and idle_timeout_ms
 * of the options. Never NULL. The outcome's `plugin` is the old version (NULL where none was
 * found), its `file` reads ID@DIGEST; `server_version` is the version before; in a dry run `diff`
 * is what would change. The versions that were rolled back from, one after the other, are
 * remembered in the stamp: a later rollback goes on from there, and a deploy of them is a conflict.
 */
Outcome *rollback_one(const DeployContext *context, Family family, const char *id,
                      const RollbackRequest *request);
