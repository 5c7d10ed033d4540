/* SPDX-License-Identifier: MIT */
#include "json_text.h"

#include "json_exact.h"

#include <stdlib.h>
#include <string.h>

char *
json_text(const json_t *json, size_t flags)
{
  char *dump = json_dumps(json, flags);
  char *text = dump != NULL ? json_exact_unmark(dump) : NULL;
  if (text == NULL)
    text = g_strdup(dump);
  free(dump);
  return text;
}

static gboolean
is_hidden(gunichar c)
{
  return (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* They stand in strings only: JSON's own text is ASCII. */
char *
json_text_visible(const char *text, gboolean github)
{
  GString *out = g_string_sized_new(strlen(text));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    gboolean opens = github && c == '[' && at - text >= 2 && at[-1] == '#' && at[-2] == '#';
    if (opens || is_hidden(c))
      g_string_append_printf(out, "\\u%04x", c);
    else
      g_string_append_unichar(out, c);
  }
  return g_string_free(out, FALSE);
}
