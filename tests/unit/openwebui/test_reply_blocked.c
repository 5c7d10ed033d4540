/* SPDX-License-Identifier: MIT */
/* Answers of one who took the request for himself. */
#include "error.h"
#include "reply.h"

#include <string.h>

#define JSON "application/json"
#define PAGE "text/html"

typedef struct {
  int status;
  const char *type, *body;
  Call call;
  gboolean reads_pass;
  OwupErrorCode code;
  const char *in_hint;
} Case;

static GError *
read_error(const Case *test, const char *server)
{
  g_auto(HttpAnswer) answer = {
      .status = test->status,
      .content_type = g_strdup(test->type),
      .server = g_strdup(server),
      .body = g_bytes_new(test->body, strlen(test->body)),
  };
  ReplyContext context = {
      .call = test->call,
      .url = "http://owui:3000",
      .path = "/api/v1/functions/create",
      .reads_pass = test->reads_pass,
  };
  json_t *json = NULL;
  GError *error = NULL;
  g_assert_false(reply_read(&answer, &context, NULL, &json, &error));
  return error;
}

static void
test_cases(void)
{
  static const Case cases[] = {
      /* So does Open WebUI's own web server answer a head that is too large. */
      {400, "text/plain", "Invalid HTTP request received.", CALL_READ, FALSE, OWUP_ERROR_BLOCKED,
       "--header"},
      {400, PAGE, "<title>400 The plain HTTP request was sent to HTTPS port</title>", CALL_READ,
       FALSE, OWUP_ERROR_BLOCKED, "https://"},
      {400, JSON, "{\"message\":\"bad\"}", CALL_CREATE, TRUE, OWUP_ERROR_BLOCKED, "--header"},
      {400, JSON, "{\"detail\":\"no\"}", CALL_CREATE, TRUE, OWUP_ERROR_REFUSED, NULL},
      {403, PAGE, "<title>Blocked</title>", CALL_UPDATE, TRUE, OWUP_ERROR_BLOCKED, "firewall"},
      {403, PAGE, "<title>Sign in</title>", CALL_UPDATE, FALSE, OWUP_ERROR_NOT_OPENWEBUI,
       "--header"},
      {403, PAGE, "<title>Sign in</title>", CALL_READ, TRUE, OWUP_ERROR_NOT_OPENWEBUI, "--header"},
      {405, PAGE, "<title>405 Not Allowed</title>", CALL_CREATE, TRUE, OWUP_ERROR_BLOCKED, "POST"},
      {406, PAGE, "<title>Not Acceptable!</title>", CALL_CREATE, TRUE, OWUP_ERROR_BLOCKED,
       "firewall"},
      {411, PAGE, "<title>411</title>", CALL_CREATE, TRUE, OWUP_ERROR_BLOCKED, "HTTP/2"},
      {413, PAGE, "<title>413</title>", CALL_CREATE, TRUE, OWUP_ERROR_TOO_BIG, "client_max_body"},
      {414, PAGE, "<title>414</title>", CALL_READ, FALSE, OWUP_ERROR_BLOCKED, "shorter id"},
      {415, JSON, "{\"message\":\"no\"}", CALL_CREATE, TRUE, OWUP_ERROR_BLOCKED, "JSON"},
      {429, PAGE, "<title>429</title>", CALL_CREATE, TRUE, OWUP_ERROR_SERVER, "wait"},
      {431, PAGE, "<title>431</title>", CALL_READ, FALSE, OWUP_ERROR_BLOCKED, "too large"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = read_error(&cases[i], "nginx/1.25");
    g_test_message("%d %s: %s", cases[i].status, cases[i].body, error->message);
    g_assert_cmpstr(owup_error_name((OwupErrorCode)error->code), ==,
                    owup_error_name(cases[i].code));
    if (cases[i].in_hint != NULL)
      g_assert_nonnull(strstr(owup_error_hint(error), cases[i].in_hint));
    g_assert_true(reply_not_passed_on(error));
  }
}

static void
test_who(void)
{
  static const Case test = {.status = 413, .type = PAGE, .body = "<title>413</title>"};
  static const struct {
    const char *server, *message;
  } cases[] = {
      {NULL, "Something in front of http://owui:3000 takes no request of this size"},
      {"cloudflare", "cloudflare in front of http://owui:3000 takes no request of this size"},
      {"uvicorn", "The web server of http://owui:3000 (uvicorn) takes no request of this size"},
      {"\x1b[31m", "[31m in front of http://owui:3000 takes no request of this size"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = read_error(&test, cases[i].server);
    g_assert_cmpstr(error->message, ==, cases[i].message);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/reply_blocked/cases", test_cases);
  g_test_add_func("/reply_blocked/who", test_who);
  return g_test_run();
}
