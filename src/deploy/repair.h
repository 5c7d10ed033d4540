/* Putting a function's flags back after a failed write: servers before 0.12 switch a live function
 * off and leave it so. */
#pragma once

#include "server.h"

#include <glib.h>

typedef struct {
  gboolean active_changed, global_changed; /* what was found changed */
  gboolean mended; /* and is now as it was: seen in the server's own answer */
} Repair;

/* Reads, flips once what differs from the wanted state, reads again. FALSE where the state could
 * not be read (`error`) or is not as wanted after all; a flip whose answer was lost is never sent
 * again, only read back, for some seconds. Tools have no flags. */
gboolean repair_flags(Server *server, Cancel *cancel, const char *id, gboolean active,
                      gboolean global, Repair *repair, GError **error);
