/* Putting a server back to a state of before: what undo and recovery share. Each says TRUE only for
 * what the server's own answer showed. Callers hold the plugin's lock and are between
 * server_begin_write() and server_end_write(). */
#pragma once

#include "payload.h"
#include "server.h"

/* Content, name and meta as in `old`. */
gboolean restore_content(Server *server, Cancel *cancel, Payload *old, GError **error);
/* Nothing under this id. A delete whose answer was lost is not sent again, only polled for some
 * seconds. */
gboolean restore_absence(Server *server, Cancel *cancel, Family family, const char *id,
                         GError **error);
