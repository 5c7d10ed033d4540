#include "json_text.h"

#include "json_exact.h"

#include <stdlib.h>

char *
json_text(const json_t *json, size_t flags)
{
  char *dump = json_dumps(json, flags);
  char *text = dump != NULL ? json_exact_unmark(dump) : NULL;
  if (text == NULL)
    text = g_strdup(dump);
  free(dump);
  return text;
}
