/* SPDX-License-Identifier: MIT */
#include "json_redact.h"

#include <string.h>

static const char *const exempt[] = {
    "type",    "id",         "kind", "family", "file",    "result",       "state",
    "action",  "where",      "code", "diff",   "sha256",  "base",         "from",
    "content", "version_id", "url",  "server", "api_key", "user_api_key", /* the sandbox's own */
    NULL,
};

/* NULL: it stays. */
static json_t *
redacted(Redactor *redactor, const json_t *value)
{
  const char *text = json_string_value(value);
  g_autofree char *safe = text != NULL ? redactor_words(redactor, text) : NULL;
  return safe != NULL && strcmp(safe, text) != 0 ? json_string(safe) : NULL;
}

void
json_redact(Redactor *redactor, json_t *json)
{
  const char *name;
  json_t *value;
  void *next;
  json_object_foreach_safe(json, next, name, value)
  {
    if (g_strv_contains(exempt, name) && json_is_string(value))
      continue;
    json_t *safe = redacted(redactor, value);
    if (safe != NULL)
      json_object_set_new(json, name, safe);
    else
      json_redact(redactor, value);
  }
  for (gsize i = 0; i < json_array_size(json); i++) {
    json_t *safe = redacted(redactor, json_array_get(json, i));
    if (safe != NULL)
      json_array_set_new(json, i, safe);
    else
      json_redact(redactor, json_array_get(json, i));
  }
}
