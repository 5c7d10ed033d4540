/* SPDX-License-Identifier: MIT */
/* Which version a rollback brings back, and what its stamp then remembers: the contents taken away,
 * one rollback after the other, and where in the list the last one stopped. So the next goes one
 * further back and never forward, although each rollback makes a new version of an old text. */
#pragma once

#include "stamp.h"
#include "version_list.h"

typedef struct {
  VersionList *versions;
  const Stamp *stamp;        /* of what the server holds, or NULL */
  const char *digest_before; /* of what the server holds; NULL: nothing */
} RollbackPick;

/* Each returns the version, read, or NULL: with an error, or without one where nothing older is
 * known. `*rewind` is for the new stamp, owned by the caller; NULL: nothing to remember. */

/* The version before. */
Version *rollback_pick_before(const RollbackPick *pick, RollbackTrail **trail, GError **error);
/* The one that `word` names (version_find()). */
Version *rollback_pick_named(const RollbackPick *pick, const char *word, RollbackTrail **trail,
                             GError **error);
/* What the last rollback took away. NOT_FOUND where the last write was none. */
Version *rollback_pick_undo(const RollbackPick *pick, RollbackTrail **trail, GError **error);
