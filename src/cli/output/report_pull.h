/* SPDX-License-Identifier: MIT */
/* What a pull did: the part of report.h that knows it. */
#pragma once

#include "pull.h"
#include "report.h"

/* The lines for one plugin, or its object. Returns its exit status: 1 for a conflict. */
int report_pulled(Report *report, const Pulled *pulled);

/* "4 plugins: 3 unchanged, 1 created", where there were several. `all` of Pulled. Text only. */
void report_pulled_count(Report *report, const GPtrArray *all);
