/* SPDX-License-Identifier: MIT */
/* Deleting a plugin from a server, so that it can come back. */
#pragma once

#include "history.h"
#include "target.h"

/* Keeps content, name, meta, flags and, with `valves`, the stored valves in the history, then
 * deletes and checks that it is gone. Without `history` nothing is kept: the caller asked for that.
 * A lost answer is polled, never sent again. */
gboolean remote_delete(Client *client, Cancel *cancel, History *history, const Target *target,
                       gboolean valves, GError **error);
