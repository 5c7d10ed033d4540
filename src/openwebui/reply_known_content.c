/* SPDX-License-Identifier: MIT */
#include "reply_known_content.h"

#include "json_escape.h"
#include "json_exact.h"

#include <string.h>

/* Within a string each quote has a backslash before it, so these bytes are a key and the start of
 * its value wherever they stand. */
#define KEY "\"content\":\""

/* Goes over `len` bytes where they stand at `*at`. */
static gboolean
skip_bytes(const char **at, const char *end, const char *bytes, gsize len)
{
  if ((gsize)(end - *at) < len || memcmp(*at, bytes, len) != 0)
    return FALSE;
  *at += len;
  return TRUE;
}

/* The closing quote of the string that begins at `at`, where it is `expected` as Python's json
 * writes it without ensure_ascii, as all servers do (0.6.10 to 0.12.4). Else NULL. */
static const char *
match(const char *at, const char *end, GBytes *expected)
{
  gsize len;
  const char *text = g_bytes_get_data(expected, &len);
  const char *stop = text + len;
  while (text < stop) {
    char escape[JSON_ESCAPE_MAX];
    gsize plain = json_escape_plain_length(text, (gsize)(stop - text));
    if (!skip_bytes(&at, end, text, plain))
      return NULL;
    text += plain;
    if (text < stop && !skip_bytes(&at, end, escape, json_escape(*text++, escape)))
      return NULL;
  }
  return at < end && *at == '"' ? at : NULL;
}

static gboolean
has_key(const char *text, const char *end)
{
  static const char name[] = "\"content\"";
  return memmem(text, (gsize)(end - text), name, strlen(name)) != NULL;
}

/* Parses all but the value from `start` to `stop`, and puts `expected` in its place. */
static json_t *
parse_around(const char *text, const char *start, const char *stop, const char *end,
             GBytes *expected)
{
  gsize len;
  const char *content = g_bytes_get_data(expected, &len);
  g_autoptr(GString) rest = g_string_new_len(text, start - text);
  g_string_append(rest, "true");
  g_string_append_len(rest, stop, end - stop);
  json_auto_t *json = json_exact_parse(rest->str, rest->len, JSON_ALLOW_NUL, NULL);
  if (!json_is_true(json_object_get(json, "content")))
    return NULL;
  json_object_set_new(json, "content", json_stringn_nocheck(content, len));
  return g_steal_pointer(&json);
}

json_t *
reply_parse_known(GBytes *expected, const char *text, gsize len)
{
  const char *end = text + len;
  const char *key = memmem(text, len, KEY, strlen(KEY));
  if (key == NULL || g_bytes_get_size(expected) == 0)
    return NULL;
  const char *value = key + strlen(KEY);
  const char *quote = match(value, end, expected);
  /* Only one: else the one that was found could be another object's. */
  if (quote == NULL || has_key(text, key + 1) || has_key(quote, end))
    return NULL;
  return parse_around(text, value - 1, quote + 1, end, expected);
}
