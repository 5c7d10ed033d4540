/* What `owup history` shows. */
#pragma once

#include "report.h"
#include "version_list.h"

/* A table, one line a version, `most` of them (0: all); or with --json an object each. */
void report_history(Report *report, const VersionList *versions, guint most);
/* {"type":"version","id","number","live","at","user","version","message","sha256","where",
 * "version_id","name","action","from"}; null where not known. The caller owns it. */
json_t *report_history_version_json(const VersionList *versions, const Version *version);
