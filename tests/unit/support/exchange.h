/* SPDX-License-Identifier: MIT */
/* One exchange as tests make it: a client with a key, a request, what must come of it. */
#pragma once

#include "error.h"
#include "http.h"

#include <string.h>

#define KEY "sk-0123456789abcdef0123456789abcdef"

static inline HttpClient *
client_with(const char *const *headers, Cancel *cancel)
{
  HttpOptions options = {.key = KEY, .headers = headers};
  return http_client_new(&options, cancel);
}

/* An error's parts, from a request that must fail. */
static inline GError *
fail(HttpClient *client, const HttpRequest *request, gboolean expect_sent)
{
  g_auto(HttpAnswer) answer = {0};
  gboolean sent = !expect_sent;
  GError *error = NULL;
  g_assert_false(http_send(client, request, &answer, &sent, &error));
  g_assert_nonnull(error);
  g_assert_null(answer.body);
  g_assert_cmpint(sent, ==, expect_sent);
  return error;
}

static inline void
assert_code(const GError *error, OwupErrorCode code)
{
  g_assert_true(error->domain == OWUP_ERROR);
  g_assert_cmpstr(owup_error_name((OwupErrorCode)error->code), ==, owup_error_name(code));
}

static inline HttpRequest
get(const char *url)
{
  return (HttpRequest){
      .method = "GET", .url = url, .idle_timeout_ms = 10000, .stop_at = CANCEL_NOW};
}

static inline HttpRequest
post(const char *url, const char *body)
{
  return (HttpRequest){.method = "POST",
                       .url = url,
                       .body = body,
                       .body_len = strlen(body),
                       .idle_timeout_ms = 10000,
                       .stop_at = CANCEL_NOW};
}

static inline void
send_well(HttpClient *client, const HttpRequest *request, HttpAnswer *answer)
{
  GError *error = NULL;
  gboolean sent = FALSE;
  http_send(client, request, answer, &sent, &error);
  g_assert_no_error(error);
  g_assert_true(sent);
}

static inline gboolean
has_line(const char *request, const char *line)
{
  g_autofree char *all = g_strconcat("\r\n", line, "\r\n", NULL);
  return strstr(request, all) != NULL;
}
