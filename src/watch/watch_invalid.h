/* What need not be handed to a deploy. */
#pragma once

#include "debounce.h"
#include "outcome.h"

/* How a save ends that cannot be sent: the file is unreadable, or broken (and `no_check` does not
 * send it all the same), or another has the same id. NULL: it can be sent. */
Outcome *watch_invalid_outcome(const Debounce *debounce, const WatchedFile *file, gboolean no_check,
                               const char *server);
