/* SPDX-License-Identifier: MIT */
#include "terminal_text.h"

#include <string.h>

static gboolean
is_bidi_control(gunichar c)
{
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

char *
terminal_text_safe(const char *text, gboolean keep_lines)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  GString *out = g_string_sized_new(strlen(valid));
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    gboolean line = keep_lines && (c == '\n' || c == '\t');
    if (line || !(g_unichar_iscntrl(c) || is_bidi_control(c)))
      g_string_append_unichar(out, c);
    else
      g_string_append_unichar(out, 0xFFFD);
  }
  return g_string_free(out, FALSE);
}

/* Columns that the character at `at` adds to the text so far. `*last` is the width of the character
 * before it (0 at the start) and becomes its own. U+FE0F asks for the emoji form of the character
 * before it, which is two columns wide. */
static gsize
width_step(const char *at, gsize *last)
{
  gunichar c = g_utf8_get_char(at);
  if (c == 0xFE0F) {
    gsize more = *last == 1 ? 1 : 0;
    *last = 0;
    return more;
  }
  *last = g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
  return *last;
}

gsize
terminal_text_width(const char *text)
{
  gsize width = 0, last = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
    width += width_step(at, &last);
  return width;
}

/* Is the character at `at` part of the one before it? */
static gboolean
belongs_before(const char *at)
{
  gunichar c = g_utf8_get_char(at);
  return c == 0xFE0F || g_unichar_iszerowidth(c);
}

/* Where `text` must be cut to take at most `width` columns, which are `*used`. No character is left
 * without what belongs to it. */
static const char *
find_cut(const char *text, gsize width, gsize *used)
{
  const char *cut = text;
  gsize now = 0, last = 0;
  *used = 0;
  for (const char *at = text; *at != '\0';) {
    now += width_step(at, &last);
    at = g_utf8_next_char(at);
    if (now > width)
      break;
    if (*at != '\0' && belongs_before(at))
      continue;
    cut = at;
    *used = now;
  }
  return cut;
}

char *
terminal_text_fit(const char *text, gsize width)
{
  gsize used = terminal_text_width(text);
  if (used <= width)
    return g_strdup_printf("%s%*s", text, (int)(width - used), "");
  if (width == 0)
    return g_strdup("");
  const char *cut = find_cut(text, width - 1, &used);
  return g_strdup_printf("%.*s…%*s", (int)(cut - text), text, (int)(width - 1 - used), "");
}

char *
terminal_text_fit_end(const char *text, gsize width)
{
  gsize left = terminal_text_width(text), last = 0;
  const char *from = text;
  if (left <= width || width == 0)
    return terminal_text_fit(text, width);
  while (*from != '\0' && (left > width - 1 || belongs_before(from))) {
    left -= width_step(from, &last);
    from = g_utf8_next_char(from);
  }
  return g_strdup_printf("…%s%*s", from, (int)(width - 1 - left), "");
}
