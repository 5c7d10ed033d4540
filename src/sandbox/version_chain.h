/* SPDX-License-Identifier: MIT */
/* The history that a server keeps since 0.12: every change of name, content or meta adds a version
 * whose parent is the one before it. */
#pragma once

#include "request.h"

/* What of a plugin a version keeps. Owned by the caller. */
json_t *version_chain_snapshot(const StoredPlugin *plugin);

/* Adds a version where `plugin` differs from the snapshot `before` (NULL: it is new), and sets its
 * version_id. Nothing before 0.12. */
void version_chain_extend(const Visit *visit, json_t *before, StoredPlugin *plugin);
