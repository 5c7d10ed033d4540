/* SPDX-License-Identifier: MIT */
/* What `owup history` shows. */
#pragma once

#include "history_check.h"
#include "report.h"
#include "version_list.h"

/* A table, one line a version, `most` of them (0: all); or with --json for each {"type":"version",
 * "id","number","live","at","user","version","message","sha256","where","version_id","name",
 * "action","from"}; null where not known. */
void report_history(Report *report, const VersionList *versions, guint most);
/* The version's text, byte for byte; with --json its object with "content". */
void report_history_text(Report *report, const VersionList *versions, const Version *version);
/* With --json {"type":"purge","id","removed","result"}. */
void report_history_purged(Report *report, const char *id, guint removed);
/* What was found in `dir`, mended and lost. With --json
 * {"type":"history_check","folder","entries",
 * "moved","salvaged","lost":[{"server","id","version","digest"}...]}. */
void report_history_checked(Report *report, const char *dir, const HistoryCheck *check);
