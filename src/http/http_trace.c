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
    "content", "code", "valves", "user", "email", "user_id", "api_key", "token", "access_grants"};

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

/* `depth` ends the walk through JSON that is nested on purpose. */
static void
hide_members(json_t *json, int depth)
{
  size_t i;
  const char *name;
  json_t *value;
  if (depth == 0) {
    json_object_clear(json);
    json_array_clear(json);
    return;
  }
  for (gsize n = 0; json_is_object(json) && n < G_N_ELEMENTS(hidden_members); n++)
    json_object_del(json, hidden_members[n]);
  json_object_foreach(json, name, value)
  {
    hide_members(value, depth - 1);
  }
  json_array_foreach(json, i, value)
  {
    hide_members(value, depth - 1);
  }
}

/* Cut to SHOWN_LIMIT bytes, cleaned of secrets and of what no terminal may get. */
static char *
shown_text(const char *text, gsize len, const char *key)
{
  gboolean cut = len > SHOWN_LIMIT;
  /* Secrets go first, so that none is left in part at the cut. */
  g_autofree char *copy = g_strndup(text, MIN(len, 4 * SHOWN_LIMIT));
  g_autofree char *redacted = redact_text(copy, key);
  g_autofree char *safe = terminal_text_safe(redacted, FALSE);
  gsize end = MIN(strlen(safe), SHOWN_LIMIT);
  while (end > 0 && end < strlen(safe) && ((guchar)safe[end] & 0xC0) == 0x80)
    end--;
  return g_strdup_printf("  %.*s%s", (int)end, safe, cut ? "…" : "");
}

char *
http_trace_request(const HttpRequest *request, const char *key)
{
  g_autofree char *size = size_text(request->body_len);
  g_autofree char *line =
      request->body == NULL ? g_strdup_printf("> %s %s", request->method, request->url)
                            : g_strdup_printf("> %s %s (%s)", request->method, request->url, size);
  return redact_text(line, key);
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
http_trace_body(const char *url, const char *type, const char *body, gsize len, const char *key)
{
  if (len == 0)
    return NULL;
  if (strstr(url, "/valves") != NULL)
    return g_strdup("  (valves are not shown)");
  json_auto_t *json = json_exact_parse(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
  if (json == NULL) /* Half an answer may hold half a secret: only a page's start is shown. */
    return strstr(type, "json") != NULL ? g_strdup("  (no JSON)") : shown_text(body, len, key);
  hide_members(json, 16);
  g_autofree char *text = json_text(json, JSON_COMPACT | JSON_ENCODE_ANY);
  return text != NULL ? shown_text(text, strlen(text), key) : NULL;
}
