/* SPDX-License-Identifier: MIT */
/* What commands print that do one thing to each of some plugins on a server. */
#pragma once

#include "confirmed_flags.h"
#include "report.h"
#include "target.h"

/* What became of one word. */
typedef struct {
  const char *word;
  Target *target; /* NULL where nothing was found */
  char *server;   /* URL */
  GError *error;  /* NULL where all is well */
  gpointer found; /* what the command's act() returns */
} TargetResult;

/* "filter"; of a function on the server alone, the server's word. Owned by `target`. */
const char *report_target_kind(const Target *target);

/* Each is {"type","id","family","kind","title","server","error"}, then what is named here; only
 * with
 * --json. "delete": "result", "kept". */
void report_target_deleted(Report *report, const TargetResult *result, gboolean kept);

/* "flags": "changed", "enabled", "global", "notes" (`note` or none). `active` and `global` are what
 * was wished; a failed change may have made the first of the two. `change` may be NULL. */
void report_target_flags(Report *report, const TargetResult *result, const FlagsChange *change,
                         gboolean active, gboolean global, const char *note);
/* "valves": "valves", null for NULL. */
void report_target_valves(Report *report, const TargetResult *result, json_t *valves);
