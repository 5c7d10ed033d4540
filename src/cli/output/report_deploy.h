/* SPDX-License-Identifier: MIT */
/* What a deploy shows: the part of report.h that knows events and outcomes. */
#pragma once

#include "event.h"
#include "outcome.h"
#include "report.h"

/* What a deploy tells while it runs. */
void report_event(Report *report, const Event *event);
/* The warnings about its header, which report_event() gives when the writing begins. */
void report_header(Report *report, const Plugin *plugin);
/* How it ended: the asked-for lines, or the "plugin" object. */
void report_outcome(Report *report, const Outcome *outcome);
/* After the last: one line where there were several plugins, the "summary" object always.
 * `outcomes` of Outcome, in the order of the command line. */
void report_summary(Report *report, const GPtrArray *outcomes, int exit_status, gint64 ms);

/* From now on, until it is called with NULL, several plugins are deployed: notes name theirs, and a
 * terminal shows how far they are, see progress_line_follow(). */
void report_follow(Report *report, ProgressText text, gpointer data);

/* What is true after a create, in one line. */
void report_next_step(Report *report, Kind kind);
/* What a failed write changed besides, and what became of it. */
void report_repair(Report *report, const Outcome *outcome);
