/* SPDX-License-Identifier: MIT */
#include "redact_private.h"

#include <string.h>

static RedactPlain *
plain_new(gsize len)
{
  RedactPlain *plain = g_new0(RedactPlain, 1);
  plain->text = g_string_sized_new(len + 1);
  plain->from = g_array_sized_new(FALSE, FALSE, sizeof(gsize), (guint)len + 1);
  return plain;
}

void
redact_plain_free(RedactPlain *plain)
{
  if (plain == NULL)
    return;
  g_string_free(plain->text, TRUE);
  g_array_unref(plain->from);
  g_free(plain);
}

static void
put(RedactPlain *plain, const char *bytes, gsize len, gsize from)
{
  g_string_append_len(plain->text, bytes, (gssize)len);
  for (gsize i = 0; i < len; i++)
    g_array_append_val(plain->from, from);
}

/* `digits` hexadecimal digits at `at`. */
static gboolean
read_hex(const char *at, const char *end, int digits, guint32 *number)
{
  *number = 0;
  if (end - at < digits)
    return FALSE;
  for (int i = 0; i < digits; i++) {
    int digit = g_ascii_xdigit_value(at[i]);
    if (digit < 0)
      return FALSE;
    *number = *number << 4 | (guint32)digit;
  }
  return TRUE;
}

/* %41, and %2541, which is its escape again. The escape's length, or 0. */
static gsize
read_percent(const char *at, const char *end, char *byte)
{
  const char *digits = at + 1;
  guint32 number, next;
  if (!read_hex(digits, end, 2, &number))
    return 0;
  while (number == '%' && read_hex(digits + 2, end, 2, &next)) {
    digits += 2;
    number = next;
  }
  *byte = (char)number;
  return (gsize)(digits + 2 - at);
}

static RedactPlain *
undo_percents(const char *text, gsize len)
{
  RedactPlain *plain = plain_new(len);
  const char *end = text + len;
  for (const char *at = text; at < end;) {
    char byte = *at;
    gsize n = *at == '%' ? read_percent(at, end, &byte) : 0;
    put(plain, &byte, 1, (gsize)(at - text));
    at += MAX(n, 1);
  }
  g_array_append_val(plain->from, len);
  return plain;
}

/* \u12ab and its other half, if it is one of two surrogates; the length behind the backslash. */
static gsize
read_unicode(const char *at, const char *end, gunichar *c)
{
  guint32 number, low;
  const char *next = at + 5;
  if (*at == 'U')
    return read_hex(at + 1, end, 8, c) ? 9 : 0;
  if (!read_hex(at + 1, end, 4, &number))
    return 0;
  *c = number;
  if (number < 0xD800 || number > 0xDBFF)
    return 5;
  while (next < end && *next == '\\')
    next++;
  if (next == at + 5 || next == end || *next != 'u' || !read_hex(next + 1, end, 4, &low) ||
      low < 0xDC00 || low > 0xDFFF)
    return 5;
  *c = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00);
  return (gsize)(next + 5 - at);
}

/* The next \x12 among what follows, behind any backslashes; `*at` moves behind it. */
static gboolean
take_byte(const char **at, const char *end, guint32 *byte)
{
  const char *next = *at;
  while (next < end && *next == '\\')
    next++;
  if (next == end || *next != 'x' || !read_hex(next + 1, end, 2, byte))
    return FALSE;
  *at = next + 3;
  return TRUE;
}

/* \xe9 is that character, but \xc3\xa9 are the bytes of one. */
static gsize
read_bytes(const char *at, const char *end, char out[6], gsize *n)
{
  guint32 first, more;
  const char *next = at;
  if (!take_byte(&next, end, &first))
    return 0;
  gsize follow = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  const char *behind = next;
  out[0] = (char)first;
  *n = 1;
  while (follow > 0 && *n <= follow && take_byte(&behind, end, &more) && (more & 0xC0) == 0x80)
    out[(*n)++] = (char)more;
  if (follow > 0 && *n == follow + 1 && g_utf8_validate(out, (gssize)*n, NULL))
    return (gsize)(behind - at);
  *n = (gsize)g_unichar_to_utf8(first, out);
  return (gsize)(next - at);
}

/* What stands behind the backslashes, as a character; the length that it took. */
static gsize
read_escape(const char *at, const char *end, char out[6], gsize *n)
{
  static const char letters[] = "ntrfvab", bytes[] = "\n\t\r\f\v\a\b";
  const char *known = *at != '\0' ? strchr(letters, *at) : NULL;
  gunichar c;
  gsize took = 0;
  *n = 1;
  if (*at == 'x')
    took = read_bytes(at, end, out, n);
  else if (*at == 'u' || *at == 'U') {
    took = read_unicode(at, end, &c);
    if (took > 0)
      *n = (gsize)g_unichar_to_utf8(c, out);
  }
  if (took > 0)
    return took;
  *n = 1;
  out[0] = known != NULL ? bytes[known - letters] : *at;
  return 1;
}

RedactPlain *
redact_unescape(const char *text, gsize len)
{
  g_autoptr(RedactPlain) once = undo_percents(text, len);
  RedactPlain *plain = plain_new(once->text->len);
  const char *begin = once->text->str, *end = begin + once->text->len;
  for (const char *at = begin; at < end;) {
    char out[6] = {*at};
    gsize n = 1, took = 1, from = g_array_index(once->from, gsize, at - begin);
    if (*at == '\\') {
      while (at < end && *at == '\\')
        at++;
      took = at < end ? read_escape(at, end, out, &n) : 0;
      n = took > 0 ? n : 0;
    }
    put(plain, out, n, from);
    at += took;
  }
  g_array_append_val(plain->from, len);
  return plain;
}

/* In a form a blank is written as a plus. */
void
redact_plain_plus(RedactPlain *plain)
{
  for (gsize i = 0; i < plain->text->len; i++)
    if (plain->text->str[i] == '+')
      plain->text->str[i] = ' ';
}
