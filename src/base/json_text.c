#include "json_text.h"

#include <stdlib.h>

char *
json_text(const json_t *json, size_t flags)
{
  char *text = json_dumps(json, flags);
  char *copy = g_strdup(text);
  free(text);
  return copy;
}
