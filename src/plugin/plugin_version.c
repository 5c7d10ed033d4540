/* SPDX-License-Identifier: MIT */
#include "plugin_version.h"

#include <string.h>

#define PARTS 4

typedef struct {
  guint64 parts[PARTS];
  const char *rest; /* what follows the numbers */
  gboolean known;
} Parsed;

static Parsed
parse(const char *text)
{
  Parsed parsed = {0};
  if (g_ascii_tolower(*text) == 'v' && g_ascii_isdigit(text[1]))
    text++;
  parsed.known = g_ascii_isdigit(*text);
  for (int i = 0; i < PARTS && g_ascii_isdigit(*text); i++) {
    char *end;
    parsed.parts[i] = g_ascii_strtoull(text, &end, 10);
    text = *end == '.' && g_ascii_isdigit(end[1]) ? end + 1 : end;
  }
  parsed.rest = text;
  return parsed;
}

int
plugin_version_compare(const char *a, const char *b, gboolean *known)
{
  Parsed left = parse(a), right = parse(b);
  if (known != NULL)
    *known = left.known && right.known;
  for (int i = 0; i < PARTS; i++)
    if (left.parts[i] != right.parts[i])
      return left.parts[i] < right.parts[i] ? -1 : 1;
  if (*left.rest == '\0' || *right.rest == '\0')
    return (*right.rest != '\0') - (*left.rest != '\0');
  return strcmp(left.rest, right.rest);
}

gboolean
plugin_version_is_strict(const char *version)
{
  int parts = 1;
  for (const char *at = version; *at != '\0'; at++) {
    if (*at == '.' && at != version && g_ascii_isdigit(at[-1]) && g_ascii_isdigit(at[1]))
      parts++;
    else if (!g_ascii_isdigit(*at))
      return FALSE;
  }
  return parts == 3;
}
