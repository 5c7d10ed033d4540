/* SPDX-License-Identifier: MIT */
/* What `owup check` says of a plugin. */
#pragma once

#include "plugin.h"
#include "report.h"

/* One plugin, judged. */
typedef struct {
  GPtrArray *diagnostics; /* of Diagnostic */
  GPtrArray *warnings;    /* of char *; they make nothing invalid */
  gboolean no_python;     /* only our own scan was made */
} Verdict;

/* Fine or invalid, where and why, and the warnings; with --json json_fields_plugin() with "result",
 * "error", "diagnostics" and "warnings". */
void report_check_verdict(Report *report, const Plugin *plugin, const Verdict *verdict);

/* There was nothing to judge: no such plugin (NULL; `word` then names it), an unreadable file, an
 * id that another file has too. Returns the exit status. */
int report_check_unread(Report *report, const Plugin *plugin, const char *word,
                        const GError *error);
