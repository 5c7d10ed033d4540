/* Plugins that other scripts installed under another id: found by their openwebui_id before a
 * second copy is created. */
#pragma once

#include "deployment.h"

/* Nothing is there under d->id. One list request looks for the same kind with the same
 * openwebui_id; one hit becomes d->before and d->id. FALSE: the outcome is decided (the same title
 * under another id is a conflict). */
gboolean moving_in_find(Deployment *d);
