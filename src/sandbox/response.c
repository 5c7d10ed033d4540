/* SPDX-License-Identifier: MIT */
#include "response.h"

#include "json_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static Response *
answer_new(int status, const char *content_type, GBytes *body)
{
  Response *answer = g_new(Response, 1);
  answer->status = status;
  answer->content_type = content_type;
  answer->body = body;
  return answer;
}

Response *
response_json(int status, json_t *json)
{
  char *text = json_text(json, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref(json);
  if (text == NULL)
    return response_broken();
  return answer_new(status, "application/json", g_bytes_new_take(text, strlen(text)));
}

Response *
response_detail(int status, const char *text)
{
  return response_json(status, json_pack("{s:s}", "detail", text));
}

Response *
response_detailf(int status, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  return response_detail(status, text);
}

Response *
response_page(void)
{
  static const char page[] = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                             "<title>owup sandbox</title></head>\n"
                             "<body><p>This is owup's sandbox, which imitates Open WebUI's API "
                             "for functions and tools. It has no pages.</p></body>\n</html>\n";
  return answer_new(200, "text/html; charset=utf-8", g_bytes_new_static(page, sizeof page - 1));
}

Response *
response_broken(void)
{
  static const char text[] = "Internal Server Error";
  return answer_new(500, "text/plain; charset=utf-8", g_bytes_new_static(text, sizeof text - 1));
}

void
response_free(Response *answer)
{
  if (answer == NULL)
    return;
  g_bytes_unref(answer->body);
  g_free(answer);
}
