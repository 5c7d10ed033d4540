/* SPDX-License-Identifier: MIT */
/* Any bytes as a server's answer: reply_read() and what reads a plugin from its JSON.
 *
 * The first line of the input is the answer's head, "STATUS CALL FAMILY TYPE LOCATION", of which
 * any part may be missing; the rest is the body. */
#include "error.h"
#include "remote_plugin.h"
#include "reply.h"
#include "reply_known_content.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *
word(char **words, guint i)
{
  return i < g_strv_length(words) ? words[i] : "";
}

static void
check_error(const GError *error)
{
  const char *detail = owup_error_detail(error);
  g_assert_true(error->domain == OWUP_ERROR);
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  g_assert_true(detail == NULL || g_utf8_validate(detail, -1, NULL));
  g_assert_true(detail == NULL || strlen(detail) <= 8192);
}

/* With the content known beforehand, the same is read, or nothing. */
static void
check_expected(GBytes *body, json_t *json)
{
  gsize len;
  const char *text = g_bytes_get_data(body, &len);
  json_t *content = json_object_get(json, "content");
  if (!json_is_string(content))
    return;
  g_autoptr(GBytes) expected = g_bytes_new(json_string_value(content), json_string_length(content));
  json_auto_t *quick = reply_parse_known(expected, text, len);
  g_assert_true(quick == NULL || json_equal(quick, json));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const uint8_t *end = memchr(data, '\n', size);
  gsize head_len = end != NULL ? (gsize)(end - data) : size;
  g_autofree char *raw = g_strndup((const char *)data, head_len);
  g_autofree char *head = g_utf8_make_valid(raw, -1);
  g_auto(GStrv) words = g_strsplit(head, " ", 5);
  g_auto(HttpAnswer) answer = {
      .status = (int)(g_ascii_strtoull(word(words, 0), NULL, 10) % 1000),
      .content_type = g_strdup(word(words, 3)),
      .location = word(words, 4)[0] != '\0' ? g_strdup(word(words, 4)) : NULL,
      .body = g_bytes_new(end != NULL ? end + 1 : data, end != NULL ? size - head_len - 1 : 0),
  };
  ReplyContext context = {
      .call = (Call)(g_ascii_strtoull(word(words, 1), NULL, 10) % 5),
      .family = word(words, 2)[0] == 't' ? FAMILY_TOOL : FAMILY_FUNCTION,
      .url = "http://owui",
      .path = "/api/v1/functions/id/x",
      .key_proven = size % 2 == 0,
  };
  Capabilities learned = {0};
  json_auto_t *json = NULL;
  g_autoptr(GError) error = NULL;
  if (!reply_read(&answer, &context, &learned, &json, &error)) {
    check_error(error);
    return 0;
  }
  check_expected(answer.body, json);
  g_autoptr(RemotePlugin) remote = remote_plugin_from_json(context.family, json, &error);
  if (remote == NULL) {
    check_error(error);
    return 0;
  }
  remote_plugin_manifest(remote, "version");
  reply_learn_version(remote_plugin_description(remote), &learned);
  return 0;
}
