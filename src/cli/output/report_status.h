/* SPDX-License-Identifier: MIT */
/* What status shows, and diff of several: the part of report.h that knows comparisons. */
#pragma once

#include "report.h"
#include "status.h"

/* A table, as wide as the terminal where stdout is one, and what is worth a warning; with --json an
 * object a plugin. `rows` of Comparison, a part of those of `status`. */
void report_status(Report *report, const Status *status, const GPtrArray *rows);

/* "3 plugins: 2 same, 1 changed here". Owned by the caller. */
char *report_comparison_counts(const GPtrArray *rows);

/* How many of `rows` are not the same here and there. */
guint report_comparison_differs(const GPtrArray *rows);
/* The "summary" object, with how many differ; only with --json. */
void report_status_summary(Report *report, const GPtrArray *rows, int exit_status, gint64 ms);

/* The exit status of a failure where 1 means "different": 2 in its place. */
int report_comparison_failure(int status);

/* The state; with "(name)" or the like where the code is the same. Owned by the caller. */
char *report_comparison_state(const Comparison *row);

/* {"type","id","kind","title","file","server","server_name","version","server_version","enabled",
 * "global","state","changed","unbumped","sha256","server_sha256","error"}. The caller owns it. */
json_t *report_comparison_json(const char *type, const Comparison *row);
