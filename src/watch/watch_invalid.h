/* What need not be handed to a deploy. */
#pragma once

#include "debounce.h"
#include "deploy_outcome.h"

/* How a save ends that cannot be sent: the file is unreadable, or broken (and `no_check` does not
 * send it all the same), or another has the same id. NULL: it can be sent. */
Outcome *refusal_of(const Saves *saves, const WatchedFile *file, gboolean no_check,
                    const char *server);
