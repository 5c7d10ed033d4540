/* SPDX-License-Identifier: MIT */
/* What a watch shows: the part of report.h that knows saves. */
#pragma once

#include "report.h"
#include "watch.h"

/* With --json {"type":"watching","plugins","server"}. */
void report_watch_started(Report *report, guint plugins, const char *server);
/* What a deploy tells while it runs, less what every save would repeat. */
void report_watch_event(Report *report, const Event *event);
/* One line with the time; after a failure what is wrong and where. With --json the "plugin" object,
 * of what is repeated, too. */
void report_watch_saved(Report *report, const Outcome *outcome, WatchSaid said);
/* The server can't be reached. With --json {"type":"waiting","title","error"}. */
void report_watch_waiting(Report *report, const char *label, const GError *error);
/* With --json
 * {"type":"notice","notice":"appeared"|"moved"|"deleted"|"left_out","id","file","other"}. */
void report_watch_noticed(Report *report, const WatchNotice *notice);
/* A warning with the time. */
void report_watch_trouble(Report *report, const GError *error);
/* At the end; with --json the "summary" object. */
void report_watch_summary(Report *report, const WatchCounts *counts, int exit_status, gint64 ms);
