/* A function's flags as something to set: the API can only flip them. */
#pragma once

#include "server.h"

#include <glib.h>

typedef struct {
  gboolean active_changed, global_changed; /* found otherwise than wanted, and flipped */
} FlagsChange;

/* Reads, flips once what differs from what is wanted, reads again. TRUE only where the server's own
 * answer then showed both as wanted. FALSE where the state could not be read, a flip failed
 * (`error`), or somebody flips against us (SERVER). A flip whose answer was lost is never sent
 * again, only read back, for some seconds: twice would be back. */
gboolean flags_set(Server *server, Cancel *cancel, const char *id, gboolean active, gboolean global,
                   FlagsChange *change, GError **error);
