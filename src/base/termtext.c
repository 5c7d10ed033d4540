#include "termtext.h"

#include <string.h>

static gboolean
is_bidi_control(gunichar c)
{
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

char *
text_safe(const char *text, gboolean keep_lines)
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

/* Emoji that a terminal draws two columns wide; g_unichar_iswide() of GLib 2.74 knows most of them.
 * U+FE0F asks for the emoji form of the character before it, which is then wide. */
static gsize
char_width(gunichar c)
{
  if (g_unichar_iszerowidth(c) || c == 0xFE0F)
    return 0;
  return g_unichar_iswide(c) ? 2 : 1;
}

gsize
text_width(const char *text)
{
  gsize width = 0;
  gsize last = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c == 0xFE0F && last == 1)
      width++;
    last = char_width(c);
    width += last;
  }
  return width;
}

char *
text_fit(const char *text, gsize width)
{
  gsize have = text_width(text);
  if (have <= width)
    return g_strdup_printf("%s%*s", text, (int)(width - have), "");
  GString *out = g_string_new(NULL);
  gsize used = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gsize w = char_width(g_utf8_get_char(at));
    if (used + w + 1 > width)
      break;
    used += w;
    g_string_append_len(out, at, g_utf8_next_char(at) - at);
  }
  g_string_append(out, width > 0 ? "…" : "");
  g_string_append_printf(out, "%*s", (int)(width > used + 1 ? width - used - 1 : 0), "");
  return g_string_free(out, FALSE);
}
