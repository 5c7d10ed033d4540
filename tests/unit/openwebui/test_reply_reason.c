/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "reply.h"

#include <string.h>

#define NOT_FOUND "{\"detail\":\"We could not find what you're looking for :/\"}"
#define BAD_KEY "{\"detail\":\"Your session has expired or the token is invalid.\"}"

/* Of the answer to the update of a tool. */
static GError *
error_of(int status, const char *body)
{
  GError *error = NULL;
  json_t *json = NULL;
  ReplyContext context = {
      .call = CALL_UPDATE, .family = FAMILY_TOOL, .url = "http://localhost", .path = "/x"};
  g_auto(HttpAnswer) answer = {
      .status = status,
      .content_type = g_strdup("application/json"),
      .body = g_bytes_new(body, strlen(body)),
  };
  g_assert_false(reply_read(&answer, &context, NULL, &json, &error));
  return error;
}

static void
assert_reason(int status, const char *body, ReplyReason reason)
{
  g_autoptr(GError) error = error_of(status, body);
  g_assert_cmpint(reply_reason(error), ==, reason);
}

static void
test_reason(void)
{
  assert_reason(400, "{\"detail\":\"[ERROR: No Function class found in the module]\"}",
                REASON_NO_CLASS);
  assert_reason(400, "{\"detail\":\"[ERROR: No module named 'x']\"}", REASON_OTHER);
  assert_reason(403, "{\"detail\":\"Not authenticated\"}", REASON_NO_KEY);
  assert_reason(401, BAD_KEY, REASON_OTHER);
  assert_reason(500, "{}", REASON_OTHER);
}

static void
assert_looks_denied(int status, const char *body, gboolean looks_denied)
{
  g_autoptr(GError) error = error_of(status, body);
  g_assert_cmpint(reply_missing_looks_denied(error), ==, looks_denied);
}

/* Only what is not there, and only where the status is that of a bad key. */
static void
test_missing_looks_denied(void)
{
  assert_looks_denied(401, NOT_FOUND, TRUE);
  assert_looks_denied(404, NOT_FOUND, FALSE);
  assert_looks_denied(401, BAD_KEY, FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/reply/reason", test_reason);
  g_test_add_func("/reply/missing-looks-denied", test_missing_looks_denied);
  return g_test_run();
}
