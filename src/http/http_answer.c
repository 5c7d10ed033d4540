/* SPDX-License-Identifier: MIT */
#include "http_answer.h"

void
http_answer_clear(HttpAnswer *answer)
{
  g_free(answer->content_type);
  g_free(answer->location);
  g_free(answer->challenge);
  g_free(answer->server);
  g_clear_pointer(&answer->body, g_bytes_unref);
  *answer = (HttpAnswer){0};
}

/* The lower-cased start of a header's value up to `stop` or a space. */
static char *
first_word(const char *value, char stop)
{
  gsize n = 0;
  while (value[n] != '\0' && value[n] != stop && value[n] != ' ')
    n++;
  return g_ascii_strdown(value, (gssize)n);
}

static const char *
header_value(CURL *easy, const char *name)
{
  struct curl_header *header = NULL;
  if (sym_curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
    return NULL;
  return header->value;
}

/* Seconds, or a date, which is compared with the server's own. */
static gint64
retry_after(const char *value, gint64 date)
{
  char *end = NULL;
  if (value == NULL)
    return -1;
  guint64 seconds = g_ascii_strtoull(value, &end, 10);
  if (end != value && *end == '\0')
    return (gint64)MIN(seconds, G_MAXINT32);
  time_t then = sym_curl_getdate(value, NULL);
  return then > 0 && date > 0 ? MAX(then - date, 0) : -1;
}

void
http_answer_fill(HttpAnswer *answer, CURL *easy, GByteArray *body)
{
  long status = 0;
  char *location = NULL;
  sym_curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  sym_curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
  const char *type = header_value(easy, "content-type");
  const char *date = header_value(easy, "date");
  const char *challenge = header_value(easy, "www-authenticate");
  time_t seconds = date != NULL ? sym_curl_getdate(date, NULL) : -1;
  answer->status = (int)status;
  answer->content_type = first_word(type != NULL ? type : "", ';');
  answer->location = g_strdup(location);
  answer->challenge = challenge != NULL ? first_word(challenge, ',') : NULL;
  answer->date = seconds > 0 ? seconds : 0;
  answer->server = g_strdup(header_value(easy, "server"));
  answer->retry_after = retry_after(header_value(easy, "retry-after"), answer->date);
  answer->body = body != NULL ? g_byte_array_free_to_bytes(body) : g_bytes_new_static("", 0);
}
