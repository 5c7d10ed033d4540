/* SPDX-License-Identifier: MIT */
/* What answers mean. The texts are those of real Open WebUI servers (the version stands beside
 * each), and of what people put in front of them. */
#include "reply.h"

#include "error.h"

#include <string.h>

#define URL "http://owui:3000"
#define JSON "application/json"
#define NOT_FOUND_TEXT "{\"detail\":\"We could not find what you're looking for :/\"}"
#define NO_PERMISSION                                                                              \
  "{\"detail\":\"You do not have permission to access this resource. Please contact your "         \
  "administrator for assistance.\"}"
#define BAD_KEY                                                                                    \
  "{\"detail\":\"Your session has expired or the token is invalid. Please sign in again.\"}"
#define TAKEN                                                                                      \
  "{\"detail\":\"Uh-oh! This id is already registered. Please choose another id string.\"}"

static HttpAnswer
answer_of(int status, const char *type, const char *body)
{
  return (HttpAnswer){
      .status = status,
      .content_type = g_strdup(type),
      .body = g_bytes_new(body, strlen(body)),
  };
}

static ReplyContext
context_of(Call call, Family family)
{
  return (ReplyContext){.call = call,
                        .family = family,
                        .url = URL,
                        .path = "/api/v1/functions/id/x",
                        .key_origin = "api_key in scripts/.env",
                        .key_place = KEY_PLACE_FILE};
}

/* The error of an answer that must be one; also checks what every error has. */
static GError *
error_of(const HttpAnswer *answer, const ReplyContext *context, Capabilities *learned)
{
  json_t *json = NULL;
  GError *error = NULL;
  g_assert_false(reply_read(answer, context, learned, &json, &error));
  g_assert_null(json);
  g_assert_nonnull(error);
  g_assert_true(error->domain == OWUP_ERROR);
  g_assert_cmpint(owup_error_status(error), ==, answer->status);
  if (owup_error_detail(error) != NULL)
    g_assert_true(g_utf8_validate(owup_error_detail(error), -1, NULL));
  return error;
}

typedef struct {
  Call call;
  Family family;
  int status;
  const char *body;
  OwupErrorCode code;
  const char *detail;
} Case;

static void
check_cases(const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_auto(HttpAnswer) answer = answer_of(cases[i].status, JSON, cases[i].body);
    ReplyContext context = context_of(cases[i].call, cases[i].family);
    context.key_proven = TRUE;
    g_autoptr(GError) error = error_of(&answer, &context, NULL);
    g_test_message("%d %s", cases[i].status, cases[i].body);
    g_assert_cmpstr(owup_error_name((OwupErrorCode)error->code), ==,
                    owup_error_name(cases[i].code));
    g_assert_cmpstr(owup_error_detail(error), ==, cases[i].detail);
  }
}

#define F FAMILY_FUNCTION
#define T FAMILY_TOOL

static void
test_absent(void)
{
  static const char words[] = "We could not find what you're looking for :/";
  static const Case cases[] = {
      /* all */
      {CALL_READ, F, 401, NOT_FOUND_TEXT, OWUP_ERROR_NOT_FOUND, words},
      {CALL_UPDATE, T, 401, NOT_FOUND_TEXT, OWUP_ERROR_NOT_FOUND, words},
      /* 0.6; from 0.8.12 on */
      {CALL_READ, T, 401, NOT_FOUND_TEXT, OWUP_ERROR_NOT_FOUND, words},
      {CALL_READ, T, 404, NOT_FOUND_TEXT, OWUP_ERROR_NOT_FOUND, words},
      /* 0.9.6, 0.11.4, 0.12.4 */
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: 400: [ERROR: Error updating function]]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error updating function"},
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: Error updating function]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error updating function"},
      {CALL_UPDATE, F, 400, "{\"detail\":\"Function not found\"}", OWUP_ERROR_NOT_FOUND,
       "Function not found"},
      /* The same words from a plugin's own code in a create. */
      {CALL_CREATE, F, 400, "{\"detail\":\"[ERROR: Function not found]\"}", OWUP_ERROR_REFUSED,
       "Function not found"},
  };
  check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_refused(void)
{
  static const char syntax[] = "invalid syntax (<string>, line 14)";
  static const Case cases[] = {
      /* up to 0.9; 0.12 */
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: invalid syntax (<string>, line 14)]\"}",
       OWUP_ERROR_REFUSED, syntax},
      {CALL_UPDATE, F, 400, "{\"detail\":\"invalid syntax (<string>, line 14)\"}",
       OWUP_ERROR_REFUSED, syntax},
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: No Function class found in the module]\"}",
       OWUP_ERROR_REFUSED, "No Function class found in the module"},
      /* from 0.10 on */
      {CALL_CREATE, F, 400, "{\"detail\":\"[ERROR: Error creating function]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error creating function"},
      {CALL_CREATE, T, 400, "{\"detail\":\"[ERROR: Error creating tool]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error creating tool"},
      {CALL_UPDATE, T, 400, "{\"detail\":\"[ERROR: Error updating tool]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error updating tool"},
      {CALL_OTHER, F, 400, "{\"detail\":\"[ERROR: Error updating function valves]\"}",
       OWUP_ERROR_REFUSED_HIDDEN, "Error updating function valves"},
      {CALL_CREATE, F, 400, "{\"detail\":\"Something went wrong :/\"}", OWUP_ERROR_REFUSED_HIDDEN,
       "Something went wrong :/"},
      /* An exception without a text: 0.9, 0.12. */
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: ]\"}", OWUP_ERROR_REFUSED_HIDDEN, ""},
      {CALL_UPDATE, F, 400, "{\"detail\":\"\"}", OWUP_ERROR_REFUSED_HIDDEN, ""},
      /* Brackets that belong to the reason. */
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: ['python', 'pip'] returned [1]]\"}",
       OWUP_ERROR_REFUSED, "['python', 'pip'] returned [1]"},
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: 400: [ERROR: x]]\"}", OWUP_ERROR_REFUSED, "x"},
      {CALL_UPDATE, F, 400, "{\"detail\":\"[ERROR: unfinished\"}", OWUP_ERROR_REFUSED,
       "[ERROR: unfinished"},
      /* all */
      {CALL_CREATE, F, 400, TAKEN, OWUP_ERROR_ID_TAKEN,
       "Uh-oh! This id is already registered. Please choose another id string."},
      {CALL_CREATE, T, 400,
       "{\"detail\":\"Only alphanumeric characters and underscores are allowed in the id\"}",
       OWUP_ERROR_ID_INVALID, "Only alphanumeric characters and underscores are allowed in the id"},
      {CALL_UPDATE, F, 422,
       "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"meta\"],\"msg\":\"Field required\","
       "\"input\":{\"id\":\"m\"}},{\"loc\":[\"body\",\"x\",2],\"msg\":\"Input should be a "
       "number\"}]}",
       OWUP_ERROR_REFUSED, "body.meta: Field required; body.x.2: Input should be a number"},
      {CALL_UPDATE, F, 422, "{\"detail\":[{\"odd\":1}]}", OWUP_ERROR_REFUSED, "[{\"odd\":1}]"},
      /* 0.12 */
      {CALL_UPDATE, F, 400,
       "{\"detail\":\"Current Valves are incompatible with this code: n: Input should be a valid "
       "integer\"}",
       OWUP_ERROR_VALVES_MISFIT,
       "Current Valves are incompatible with this code: n: Input should be a valid integer"},
      {CALL_UPDATE, F, 400,
       "{\"detail\":\"Functions are disabled by ENABLE_PLUGINS or ENABLE_FUNCTIONS\"}",
       OWUP_ERROR_PLUGINS_OFF, "Functions are disabled by ENABLE_PLUGINS or ENABLE_FUNCTIONS"},
      {CALL_UPDATE, T, 400, "{\"detail\":\"Tools are disabled by ENABLE_PLUGINS or ENABLE_TOOLS\"}",
       OWUP_ERROR_PLUGINS_OFF, "Tools are disabled by ENABLE_PLUGINS or ENABLE_TOOLS"},
  };
  check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_access(void)
{
  static const char bad_key[] =
      "Your session has expired or the token is invalid. Please sign in again.";
  static const char no_permission[] = "You do not have permission to access this resource. Please "
                                      "contact your administrator for assistance.";
  static const Case cases[] = {
      {CALL_READ, F, 401, BAD_KEY, OWUP_ERROR_KEY_BAD, bad_key},
      {CALL_UPDATE, T, 401, BAD_KEY, OWUP_ERROR_KEY_BAD, bad_key},
      {CALL_READ, F, 401, "{\"detail\":\"401 Unauthorized\"}", OWUP_ERROR_KEY_BAD,
       "401 Unauthorized"},
      {CALL_READ, T, 401, "{\"detail\":\"401 Unauthorized\"}", OWUP_ERROR_KEY_BAD,
       "401 Unauthorized"},
      {CALL_READ, F, 401, "{\"detail\":\"Not authenticated\"}", OWUP_ERROR_KEY_BAD,
       "Not authenticated"},
      {CALL_READ, F, 403, "{\"detail\":\"Not authenticated\"}", OWUP_ERROR_KEY_BAD, /* 0.6.10 */
       "Not authenticated"},
      {CALL_READ, F, 401, "{\"detail\":\"Something new\"}", OWUP_ERROR_KEY_BAD, "Something new"},
      {CALL_READ, F, 401, "{\"error\":\"Unauthorized\"}", OWUP_ERROR_KEY_BAD, "Unauthorized"},
      {CALL_READ, F, 401, "{}", OWUP_ERROR_KEY_BAD, NULL},
      {CALL_READ, F, 401, NO_PERMISSION, OWUP_ERROR_NOT_ADMIN, no_permission},
      /* A good key whose user may not write tools. */
      {CALL_CREATE, T, 401, "{\"detail\":\"401 Unauthorized\"}", OWUP_ERROR_NOT_ADMIN,
       "401 Unauthorized"},
      {CALL_READ, F, 403, NO_PERMISSION, OWUP_ERROR_KEY_RESTRICTED, no_permission},
      {CALL_READ, F, 403, "{\"detail\":\"Use of API key is not enabled in the environment.\"}",
       OWUP_ERROR_KEY_OFF, "Use of API key is not enabled in the environment."},
  };
  check_cases(cases, G_N_ELEMENTS(cases));

  /* The same words to a session token that the server never took. */
  g_auto(HttpAnswer) answer = answer_of(401, JSON, "{\"detail\":\"401 Unauthorized\"}");
  ReplyContext context = context_of(CALL_CREATE, T);
  g_autoptr(GError) error = error_of(&answer, &context, NULL);
  g_assert_true(owup_error_is(error, OWUP_ERROR_KEY_BAD));
}

static void
assert_hint(int status, const char *body, const ReplyContext *context, const char *hint)
{
  g_auto(HttpAnswer) answer = answer_of(status, JSON, body);
  g_autoptr(GError) error = error_of(&answer, context, NULL);
  g_assert_cmpstr(owup_error_hint(error), ==, hint);
}

static void
test_hints(void)
{
  ReplyContext context = context_of(CALL_READ, F);
  assert_hint(401, BAD_KEY, &context,
              "The key (api_key in scripts/.env) is unknown to " URL
              ". Make a new one there and replace that line.");
  context.key_origin = "OPENWEBUI_API_KEY";
  context.key_place = KEY_PLACE_VARIABLE;
  assert_hint(401, BAD_KEY, &context,
              "The key (OPENWEBUI_API_KEY) is unknown to " URL
              ". Make a new one there and put it in its place.");
  context.key_place = KEY_PLACE_UNKNOWN;
  assert_hint(401, BAD_KEY, &context,
              "The key is unknown to " URL
              ". Make a new one there: Settings > Account > API Keys.");
  assert_hint(401, NO_PERMISSION, &context, "This key's user is no admin; functions need one.");
  assert_hint(403, "{\"detail\":\"Use of API key is not enabled in the environment.\"}", &context,
              "An admin switches keys on: Admin Panel > Settings > Authentication (General before "
              "0.10). Until then a session token works as the key.");
  assert_hint(500, "{\"detail\":\"x\"}", &context,
              "Open WebUI's log has the cause, e.g. docker logs --tail 50 open-webui");
  assert_hint(401, "{\"detail\":\"Not authenticated\"}", &context,
              "The key did not arrive: something in front of Open WebUI takes the Authorization "
              "header away.");
  context.key_aside = TRUE;
  assert_hint(401, "{\"detail\":\"401 Unauthorized\"}", &context,
              "Open WebUI looks at the Authorization header first: what it is meant for must not "
              "pass it on.");
}

typedef struct {
  int status;
  const char *type, *body;
  OwupErrorCode code;
  const char *in_hint;
  const char *detail;
} Stranger;

static void
test_strangers(void)
{
  static const char page[] = "<!doctype html>\n<html lang=\"en\">\n<head><title>Open WebUI</title>";
  static const Stranger cases[] = {
      /* A path that the API does not have, on all versions. */
      {200, "text/html", page, OWUP_ERROR_NOT_OPENWEBUI, "without /admin", "Open WebUI"},
      {200, "", "\n <html>", OWUP_ERROR_NOT_OPENWEBUI, "without /admin", NULL},
      {404, "text/html", "<TITLE\n>404 Not\nFound</TITLE>", OWUP_ERROR_NOT_OPENWEBUI,
       "without /admin", "404 Not Found"},
      {404, JSON, "{\"detail\":\"Not Found\"}", OWUP_ERROR_NOT_OPENWEBUI, "path of the address",
       "Not Found"},
      {405, JSON, "{\"detail\":\"Method Not Allowed\"}", OWUP_ERROR_NOT_OPENWEBUI,
       "path of the address", "Method Not Allowed"},
      {404, JSON, "{\"error\":{\"message\":\"no route\"}}", OWUP_ERROR_NOT_OPENWEBUI,
       "path of the address", "{\"message\":\"no route\"}"},
      {400, JSON, "{\"message\":\"bad\"}", OWUP_ERROR_NOT_OPENWEBUI, "path of the address", "bad"},
      {200, "text/plain", "It works", OWUP_ERROR_NOT_OPENWEBUI, "path of the address", "It works"},
      /* Login pages. */
      {401, "text/html", "<html><head><title>401 Authorization Required</title></head>",
       OWUP_ERROR_NOT_OPENWEBUI, "--header", "401 Authorization Required"},
      {403, "text/html", "<html><title>Sign in</title>", OWUP_ERROR_NOT_OPENWEBUI, "--header",
       "Sign in"},
      /* Something in front. */
      {502, "text/html", "<html><head><title>502 Bad Gateway</title></head>", OWUP_ERROR_SERVER,
       "restarting", "502 Bad Gateway"},
      {503, "text/plain", "no available server\n", OWUP_ERROR_SERVER, "restarting",
       "no available server"},
      {522, "text/html", "<html>", OWUP_ERROR_SERVER, "restarting", NULL},
      {413, "text/html", "<html><title>413 Request Entity Too Large</title>", OWUP_ERROR_TOO_BIG,
       "client_max_body_size", "413 Request Entity Too Large"},
      {429, JSON, "{\"detail\":\"API rate limit exceeded\"}", OWUP_ERROR_SERVER, "wait",
       "API rate limit exceeded"},
      {407, "text/html", "<html><title>ERR</title>", OWUP_ERROR_PROXY, "http_proxy=", "ERR"},
      {500, "text/plain", "Internal Server Error", OWUP_ERROR_SERVER, "docker logs",
       "Internal Server Error"},
      {204, "", "", OWUP_ERROR_NOT_OPENWEBUI, "path of the address", NULL},
      /* 200, and yet nothing that makes sense. */
      {200, JSON, "", OWUP_ERROR_UNKNOWN, NULL, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(HttpAnswer) answer = answer_of(cases[i].status, cases[i].type, cases[i].body);
    ReplyContext context = context_of(CALL_READ, F);
    g_autoptr(GError) error = error_of(&answer, &context, NULL);
    g_test_message("%d %s: %s", cases[i].status, cases[i].body, error->message);
    g_assert_cmpstr(owup_error_name((OwupErrorCode)error->code), ==,
                    owup_error_name(cases[i].code));
    g_assert_cmpstr(owup_error_detail(error), ==, cases[i].detail);
    if (cases[i].in_hint != NULL)
      g_assert_nonnull(strstr(owup_error_hint(error), cases[i].in_hint));
    else
      g_assert_null(owup_error_hint(error));
  }
}

static void
test_basic_login(void)
{
  g_auto(HttpAnswer) answer = answer_of(401, JSON, "{\"message\":\"login\"}");
  ReplyContext context = context_of(CALL_READ, F);
  answer.challenge = g_strdup("basic");
  g_autoptr(GError) error = error_of(&answer, &context, NULL);
  g_assert_true(owup_error_is(error, OWUP_ERROR_NOT_OPENWEBUI));
  g_assert_nonnull(strstr(owup_error_hint(error), "--header"));
}

static void
test_redirects(void)
{
  static const struct {
    const char *location, *target;
  } cases[] = {
      {"https://owui.example.com/api/v1/functions/id/x", "https://owui.example.com"},
      {"https://owui:3000/chat/api/v1/functions/id/x?a=1", "https://owui:3000/chat"},
      {"https://team.cloudflareaccess.com/cdn-cgi/access/login/owui?redirect_url=/api/v1/functions/"
       "id/x",
       NULL},
      {NULL, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(HttpAnswer) answer = answer_of(302, "text/html", "<html>");
    ReplyContext context = context_of(CALL_READ, F);
    answer.location = g_strdup(cases[i].location);
    g_autoptr(GError) error = error_of(&answer, &context, NULL);
    g_assert_true(owup_error_is(error, OWUP_ERROR_REDIRECT));
    if (cases[i].target != NULL) {
      g_autofree char *message =
          g_strdup_printf("%s redirects to %s", context.url, cases[i].target);
      g_assert_cmpstr(error->message, ==, message);
      g_assert_nonnull(strstr(owup_error_hint(error), cases[i].target));
    } else {
      g_assert_nonnull(strstr(owup_error_hint(error), "--header"));
    }
  }
}

static void
test_broken_json(void)
{
  static const struct {
    const char *body, *in_message;
  } cases[] = {
      {"{\"id\":\"x\",\"content\":\"abc", "broken off"},
      {"{\"id\":\"x\"} trailing", "broken off"},
      {"{\"id\":\"\xff\"}", "broken off"},
      {"{\"id\":\"\\\xe1\xa3\x91\x8b\"}", "broken off"},
      {"{\"content\":\"a\\ud800b\"}", "lone surrogate"},
      {"{\"content\":\"a\\udc00b\"}", "lone surrogate"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(HttpAnswer) answer = answer_of(200, JSON, cases[i].body);
    ReplyContext context = context_of(CALL_UPDATE, F);
    g_autoptr(GError) error = error_of(&answer, &context, NULL);
    g_test_message("%s: %s", error->message, owup_error_detail(error));
    g_assert_true(owup_error_is(error, OWUP_ERROR_UNKNOWN));
    g_assert_nonnull(strstr(error->message, cases[i].in_message));
    g_assert_nonnull(strstr(owup_error_detail(error), "byte"));
  }
}

static void
test_good(void)
{
  static const char *const bodies[] = {"{\"id\":\"x\"}", "[]", "true", "null",
                                       "{\"content\":\"a\\u0000b\"}"};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_auto(HttpAnswer) answer = answer_of(200, JSON, bodies[i]);
    ReplyContext context = context_of(CALL_READ, F);
    GError *error = NULL;
    json_t *json = NULL;
    g_assert_true(reply_read(&answer, &context, NULL, &json, &error));
    g_assert_no_error(error);
    g_assert_nonnull(json);
    json_decref(json);
  }
}

/* Long and odd words do not grow or break the error. */
static void
test_limits(void)
{
  g_autofree char *long_words = g_strnfill(100000, 'w');
  g_autofree char *body = g_strdup_printf("{\"detail\":\"\xe7\xb2\xbe%s\"}", long_words);
  g_auto(HttpAnswer) answer = answer_of(400, JSON, body);
  ReplyContext context = context_of(CALL_UPDATE, F);
  g_autoptr(GError) error = error_of(&answer, &context, NULL);
  g_assert_cmpuint(strlen(owup_error_detail(error)), ==, 8192);
  g_assert_true(g_utf8_validate(owup_error_detail(error), -1, NULL));

  g_auto(HttpAnswer) text = answer_of(500, "text/plain", "\xff\xfe half");
  g_autoptr(GError) odd = error_of(&text, &context, NULL);
  g_assert_true(g_utf8_validate(owup_error_detail(odd), -1, NULL));
}

static Capabilities
learn(int status, Call call, const char *body, Capabilities before)
{
  g_auto(HttpAnswer) answer = answer_of(status, JSON, body);
  ReplyContext context = context_of(call, F);
  g_autoptr(GError) error = NULL;
  json_t *json = NULL;
  reply_read(&answer, &context, &before, &json, &error);
  json_decref(json);
  return before;
}

static void
assert_learned(Capabilities got, const char *expected)
{
  g_autofree char *text =
      g_strdup_printf("%s%s", got.known ? "known " : "", got.has_history ? "history " : "");
  g_assert_cmpstr(text, ==, expected);
}

static void
test_learning(void)
{
  static const Capabilities nothing = {0};
  static const char newest[] = "known history ";
  Capabilities c = learn(200, CALL_READ, "{\"id\":\"x\",\"meta\":{},\"version_id\":null}", nothing);
  assert_learned(c, newest);
  /* Not unlearned by an answer that could be any version's. */
  c = learn(400, CALL_UPDATE, "{\"detail\":\"[ERROR: Error updating function]\"}", c);
  assert_learned(c, newest);
  c = learn(200, CALL_LIST, "[{\"id\":\"x\",\"meta\":{},\"version_id\":\"v\"}]", nothing);
  assert_learned(c, newest);
  c = learn(400, CALL_UPDATE, "{\"detail\":\"Function not found\"}", nothing);
  assert_learned(c, newest);
  c = learn(200, CALL_READ, "{\"id\":\"x\",\"meta\":{}}", nothing);
  assert_learned(c, "known ");
  c = learn(400, CALL_UPDATE, "{\"detail\":\"[ERROR: Error updating function]\"}", c);
  assert_learned(c, "known ");
  c = learn(200, CALL_READ, "{\"id\":\"x\",\"meta\":{}}", c);
  assert_learned(c, "known ");
  c = learn(400, CALL_UPDATE, "{\"detail\":\"[ERROR: 400: [ERROR: Error updating function]]\"}",
            nothing);
  assert_learned(c, "known ");
  assert_learned(learn(401, CALL_READ, NOT_FOUND_TEXT, nothing), "");
  assert_learned(learn(200, CALL_LIST, "[]", nothing), "");
  assert_learned(
      learn(400, CALL_CREATE, "{\"detail\":\"[ERROR: Error creating function]\"}", nothing), "");
}

static void
test_versions(void)
{
  static const struct {
    const char *version, *expected;
  } cases[] = {
      {"0.6.10", "known "},
      {"0.9.6", "known "},
      {"0.10.2", "known "},
      {"0.11.4", "known "},
      {"0.12.4", "known history "},
      {"1.0.0", "known history "},
      {"0.12", "known history "},
      {"", ""},
      {"main", ""},
      {"12", ""},
      {"0.", ""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Capabilities c = {0};
    reply_learn_version(cases[i].version, &c);
    assert_learned(c, cases[i].expected);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/reply/absent", test_absent);
  g_test_add_func("/reply/refused", test_refused);
  g_test_add_func("/reply/access", test_access);
  g_test_add_func("/reply/hints", test_hints);
  g_test_add_func("/reply/strangers", test_strangers);
  g_test_add_func("/reply/basic-login", test_basic_login);
  g_test_add_func("/reply/redirects", test_redirects);
  g_test_add_func("/reply/broken-json", test_broken_json);
  g_test_add_func("/reply/good", test_good);
  g_test_add_func("/reply/limits", test_limits);
  g_test_add_func("/reply/learning", test_learning);
  g_test_add_func("/reply/versions", test_versions);
  return g_test_run();
}
