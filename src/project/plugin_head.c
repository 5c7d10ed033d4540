/* SPDX-License-Identifier: MIT */
#include "plugin_head.h"

#include <string.h>

#define FENCE "\"\"\""

/* The bytes up to the end of the second `"""`: all that frontmatter is read from. */
static gsize
head_length(const char *text, gsize len)
{
  const char *end = text + len;
  const char *first = memmem(text, len, FENCE, strlen(FENCE));
  if (first == NULL)
    return 0;
  first += strlen(FENCE);
  const char *second = memmem(first, (gsize)(end - first), FENCE, strlen(FENCE));
  return second != NULL ? (gsize)(second - text) + strlen(FENCE) : len;
}

Frontmatter *
plugin_head_read(const char *text, gsize len)
{
  gsize head = head_length(text, len);
  return g_utf8_validate_len(text, head, NULL) ? frontmatter_parse(text, head) : NULL;
}
