/* SPDX-License-Identifier: MIT */
/* What `owup rollback` says of how it ended. */
#pragma once

#include "outcome.h"
#include "report.h"

/* report_outcome() with words of its own for what went well: which version is back, what came with
 * it; of a dry run the diff, too. */
void report_rollback(Report *report, const Outcome *outcome);
