/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "error.h"
#include "json_fields.h"
#include "json_redact.h"
#include "json_text.h"
#include "report_private.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Stream
stream_open(FILE *file)
{
  Stream stream = {.file = file, .terminal = isatty(fileno(file)) != 0};
  const char *term = g_getenv("TERM");
  const char *no_colour = g_getenv("NO_COLOR");
  stream.plain_signs = stream.terminal && !g_get_charset(NULL);
  stream.colour = stream.terminal && (no_colour == NULL || *no_colour == '\0') && term != NULL &&
                  strcmp(term, "dumb") != 0;
  return stream;
}

Report *
report_new(const ReportOptions *options)
{
  Report *report = g_new0(Report, 1);
  report->options = *options;
  report->notes = json_array();
  report->redactor = redactor_new();
  report->out = stream_open(stdout);
  report->err = stream_open(stderr);
  if (report->err.terminal && !options->json && !options->quiet)
    report->progress = progress_line_new(stderr, !report->err.plain_signs);
  return report;
}

void
report_free(Report *report)
{
  if (report == NULL)
    return;
  progress_line_free(report->progress);
  g_free(report->target);
  json_decref(report->notes);
  redactor_unref(report->redactor);
  g_free(report);
}

void
report_set_target(Report *report, const char *target)
{
  g_free(report->target);
  report->target = g_strdup(target);
}

Redactor *
report_redactor(const Report *report)
{
  return report->redactor;
}

gboolean
report_is_json(const Report *report)
{
  return report->options.json;
}

void
report_line_after(Report *report, Stream *stream, const char *lead, ReportMark mark,
                  const char *text)
{
  g_autofree char *safe = report_text_safe(report, text, FALSE);
  g_autofree char *cut = stream->terminal && mark != MARK_UNDER ? report_text_short(safe) : NULL;
  g_autofree char *line = g_strconcat(lead, report_mark_text(mark, stream->plain_signs),
                                      cut != NULL ? cut : safe, NULL);
  report_text_line(report, stream, line);
}

void
report_servers_words(Report *report, const char *words)
{
  g_autofree char *text = g_strdup_printf(_("Error: %s"), words);
  report_indented(report, text);
}

void
report_indented(Report *report, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    report_line_after(report, &report->out, "", MARK_UNDER, *line);
}

static void line_valist(Report *report, Stream *stream, ReportMark mark, const char *format,
                        va_list args) G_GNUC_PRINTF(4, 0);

static void
line_valist(Report *report, Stream *stream, ReportMark mark, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf(format, args);
  report_line_after(report, stream, "", mark, text);
}

#define LINE_UNLESS(condition, stream, mark)                                                       \
  va_list args;                                                                                    \
  if (condition)                                                                                   \
    return;                                                                                        \
  va_start(args, format);                                                                          \
  line_valist(report, stream, mark, format, args);                                                 \
  va_end(args)

void
report_line(Report *report, ReportMark mark, const char *format, ...)
{
  LINE_UNLESS(report->options.json || report->options.quiet, &report->out, mark);
}

void
report_fault(Report *report, ReportMark mark, const char *format, ...)
{
  LINE_UNLESS(report->options.json, &report->out, mark);
}

void
report_note(Report *report, NoteLevel level, const char *format, ...)
{
  LINE_UNLESS(report->options.quiet, &report->err, report_mark_of(level));
}

void
report_detail(Report *report, const char *format, ...)
{
  LINE_UNLESS(!report->options.verbose, &report->err, MARK_NONE);
}

void
report_output_lost(Report *report)
{
  report_line_after(report, &report->err, "", MARK_FAILED, _("Cannot write to standard output"));
}

/* A tab is shown as it stands in the file, so the caret's line repeats it. */
static char *
caret_line(const char *source, int col)
{
  GString *line = g_string_new("    ");
  const char *at = source;
  for (int i = 1; i < col && *at != '\0'; i++, at = g_utf8_next_char(at)) {
    char single[7] = {0};
    g_unichar_to_utf8(g_utf8_get_char(at), single);
    if (*at == '\t')
      g_string_append_c(line, '\t');
    else
      g_string_append_printf(line, "%*s", (int)terminal_text_width(single), "");
  }
  return g_string_free(line, FALSE);
}

/* A stretch of a long line round the column, so that the caret stays in sight. */
#define SOURCE_COLUMNS 100

static char *
cut_source(const char *source, int *col)
{
  glong from = 0, length = g_utf8_strlen(source, -1);
  if (length > SOURCE_COLUMNS && *col > SOURCE_COLUMNS - 20)
    from = *col - SOURCE_COLUMNS / 2;
  from = CLAMP(from, 0, length);
  *col -= (int)from;
  return g_utf8_substring(source, from, MIN(from + SOURCE_COLUMNS, length));
}

static char *
diagnostic_place(const Diagnostic *diagnostic)
{
  if (diagnostic->line == 0)
    return g_strdup_printf("%s:", diagnostic->file);
  if (diagnostic->col == 0)
    return g_strdup_printf("%s:%d:", diagnostic->file, diagnostic->line);
  return g_strdup_printf("%s:%d:%d:", diagnostic->file, diagnostic->line, diagnostic->col);
}

static void
print_source(Report *report, const Diagnostic *diagnostic)
{
  gboolean colour = report->out.colour;
  int col = diagnostic->col;
  g_autofree char *cut = cut_source(diagnostic->source, &col);
  g_autofree char *source = terminal_text_safe(cut, TRUE);
  g_autofree char *line = g_strconcat("    ", source, NULL);
  report_text_line(report, &report->out, line);
  if (col <= 0)
    return;
  g_autofree char *blank = caret_line(source, col);
  fprintf(report->out.file, "%s%s^%s\n", blank, colour ? "\033[1;31m" : "",
          colour ? "\033[0m" : "");
}

static void
print_diagnostic(Report *report, const Diagnostic *diagnostic)
{
  gboolean colour = report->out.colour;
  g_autofree char *place = diagnostic_place(diagnostic);
  g_autofree char *safe_place = terminal_text_safe(place, FALSE);
  g_autofree char *message = report_text_safe(report, diagnostic->message, FALSE);
  g_autofree char *line =
      g_strconcat(colour ? "\033[1m" : "", safe_place, colour ? "\033[0m" : "", " ", message, NULL);
  report_text_line(report, &report->out, line);
  if (diagnostic->source != NULL && *diagnostic->source != '\0')
    print_source(report, diagnostic);
  fflush(report->out.file);
}

void
report_diagnostics(Report *report, const GPtrArray *diagnostics)
{
  for (guint i = 0; i < diagnostics->len && !report->options.json; i++)
    print_diagnostic(report, g_ptr_array_index(diagnostics, i));
}

void
report_json(Report *report, json_t *object)
{
  if (report->options.json) {
    json_redact(report->redactor, object);
    g_autofree char *text = json_text(object, JSON_COMPACT);
    g_autofree char *visible = json_text_visible(text, report_text_feeds_runner(&report->out));
    fprintf(report->out.file, "%s\n", visible);
    fflush(report->out.file);
  }
  json_decref(object);
}

gboolean
report_is_servers_word(const GError *error)
{
  return owup_error_status(error) >= 400 && !owup_error_is(error, OWUP_ERROR_NOT_OPENWEBUI) &&
         !owup_error_is(error, OWUP_ERROR_REDIRECT) && !owup_error_is(error, OWUP_ERROR_BLOCKED) &&
         !owup_error_is(error, OWUP_ERROR_TOO_BIG);
}

int
report_error(Report *report, const GError *error)
{
  gboolean ours = error->domain == OWUP_ERROR;
  int status = ours ? owup_error_exit((OwupErrorCode)error->code) : 1;
  if (report->options.json) {
    json_t *object = json_fields_new("error");
    json_object_set_new(object, "error", json_fields_error(error));
    json_add_int(object, "exit", status);
    report_json(report, object);
    return status;
  }
  g_auto(GStrv) lines = g_strsplit(error->message, "\n", 2);
  report_fault(report, MARK_FAILED, "%s", lines[0]);
  if (lines[0] != NULL && lines[1] != NULL)
    report_indented(report, lines[1]);
  gboolean servers = report_is_servers_word(error);
  if (servers && owup_error_detail(error) != NULL)
    report_servers_words(report, owup_error_detail(error));
  report_indented(report, owup_error_hint(error));
  if (!servers && owup_error_detail(error) != NULL)
    report_fault(report, MARK_UNDER, "(%s)", owup_error_detail(error));
  return status;
}
