/* SPDX-License-Identifier: MIT */
#include "dotenv.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What is left to read: `at` moves towards `end`. */
typedef struct {
  const char *at;
  const char *end;
} Reader;

static const char *
line_end(const char *at, const char *end)
{
  const char *found = memchr(at, '\n', (gsize)(end - at));
  return found != NULL ? found : end;
}

static gboolean
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static const char *
skip_blanks(const char *at, const char *end)
{
  while (at < end && is_blank(*at))
    at++;
  return at;
}

static char *
copy_stripped(const char *start, const char *end)
{
  while (end > start && is_blank(end[-1]))
    end--;
  return g_strndup(start, (gsize)(end - start));
}

static gboolean
is_name_char(char c)
{
  return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

/* What stands between the name and its value. */
static const char *
sign_at(const char *at, const char *end, gboolean after_blank)
{
  static const char *const signs[] = {"=", ":", "：", "＝"};
  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
    gsize n = strlen(signs[i]);
    if ((gsize)(end - at) >= n && memcmp(at, signs[i], n) == 0)
      return signs[i];
  }
  return at < end && after_blank ? " " : NULL;
}

/* The name at the line's beginning, without `export`, and its sign. FALSE where there is none. In
 * an assignment, `reader` then stands behind the "=". */
static gboolean
read_name(Reader *reader, DotenvLine *line)
{
  const char *end = line_end(reader->at, reader->end);
  const char *start = skip_blanks(reader->at, end);
  if (end - start > 7 && strncmp(start, "export", 6) == 0 && is_blank(start[6]))
    start = skip_blanks(start + 6, end);
  const char *at = start;
  while (at < end && is_name_char(*at))
    at++;
  const char *after = skip_blanks(at, end);
  line->sign = sign_at(after, end, after > at);
  if (at == start || line->sign == NULL)
    return FALSE;
  if (strcmp(line->sign, "=") == 0)
    reader->at = after + 1;
  line->name = g_strndup(start, (gsize)(at - start));
  return TRUE;
}

static char
unescape(char c)
{
  switch (c) {
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return c;
  }
}

/* A value in quotes, which may go over several lines. NULL, with `reader` unmoved, where the quote
 * is never closed or more than a comment follows it: it is then no quote. */
static char *
read_quoted(Reader *reader)
{
  char quote = *reader->at;
  g_autoptr(GString) value = g_string_new(NULL);
  const char *at = reader->at + 1;
  for (; at < reader->end && *at != quote; at++) {
    if (quote == '"' && *at == '\\' && at + 1 < reader->end)
      g_string_append_c(value, unescape(*++at));
    else
      g_string_append_c(value, *at);
  }
  if (at >= reader->end)
    return NULL;
  const char *rest = skip_blanks(at + 1, reader->end);
  if (rest < reader->end && *rest != '\n' && *rest != '#')
    return NULL;
  reader->at = rest;
  return g_string_free(g_steal_pointer(&value), FALSE);
}

/* A value without quotes: to the line's end or a "#" after a blank. */
static char *
read_plain(Reader *reader)
{
  const char *end = line_end(reader->at, reader->end);
  const char *at = reader->at;
  while (at < end && !(*at == '#' && is_blank(at[-1])))
    at++;
  return copy_stripped(reader->at, at);
}

static char *
read_value(Reader *reader)
{
  reader->at = skip_blanks(reader->at, line_end(reader->at, reader->end));
  char *value = NULL;
  if (reader->at < reader->end && (*reader->at == '"' || *reader->at == '\''))
    value = read_quoted(reader);
  return value != NULL ? value : read_plain(reader);
}

static gboolean
check_text(const char *file, const char *text, gsize len, GError **error)
{
  const char *wrong = NULL;
  if (g_utf8_validate_len(text, len, &wrong))
    return TRUE;
  int line = 1;
  for (const char *at = text; at < wrong; at++)
    line += *at == '\n';
  if (*wrong == '\0')
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("%s:%d: a NUL byte is no text"), file, line);
  else
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("%s:%d: not UTF-8 text; save it as UTF-8"), file,
                   line);
  return FALSE;
}

void
dotenv_line_free(DotenvLine *line)
{
  g_free(line->name);
  g_free(line);
}

/* Takes over the line. */
static void
keep_line(GPtrArray *lines, const DotenvLine *line)
{
  if (lines != NULL)
    g_ptr_array_add(lines, g_memdup2(line, sizeof(*line)));
  else
    g_free(line->name);
}

/* Reads one line (a value in quotes may go over several); `number` is its number, counted on. */
static void
read_line(Reader *reader, int *number, GHashTable *values, GPtrArray *lines)
{
  const char *start = reader->at;
  DotenvLine line = {.number = *number};
  if (read_name(reader, &line)) {
    if (strcmp(line.sign, "=") == 0)
      g_hash_table_replace(values, g_ascii_strup(line.name, -1), read_value(reader));
    keep_line(lines, &line);
  }
  const char *end = line_end(reader->at, reader->end);
  reader->at = end < reader->end ? end + 1 : end;
  for (const char *at = start; at < reader->at; at++)
    *number += *at == '\n';
}

GHashTable *
dotenv_parse(const char *file, const char *text, gsize len, GPtrArray *lines, GError **error)
{
  if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    text += 3;
    len -= 3;
  }
  if (!check_text(file, text, len, error))
    return NULL;
  GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  Reader reader = {text, text + len};
  for (int number = 1; reader.at < reader.end;)
    read_line(&reader, &number, values, lines);
  return values;
}
