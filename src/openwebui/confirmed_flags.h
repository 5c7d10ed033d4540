/* A function's flags as something to set: the API can only flip them. */
#pragma once

#include "client.h"

#include <glib.h>

typedef struct {
  gboolean active_changed, global_changed; /* found otherwise than wanted, and flipped */
  gboolean
      flipped_again; /* the first flip was lost: should it arrive after all, the state is wrong */
} FlagsChange;

/* Reads, flips what differs from what is wanted, reads again. TRUE only where the server's own
 * answer then showed both as wanted. FALSE where the state could not be read, a flip failed
 * (`error`), or somebody flips against us (SERVER). A flip whose answer was lost is read back for 3
 * s and sent once more only where the server answers and shows that it did not act
 * (`flipped_again`). */
gboolean confirmed_flags_set(Client *client, Cancel *cancel, const char *id, gboolean active,
                             gboolean global, FlagsChange *change, GError **error);
/* Reads for `ms` milliseconds, or until the first Ctrl-C: where the flags are not so, they are set
 * as confirmed_flags_set() does, once, and that ends it. TRUE where the last answer showed them so.
 */
gboolean confirmed_flags_guard(Client *client, Cancel *cancel, const char *id, gboolean active,
                               gboolean global, guint ms, FlagsChange *change, GError **error);
