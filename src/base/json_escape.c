/* SPDX-License-Identifier: MIT */
#include "json_escape.h"

#include <string.h>

static gboolean
needs_escape(char c)
{
  return (guchar)c < 0x20 || c == '"' || c == '\\';
}

/* A byte of all eight. */
#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))

/* The top bits of the bytes below `limit` (0x80 at most); of the bytes above such a one, some more.
 */
static guint64
below(guint64 eight, guchar limit)
{
  return (eight - EACH(limit)) & ~eight & EACH(0x80);
}

/* Eight bytes at once: a plugin is gone through three times between its save and its being live. */
gsize
json_escape_plain_length(const char *text, gsize len)
{
  gsize n = 0;
  guint64 eight;
  for (; n + sizeof eight <= len; n += sizeof eight) {
    memcpy(&eight, text + n, sizeof eight);
    if ((below(eight, 0x20) | below(eight ^ EACH('"'), 1) | below(eight ^ EACH('\\'), 1)) != 0)
      break;
  }
  while (n < len && !needs_escape(text[n]))
    n++;
  return n;
}

gsize
json_escape(char c, char escape[JSON_ESCAPE_MAX])
{
  static const char bytes[] = "\n\t\r\"\\\b\f", letters[] = "ntr\"\\bf";
  static const char digits[] = "0123456789abcdef";
  const char *known = c != '\0' ? strchr(bytes, c) : NULL;
  escape[0] = '\\';
  if (known != NULL) {
    escape[1] = letters[known - bytes];
    return 2;
  }
  escape[1] = 'u';
  escape[2] = escape[3] = '0';
  escape[4] = digits[((guchar)c >> 4) & 0xF];
  escape[5] = digits[(guchar)c & 0xF];
  return 6;
}
