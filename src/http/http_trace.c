/* SPDX-License-Identifier: MIT */
#include "http_private.h"

#include "json_exact.h"
#include "json_text.h"
#include "redact.h"
#include "terminal_text.h"

#include <jansson.h>
#include <string.h>

#define SHOWN_LIMIT 1024

/* Members of a request or an answer that hold secrets, people or a plugin's whole text. */
static const char *const hidden_members[] = {
    "content", "code",    "valves", "user",  "email",
    "user_id", "api_key", "token",  "input", "access_grants",
};

static char *
size_text(gsize n)
{
  if (n < 1000)
    return g_strdup_printf("%" G_GSIZE_FORMAT " B", n);
  if (n < 10000)
    return g_strdup_printf("%.1f KB", (double)n / 1000);
  if (n < 1000000)
    return g_strdup_printf("%.0f KB", (double)n / 1000);
  return g_strdup_printf("%.1f MB", (double)n / 1000000);
}

/* A validator's own words may tell what it was given, of which nothing is known yet. The error that
 * comes of it is told where more is known. */
static json_t *
without_validators_words(const json_t *value, const char *untold)
{
  const char *const begins[] = {"Value error, ", "Assertion failed, ", untold};
  const char *text = json_string_value(value);
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(begins) && begins[i] != NULL; i++) {
    const char *at = strstr(text, begins[i]);
    g_autofree char *cut =
        at != NULL ? g_strdup_printf("%.*s%s…", (int)(at - text), text, begins[i]) : NULL;
    if (cut != NULL)
      return json_string(cut);
  }
  return NULL;
}

/* `depth` ends the walk through JSON that is nested on purpose. */
static void
hide_members(json_t *json, const char *untold, int depth)
{
  size_t i;
  const char *name;
  json_t *value;
  void *next;
  if (depth == 0) {
    json_object_clear(json);
    json_array_clear(json);
    return;
  }
  for (gsize n = 0; json_is_object(json) && n < G_N_ELEMENTS(hidden_members); n++)
    json_object_del(json, hidden_members[n]);
  json_object_foreach_safe(json, next, name, value)
  {
    json_t *cut = without_validators_words(value, untold);
    if (cut != NULL)
      json_object_set_new(json, name, cut);
    else
      hide_members(value, untold, depth - 1);
  }
  json_array_foreach(json, i, value)
  {
    hide_members(value, untold, depth - 1);
  }
}

/* Cut to SHOWN_LIMIT bytes, cleaned of secrets and of what no terminal may get. */
static char *
shown_text(const char *text, gsize len, Redactor *redactor)
{
  gboolean cut = len > SHOWN_LIMIT;
  g_autofree char *redacted = redactor_head(redactor, text, len, 2 * SHOWN_LIMIT);
  g_autofree char *safe = terminal_text_safe(redacted, FALSE);
  gsize end = MIN(strlen(safe), SHOWN_LIMIT);
  while (end > 0 && end < strlen(safe) && ((guchar)safe[end] & 0xC0) == 0x80)
    end--;
  return g_strdup_printf("  %.*s%s", (int)end, safe, cut ? "…" : "");
}

char *
http_trace_request(const HttpRequest *request, Redactor *redactor)
{
  g_autofree char *size = size_text(request->body_len);
  g_autofree char *line =
      request->body == NULL ? g_strdup_printf("> %s %s", request->method, request->url)
                            : g_strdup_printf("> %s %s (%s)", request->method, request->url, size);
  return redactor_text(redactor, line);
}

char *
http_trace_answer(const HttpAnswer *answer, gint64 ms)
{
  g_autofree char *size = size_text(g_bytes_get_size(answer->body));
  g_autofree char *line =
      g_strdup_printf("< %d %s%s%s %" G_GINT64_FORMAT " ms", answer->status, answer->content_type,
                      answer->content_type[0] ? " " : "", size, ms);
  return terminal_text_safe(line, FALSE);
}

char *
http_trace_body(const char *url, const char *type, const char *body, gsize len,
                const HttpOptions *options)
{
  if (len == 0)
    return NULL;
  if (strstr(url, "/valves") != NULL)
    return g_strdup("  (valves are not shown)");
  json_auto_t *json = json_exact_parse(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
  if (json == NULL) /* Half an answer may hold half a secret: only a page's start is shown. */
    return strstr(type, "json") != NULL ? g_strdup("  (no JSON)")
                                        : shown_text(body, len, options->redactor);
  hide_members(json, options->untold, 16);
  g_autofree char *text = json_text(json, JSON_COMPACT | JSON_ENCODE_ANY);
  return text != NULL ? shown_text(text, strlen(text), options->redactor) : NULL;
}
