/* Putting a plugin back as it was: what undo and recovery share. */
#pragma once

#include "client.h"
#include "payload.h"

/* Content, name and meta as in `old`, then a function's flags; TRUE only for what the server's own
 * answers showed. The caller holds the plugin's lock. */
gboolean deploy_restore(Client *client, Cancel *cancel, Payload *old, gboolean active,
                        gboolean global, GError **error);
