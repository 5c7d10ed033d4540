/* SPDX-License-Identifier: MIT */
/* Text from outside on its way to a stream. */
#include "ci_env.h"
#include "report_private.h"
#include "terminal_text.h"

#include <string.h>
#include <sys/stat.h>

/* More of a title, or of whatever else stands between quotes, no line needs. */
#define QUOTED_WIDTH 80

gboolean
report_text_feeds_runner(const Stream *stream)
{
  struct stat found;
  return !stream->terminal && ci_env_is_github() && fstat(fileno(stream->file), &found) == 0 &&
         !S_ISREG(found.st_mode);
}

static char *
defused(const Stream *stream, char *text)
{
  if (!report_text_feeds_runner(stream))
    return text;
  char *safe = ci_env_defuse(text);
  g_free(text);
  return safe;
}

char *
report_text_safe(const Report *report, const char *text, gboolean keep_lines)
{
  g_autofree char *redacted = redactor_words(report->redactor, text);
  return terminal_text_safe(redacted, keep_lines);
}

/* Where what `quote` opens ends: at the next quote that closes a word, or NULL. */
static const char *
closing_quote(const char *quote)
{
  for (const char *at = quote + 1; (at = strchr(at, '\'')) != NULL; at++)
    if (at[1] == '\0' || strchr(" :.,;!)?", at[1]) != NULL)
      return at;
  return NULL;
}

char *
report_text_short(const char *text)
{
  GString *out = g_string_sized_new(strlen(text));
  for (const char *at = text; *at != '\0';) {
    gboolean opens = *at == '\'' && (at == text || strchr(" (\"", at[-1]) != NULL);
    const char *end = opens ? closing_quote(at) : NULL;
    if (end == NULL) {
      g_string_append_c(out, *at++);
      continue;
    }
    g_autofree char *quoted = g_strndup(at + 1, (gsize)(end - at) - 1);
    g_autofree char *fit = terminal_text_width(quoted) > QUOTED_WIDTH
                               ? terminal_text_fit(quoted, QUOTED_WIDTH)
                               : g_strdup(quoted);
    g_string_append_printf(out, "'%s'", g_strchomp(fit));
    at = end + 1;
  }
  return g_string_free(out, FALSE);
}

void
report_text_line(Report *report, const Stream *stream, const char *line)
{
  g_autofree char *safe = defused(stream, g_strconcat(line, "\n", NULL));
  progress_line_hide(report->progress);
  fwrite(safe, 1, strlen(safe), stream->file);
  fflush(stream->file);
}

/* To a terminal as diff has it: a carriage return that only ends a line is none to show. */
static char *
terminal_lines(const char *text)
{
  GString *plain = g_string_new(text);
  g_string_replace(plain, "\r\n", "\n", 0);
  char *safe = terminal_text_safe(plain->str, TRUE);
  g_string_free(plain, TRUE);
  return safe;
}

void
report_text_code(Report *report, const char *text, gsize len)
{
  Stream *stream = &report->out;
  g_autofree char *copy = g_strndup(text, len);
  g_autofree char *shown = stream->terminal                   ? terminal_lines(copy)
                           : report_text_feeds_runner(stream) ? ci_env_defuse(copy)
                                                              : NULL;
  progress_line_hide(report->progress);
  fwrite(shown != NULL ? shown : text, 1, shown != NULL ? strlen(shown) : len, stream->file);
  fflush(stream->file);
}
