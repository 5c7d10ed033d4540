#include "closest_word.h"

#include "edit_distance.h"

#include <string.h>

/* How many mistakes a word of this length may have. */
static guint
mistakes_allowed(gsize len)
{
  return len <= 2 ? 0 : len <= 5 ? 2 : 3;
}

const char *
closest_word(const char *word, const char *const *candidates)
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
