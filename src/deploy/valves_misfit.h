/* SPDX-License-Identifier: MIT */
/* Before 0.12 an update is accepted although the new code no longer takes the stored valves, and
 * breaks at run time. */
#pragma once

#include "deployment.h"

/* After an update: where the text of `class Valves` changed and the server does not check it
 * itself, reads valves and schema and notes by name what no longer fits. Two requests; none where
 * the block is the same. */
void valves_misfit(Deployment *d);
