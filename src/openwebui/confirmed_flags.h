/* SPDX-License-Identifier: MIT */
/* A function's flags as something to set: the API can only flip them. */
#pragma once

#include "client.h"

#include <glib.h>

typedef struct {
  gboolean active_changed,
      global_changed; /* found otherwise than wanted, flipped, and so when last seen */
  gboolean
      flipped_again; /* the first flip was lost: should it arrive after all, the state is wrong */
} FlagsChange;

/* Reads, flips what differs from what is wanted, reads again. TRUE only where the server's own
 * answer then showed both as wanted. Where it shows that somebody else flipped meanwhile, once more
 * after a moment, and no more than that. FALSE where the state could not be read, a flip failed
 * (`error`), or somebody flips against us (SERVER, with what the last look showed). A flip whose
 * answer was lost is read back for 3 s and sent once more only where the server answers and shows
 * that it did not act (`flipped_again`). */
gboolean confirmed_flags_set(Client *client, Cancel *cancel, const char *id, gboolean active,
                             gboolean global, FlagsChange *change, GError **error);
/* The same for what a failed write of somebody's, ours or another's, switches off: what was on is
 * switched on, never anything off, up to five times within 2 s. */
gboolean confirmed_flags_restore(Client *client, Cancel *cancel, const char *id, gboolean active,
                                 gboolean global, FlagsChange *change, GError **error);
/* Reads for `ms` milliseconds, or until the first Ctrl-C: where one is off that is to be on, they
 * are set as confirmed_flags_restore() does, once, and that ends it. TRUE where the last answer
 * showed them on.
 */
gboolean confirmed_flags_guard(Client *client, Cancel *cancel, const char *id, gboolean active,
                               gboolean global, guint ms, FlagsChange *change, GError **error);
