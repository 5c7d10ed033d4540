/* What `owup history` shows. */
#pragma once

#include "report.h"
#include "version_list.h"

/* A table, one line a version, `most` of them (0: all); or with --json an object each. */
void report_history(Report *report, const Past *past, guint most);
/* {"type":"version","id","number","live","at","user","version","message","sha256","where",
 * "version_id","name","action","from"}; null where not known. The caller owns it. */
json_t *past_version_json(const Past *past, const PastVersion *version);
