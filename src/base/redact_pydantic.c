/* SPDX-License-Identifier: MIT */
/* pydantic tells what it was given, which may be one value or all of them:
 *
 *   1 validation error for Valves
 *   api_key
 *     Value error, bad key [type=value_error, input_value='hunter2', input_type=str]
 *       For further information visit https://errors.pydantic.dev/2.12/v/value_error
 *
 * What stands there is Python's repr(), perhaps of a class that writes as it likes, and shortened
 * in the middle, so its quotes and brackets prove nothing: it ends where its line ends as
 * pydantic's do.
 */
#include "redact_private.h"

#include <string.h>

static const char input[] = "input_value=", type[] = ", input_type=";

/* ", input_type=str]" at the end of a line, perhaps inside brackets or quotes of an error that
 * tells this one; or NULL. */
static const char *
find_type(const char *line, const char *end)
{
  const char *at = end;
  while (at > line && strchr("])}'\" \r", at[-1]) != NULL)
    at--;
  const char *bracket = at;
  while (at > line && (g_ascii_isalnum(at[-1]) || at[-1] == '_' || at[-1] == '.'))
    at--;
  gsize len = strlen(type);
  if (bracket == end || *bracket != ']' || bracket == at || (gsize)(at - line) < len)
    return NULL;
  return memcmp(at - len, type, len) == 0 ? at - len : NULL;
}

/* Where the value ends that begins at `at`; at the text's end where nothing tells. */
static const char *
find_end(const char *at)
{
  for (const char *line = at;; line++) {
    const char *end = line + strcspn(line, "\n");
    const char *found = find_type(line, end);
    if (found != NULL || *end == '\0')
      return found != NULL ? found : end;
    line = end;
  }
}

/* 'text', 5, True: not what may hold others. */
static gboolean
is_scalar(const char *at)
{
  return g_ascii_isdigit(*at) || strchr("'\"-TFN", *at) != NULL;
}

/* Where errors are counted, "2 validation errors for Valves", and how many; NULL without. */
static const char *
find_title(const char *text, guint64 *count)
{
  const char *title = strstr(text, " validation error");
  while (title != NULL && title > text && g_ascii_isdigit(title[-1]))
    title--;
  *count = title != NULL ? g_ascii_strtoull(title, NULL, 10) : 0;
  return title;
}

static guint64
count_values(const char *text)
{
  guint64 count = 0;
  for (const char *at = text; (at = strstr(at, input)) != NULL; at += strlen(input))
    count++;
  return count;
}

/* The field of the value at `at`, the number `n` (from 0) of those below the title: below it each
 * error has three lines, of which the first is the name alone (of what is deeper, "field.0.name",
 * its first part). NULL where that is not so: then somebody wrote lines that only look like it. */
static char *
field_name(const char *title, const char *at, guint64 n)
{
  const char *line = title, *name = NULL;
  guint64 number = 0;
  for (const char *next = title; (next = memchr(next, '\n', (gsize)(at - next))) != NULL;) {
    name = line;
    line = ++next;
    number++;
  }
  if (name == NULL || number != 3 * n + 2 || strncmp(line, "  ", 2) != 0 || g_ascii_isspace(*name))
    return NULL;
  gsize len = strcspn(name, ". \n");
  return name[len] != ' ' ? g_strndup(name, len) : NULL;
}

void
redact_pydantic(const char *text, RedactIsPublic is_public, gpointer data, GArray *ranges)
{
  guint64 count, n = 0;
  const char *title = find_title(text, &count);
  const char *at = strstr(text, input);
  gboolean genuine =
      is_public != NULL && title != NULL && at > title && count == count_values(text);
  for (; at != NULL; at = strstr(at, input), n++) {
    at += strlen(input);
    g_autofree char *name = genuine && is_scalar(at) ? field_name(title, at, n) : NULL;
    if (name != NULL && is_public(name, data))
      continue;
    const char *end = find_end(at);
    RedactRange range = {(gsize)(at - text), (gsize)(end - text)};
    g_array_append_val(ranges, range);
    at = end;
  }
}
