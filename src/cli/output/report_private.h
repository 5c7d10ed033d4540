/* SPDX-License-Identifier: MIT */
/* What the report's files share: the streams, and how a line gets there. Not for commands. */
#pragma once

#include "progress_line.h"
#include "redact.h"
#include "report.h"

#include <stdio.h>

typedef struct {
  FILE *file;
  gboolean terminal;
  gboolean plain_signs; /* a terminal that is not UTF-8 */
  gboolean colour;
} Stream;

struct Report {
  ReportOptions options;
  char *target;
  Stream out, err;
  gboolean many;          /* a batch: a note says which plugin it is about */
  ProgressLine *progress; /* NULL where stderr is no terminal */
  Redactor *redactor;
  json_t *notes; /* with --json: what was noted of the plugin whose object comes next */
};

/* Writes a line, its mark as the stream can show it, after something of owup's own; control
 * characters are gone already or here. */
void report_line_after(Report *report, Stream *stream, const char *lead, ReportMark mark,
                       const char *text);
/* One or more lines of a hint (NULL: none) on stdout, each behind three blanks. */
void report_indented(Report *report, const char *text);

/* "   Error: " and what Open WebUI said, which may be several lines (pydantic's are). */
void report_servers_words(Report *report, const char *words);

/* Is the error's detail what Open WebUI said (and not a page in front of it, or libcurl)? */
gboolean report_is_servers_word(const GError *error);

/* A text from outside without secrets, control characters and invalid UTF-8; `keep_lines` as in
 * terminal_text_safe(). Owned by the caller. */
char *report_text_safe(const Report *report, const char *text, gboolean keep_lines);
/* What stands between quotes, as titles do, cut where it is too long. Owned by the caller. */
char *report_text_short(const char *text);
/* A line that is safe already; no command to a runner that reads it. */
void report_text_line(Report *report, const Stream *stream, const char *line);
/* A file or a diff on stdout: on a terminal without control characters, to a runner without
 * commands, elsewhere byte for byte. */
void report_text_code(Report *report, const char *text, gsize len);
/* Does GitHub's runner read the stream, line by line? */
gboolean report_text_feeds_runner(const Stream *stream);
