/* SPDX-License-Identifier: MIT */
/* The only printer. Text for a person or, with --json, one object a line; never both.
 *
 * report_new(), then any of the others on the main thread; report_free() takes the progress line
 * away. Results (done or failed, with what belongs to them) go to stdout; warnings, hints and
 * progress to stderr. Text is UTF-8 bytes wherever the stream is no terminal; a terminal that is
 * not UTF-8 gets [OK], [WARN], [ERROR] for the signs. Control characters of files and servers never
 * reach the stream.
 */
#pragma once

#include "diagnostic.h"
#include "progress_line.h"
#include "redact.h"
#include "report_mark.h"

#include <glib.h>
#include <jansson.h>

typedef struct Report Report;

typedef struct {
  gboolean json;
  gboolean quiet;   /* only what went wrong */
  gboolean verbose; /* requests and answers, where each setting came from */
} ReportOptions;

Report *report_new(const ReportOptions *options);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* The run's, through which everything goes that is printed, but for code, diffs, ids and digests.
 * Owned by `report`. */
Redactor *report_redactor(const Report *report);

/* The server's URL for the Target line, once the settings are known; NULL: none (loopback). Copied.
 */
void report_set_target(Report *report, const char *target);

/* A line on stdout; nothing with --json or --quiet.*/
void report_line(Report *report, ReportMark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same, shown with --quiet too: for what went wrong. */
void report_fault(Report *report, ReportMark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* A line on stderr, for hints and warnings; nothing with --quiet. */
void report_note(Report *report, NoteLevel level, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same with --verbose only; also with --json. */
void report_detail(Report *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What was printed is lost: a line on stderr, whatever the options are. */
void report_output_lost(Report *report);

/* Of each Diagnostic FILE:LINE:COL: message, the source line, a caret under its column by display
 * width. Text only. */
void report_diagnostics(Report *report, const GPtrArray *diagnostics);

/* The message as failed, what the server said, the next step; with --json {"type":"error", …}.
 * Returns the exit status. */
int report_error(Report *report, const GError *error);

/* One object on a line of stdout; only with --json. Takes over the reference to `object`. */
void report_json(Report *report, json_t *object);
gboolean report_is_json(const Report *report);
