#include "json_escape.h"

#include <string.h>

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
