/* Putting a plugin's old text back: what undo and recovery share. */
#pragma once

#include "payload.h"
#include "server.h"

/* Content, name and meta as in `old`; TRUE only for what the server's own answer showed. The caller
 * holds the plugin's lock. */
gboolean restore_content(Server *server, Cancel *cancel, Payload *old, GError **error);
