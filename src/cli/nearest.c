#include "nearest.h"

#include <string.h>

/* Longer words are no misspelt command or option. */
#define LONGEST 40

static guint
least(guint a, guint b, guint c)
{
  return MIN(MIN(a, b), c);
}

/* Optimal string alignment over bytes; G_MAXUINT where a word is too long to matter. */
static guint
mistakes(const char *a, const char *b)
{
  gsize len_a = strlen(a), len_b = strlen(b);
  guint cost[LONGEST + 1][LONGEST + 1];
  if (len_a > LONGEST || len_b > LONGEST)
    return G_MAXUINT;
  for (guint i = 0; i <= len_a; i++)
    cost[i][0] = i;
  for (guint j = 0; j <= len_b; j++)
    cost[0][j] = j;
  for (guint i = 1; i <= len_a; i++) {
    for (guint j = 1; j <= len_b; j++) {
      guint other = a[i - 1] != b[j - 1];
      cost[i][j] = least(cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + other);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = MIN(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[len_a][len_b];
}

const char *
nearest_word(const char *word, const char *const *candidates)
{
  const char *best = NULL;
  gsize len = strlen(word);
  guint fewest = len <= 2 ? 1 : len <= 5 ? 2 : 3;
  for (const char *const *at = candidates; *at != NULL; at++) {
    guint found = mistakes(word, *at);
    if (found < fewest || (found == fewest && best == NULL && found < strlen(*at) / 2 + 1)) {
      best = *at;
      fewest = found;
    }
  }
  for (const char *const *at = candidates; best == NULL && len >= 2 && *at != NULL; at++)
    if (g_str_has_prefix(*at, word))
      best = *at;
  return best;
}
