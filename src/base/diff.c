/* SPDX-License-Identifier: MIT */
#include "diff.h"

#include "diff_script.h"

#include <string.h>

#define CONTEXT 3u

static void
append_range(GString *out, char sign, guint start, guint end)
{
  /* An empty range names the line before it; a range of one line leaves out its length. */
  g_string_append_printf(out, "%c%u", sign, start == end ? start : start + 1);
  if (end - start != 1)
    g_string_append_printf(out, ",%u", end - start);
}

static void
append_lines(GString *out, char sign, GArray *lines, guint start, guint end)
{
  for (guint i = start; i < end; i++) {
    const DiffLine *line = &g_array_index(lines, DiffLine, i);
    g_string_append_c(out, sign);
    gsize from = out->len;
    g_string_append_len(out, line->text, (gssize)line->length);
    /* The result is a C string. */
    for (char *nul; (nul = memchr(out->str + from, '\0', out->len - from)) != NULL;)
      *nul = '?';
    if (line->text[line->length - 1] != '\n')
      g_string_append(out, "\n\\ No newline at end of file\n");
  }
}

/* Changes [first, last] of the script, with their context, as one hunk. */
static void
append_hunk(GString *out, const DiffScript *script, guint first, guint last)
{
  const DiffChange *changes = &g_array_index(script->changes, DiffChange, 0);
  guint before = MIN(CONTEXT, changes[first].a);
  guint after = MIN(CONTEXT, script->a->len - changes[last].a_end);
  guint at = changes[first].a - before;
  g_string_append(out, "@@ ");
  append_range(out, '-', at, changes[last].a_end + after);
  g_string_append_c(out, ' ');
  append_range(out, '+', changes[first].b - before, changes[last].b_end + after);
  g_string_append(out, " @@\n");
  for (guint i = first; i <= last; i++) {
    append_lines(out, ' ', script->a, at, changes[i].a);
    append_lines(out, '-', script->a, changes[i].a, changes[i].a_end);
    append_lines(out, '+', script->b, changes[i].b, changes[i].b_end);
    at = changes[i].a_end;
  }
  append_lines(out, ' ', script->a, at, at + after);
}

char *
diff_unified(const char *a_label, GBytes *a, const char *b_label, GBytes *b)
{
  if (g_bytes_equal(a, b))
    return g_strdup("");
  g_autoptr(DiffScript) script = diff_script_new(a, b);
  const DiffChange *changes = &g_array_index(script->changes, DiffChange, 0);
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "--- %s\n+++ %s\n", a_label, b_label);
  for (guint first = 0, last; first < script->changes->len; first = last + 1) {
    last = first;
    while (last + 1 < script->changes->len &&
           changes[last + 1].a - changes[last].a_end <= 2 * CONTEXT)
      last++;
    append_hunk(out, script, first, last);
  }
  return g_string_free(out, FALSE);
}

void
diff_count(GBytes *a, GBytes *b, guint *added, guint *removed)
{
  *added = *removed = 0;
  if (g_bytes_equal(a, b))
    return;
  g_autoptr(DiffScript) script = diff_script_new(a, b);
  for (guint i = 0; i < script->changes->len; i++) {
    const DiffChange *change = &g_array_index(script->changes, DiffChange, i);
    *removed += change->a_end - change->a;
    *added += change->b_end - change->b;
  }
}
