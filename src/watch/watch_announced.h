/* What was said of a watched file, so that it is not said again. */
#pragma once

#include "debounce.h"
#include "watch.h"

/* `outcome` is told now. */
WatchSaid watch_announce(WatchedFile *file, const Outcome *outcome);
