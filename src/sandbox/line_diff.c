#include "line_diff.h"

#include <glib.h>
#include <string.h>

#define CONTEXT 3

static GPtrArray *
split_lines(const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  while (*text != '\0') {
    gsize len = strcspn(text, "\r\n");
    g_ptr_array_add(lines, g_strndup(text, len));
    text += len;
    if (*text != '\0')
      text += text[0] == '\r' && text[1] == '\n' ? 2 : 1;
  }
  return lines;
}

static void
append(GString *diff, char sign, GPtrArray *lines, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    g_string_append_printf(diff, "\n%c%s", sign, (const char *)lines->pdata[i]);
}

/* "first,count", counted from 1; the line before where there are none. */
static void
append_range(GString *diff, guint from, guint count)
{
  g_string_append_printf(diff, "%u", count > 0 ? from + 1 : from);
  if (count != 1)
    g_string_append_printf(diff, ",%u", count);
}

char *
line_diff(const char *before, const char *after, const char *from_name, const char *to_name)
{
  g_autoptr(GPtrArray) old = split_lines(before);
  g_autoptr(GPtrArray) new = split_lines(after);
  guint shorter = MIN(old->len, new->len), head = 0, tail = 0;
  while (head < shorter && g_str_equal(old->pdata[head], new->pdata[head]))
    head++;
  while (tail < shorter - head &&
         g_str_equal(old->pdata[old->len - 1 - tail], new->pdata[new->len - 1 - tail]))
    tail++;
  if (head == old->len && head == new->len)
    return g_strdup("");
  guint first = head - MIN(head, CONTEXT), after_it = MIN(tail, CONTEXT);
  guint old_end = old->len - tail, new_end = new->len - tail;
  GString *diff = g_string_new(NULL);
  g_string_append_printf(diff, "--- %s\n+++ %s\n@@ -", from_name, to_name);
  append_range(diff, first, old_end + after_it - first);
  g_string_append(diff, " +");
  append_range(diff, first, new_end + after_it - first);
  g_string_append(diff, " @@");
  append(diff, ' ', old, first, head);
  append(diff, '-', old, head, old_end);
  append(diff, '+', new, head, new_end);
  append(diff, ' ', old, old_end, old_end + after_it);
  return g_string_free(diff, FALSE);
}
