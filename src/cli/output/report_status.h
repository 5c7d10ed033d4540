/* What status and diff show: the part of report.h that knows comparisons. */
#pragma once

#include "pager.h"
#include "report.h"
#include "status.h"

/* A table, as wide as the terminal where stdout is one, and what is worth a warning; with --json an
 * object a plugin. `rows` of Comparison, a part of those of `status`. */
void report_status(Report *report, const Status *status, const GPtrArray *rows);

/* "3 plugins: 2 same, 1 changed here". Owned by the caller. */
char *report_count_states(const GPtrArray *rows);

/* Between the two, what is shown goes to `pager` (may be NULL: nothing changes). */
void report_page_begin(Report *report, Pager *pager);
void report_page_end(Report *report);

/* The differences of one plugin as a unified diff, server first; nothing where there are none. On a
 * terminal in colours and without control characters, elsewhere byte for byte. With --json an
 * object, also where nothing differs. */
void report_diff(Report *report, const Comparison *row);
/* One line instead: how many lines differ. Text only. */
void report_diff_stat(Report *report, const Comparison *row);
/* The lines before the diff itself: who, version, name, description. Text only. */
void report_diff_head(Report *report, const Comparison *row);

/* The exit status of a failure where 1 means "different": 2 in its place. */
int report_comparison_failure(int status);

/* The state; with "(name)" or the like where the code is the same. Owned by the caller. */
char *report_comparison_state(const Comparison *row);

/* {"type","id","kind","title","file","server","server_name","version","server_version","enabled",
 * "global","state","changed","unbumped","sha256","server_sha256","error"}. The caller owns it. */
json_t *report_comparison_json(const char *type, const Comparison *row);
