/* SPDX-License-Identifier: MIT */
/* What diff shows of one plugin: the part of report.h that knows texts line by line. */
#pragma once

#include "pager.h"
#include "report.h"
#include "status.h"

/* Between the two, what is shown goes to `pager` (may be NULL: nothing changes). */
void report_diff_page_begin(Report *report, Pager *pager);
void report_diff_page_end(Report *report);

/* The differences of one plugin as a unified diff, server first; nothing where there are none. On a
 * terminal in colours and without control characters, elsewhere byte for byte. With --json an
 * object, also where nothing differs. */
void report_diff(Report *report, const Comparison *row);
/* One line instead: how many lines differ. Text only. */
void report_diff_stat(Report *report, const Comparison *row);
/* The lines before the diff itself: who, version, name, description. Text only. */
void report_diff_head(Report *report, const Comparison *row);
/* Nothing could be compared for `word`, or (NULL) at all. Returns the exit status. With --json and
 * a word {"type":"diff","id","error"}. */
int report_diff_failure(Report *report, const char *word, const GError *error);
/* The one plugin that was compared is the same in both places: a line on stderr. */
void report_diff_same(Report *report, const Comparison *row);
