/* SPDX-License-Identifier: MIT */
/* Any bytes through the outline. The first byte says whether the text is said to be whole. */
#include "outline.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean condition)
{
  if (!condition)
    abort();
}

/* How many lines the text has. */
static int
count_lines(const char *text, gsize len)
{
  int lines = 1;
  for (gsize i = 0; i < len; i++)
    lines += text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'));
  return lines;
}

static void
check_field(const OutlineItem *item)
{
  require(item->annotation != NULL || item->value != NULL || item->on_self || item->in != NULL);
  if (item->value == NULL)
    return;
  g_autofree char *first = outline_argument(item->value, NULL);
  g_autofree char *named = outline_argument(item->value, "default");
  require(first == NULL || strlen(first) < strlen(item->value));
  require(named == NULL || strlen(named) < strlen(item->value));
}

static void
check_item(const OutlineItem *item, int lines)
{
  require(item->line >= 1 && item->line <= lines && item->column >= 1);
  require(*item->name != '\0' && g_utf8_validate(item->name, -1, NULL));
  require(item->in == NULL || item->in->line <= item->line);
  if (item->type == OUTLINE_FIELD)
    check_field(item);
  if (item->type != OUTLINE_CLASS)
    return;
  g_autofree char *text = outline_class_text(item);
  require(g_utf8_validate(text, -1, NULL) && g_str_has_prefix(text, "class"));
  require(item->bases != NULL && item->inside != NULL);
}

/* One more empty line above moves everything down by a line, and changes nothing else. */
static void
check_moved(const char *text, gsize len, gboolean whole, const Outline *outline)
{
  g_autofree char *copy = g_malloc(len + 1);
  *copy = '\n';
  memcpy(copy + 1, text, len);
  g_autoptr(Outline) moved = outline_read(copy, len + 1, whole);
  require(moved->items->len == outline->items->len);
  for (guint i = 0; i < moved->items->len; i++) {
    const OutlineItem *a = outline->items->pdata[i], *b = moved->items->pdata[i];
    require(b->line == a->line + 1 && b->column == a->column && strcmp(a->name, b->name) == 0);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  gboolean whole = data[0] % 2;
  const char *text = (const char *)data + 1;
  gsize len = size - 1;
  g_autoptr(Outline) outline = outline_read(text, len, whole);
  int lines = count_lines(text, len), line;
  for (guint i = 0; i < outline->items->len; i++)
    check_item(outline->items->pdata[i], lines);
  check_moved(text, len, whole, outline);
  if (g_utf8_validate(text, (gssize)len, NULL)) {
    const char *at = outline_docstring(text, len, &line);
    require(at == NULL || (at >= text && at <= text + len && line <= lines + 1));
  }
  return 0;
}
