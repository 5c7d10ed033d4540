/* SPDX-License-Identifier: MIT */
/* The --json side of report_deploy.h. Not for commands. */
#pragma once

#include "outcome.h"
#include "report.h"

/* A note about the plugin whose object comes next. */
void report_keep_note(Report *report, const char *text);
/* The "plugin" object, with the notes that were kept. */
void report_outcome_json(Report *report, const Outcome *outcome);
/* The "summary" object. */
void report_summary_json(Report *report, const GPtrArray *outcomes, int exit_status, gint64 ms);
