/* SPDX-License-Identifier: MIT */
#include "edit_distance.h"

#include <string.h>

#define LENGTH_LIMIT 100

/* Decodes up to LENGTH_LIMIT characters; returns how many. */
static guint
decode(const char *text, gunichar *out)
{
  guint n = 0;
  for (; *text != '\0' && n < LENGTH_LIMIT; text = g_utf8_next_char(text))
    out[n++] = g_utf8_get_char(text);
  return n;
}

/* One row of the table: the costs of making b[0..] of the first `row` characters of `a`. */
static void
fill_row(const gunichar *a, guint row, const gunichar *b, guint b_len,
         guint (*costs)[LENGTH_LIMIT + 1])
{
  const guint *before = costs[(row + 1) % 3], *last = costs[(row + 2) % 3];
  guint *now = costs[row % 3];
  now[0] = row;
  for (guint i = 1; i <= b_len; i++) {
    guint cost = last[i - 1] + (a[row - 1] != b[i - 1]);
    cost = MIN(cost, MIN(last[i], now[i - 1]) + 1);
    if (row > 1 && i > 1 && a[row - 1] == b[i - 2] && a[row - 2] == b[i - 1])
      cost = MIN(cost, before[i - 2] + 1);
    now[i] = cost;
  }
}

guint
edit_distance(const char *a, const char *b, guint limit)
{
  gunichar a_chars[LENGTH_LIMIT], b_chars[LENGTH_LIMIT];
  guint a_len = decode(a, a_chars), b_len = decode(b, b_chars);
  guint costs[3][LENGTH_LIMIT + 1];
  for (guint i = 0; i <= b_len; i++)
    costs[0][i] = i;
  for (guint row = 1; row <= a_len; row++)
    fill_row(a_chars, row, b_chars, b_len, costs);
  return MIN(costs[a_len % 3][b_len], limit + 1);
}

/* How many mistakes a word of this length may have. */
static guint
mistakes_allowed(gsize len)
{
  return len <= 2 ? 0 : len <= 5 ? 2 : 3;
}

const char *
edit_distance_closest(const char *word, const char *const *candidates)
{
  const char *best = NULL;
  guint fewest = mistakes_allowed(strlen(word)) + 1;
  for (const char *const *at = candidates; *at != NULL; at++) {
    guint found = edit_distance(word, *at, fewest);
    if (found < fewest && found <= strlen(*at) / 2) {
      best = *at;
      fewest = found;
    }
  }
  for (const char *const *at = candidates; best == NULL && strlen(word) >= 2 && *at != NULL; at++)
    if (g_str_has_prefix(*at, word))
      best = *at;
  return best;
}
