/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "payload.h"

#include <string.h>

#define DOC "\"\"\"\ntitle: T\nversion: 1.0.0\n\"\"\"\n"
#define CODE "class Filter:\n    pass\n"

static Payload *
payload_of(const char *text, gsize len, const RemotePlugin *before)
{
  g_autoptr(GBytes) content = g_bytes_new(text, len);
  g_autoptr(Plugin) plugin = plugin_from_bytes("x.py", content, "x");
  return payload_new(plugin, "x", before, NULL, NULL);
}

static json_t *
parse_body(Payload *payload)
{
  gsize len;
  GError *error = NULL;
  json_error_t wrong;
  const char *body = payload_body(payload, &len, &error);
  g_assert_no_error(error);
  json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, &wrong);
  g_assert_nonnull(root);
  return root;
}

/* Whatever stands in the text, the JSON says just that. */
static void
check_content(const char *text, gsize len)
{
  g_autoptr(Payload) payload = payload_of(text, len, NULL);
  json_auto_t *root = parse_body(payload);
  json_t *content = json_object_get(root, "content");
  g_assert_cmpmem(json_string_value(content), json_string_length(content), text, len);
}

static void
test_content(void)
{
  static const char all[] =
      DOC CODE "# \"quotes\" \\ and \b\f\r\n\t\v \x1b\x7f 精读 😀 \xe2\x80\xa8\n";
  check_content(all, strlen(all));
  check_content("", 0);
  check_content("\"", 1);
  check_content("\\", 1);
  check_content("a\0b", 3);
  for (int i = 0; i < 200; i++) {
    g_autoptr(GString) text = g_string_new(DOC CODE);
    for (int n = g_test_rand_int_range(0, 200); n > 0; n--)
      g_string_append_unichar(text, (gunichar)g_test_rand_int_range(1, 0xD7FF));
    check_content(text->str, text->len);
  }
}

static void
test_not_utf8(void)
{
  g_autoptr(Payload) payload = payload_of("\xff", 1, NULL);
  gsize len;
  GError *error = NULL;
  g_assert_null(payload_body(payload, &len, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_PLUGIN);
  g_error_free(error);
}

static RemotePlugin *
remote(const char *text)
{
  json_auto_t *object = json_loads(text, 0, NULL);
  RemotePlugin *plugin = remote_plugin_from_json(FAMILY_FUNCTION, object, NULL);
  g_assert_nonnull(plugin);
  return plugin;
}

/* What the server makes anew itself is not sent back; everything else in its meta is. */
static void
test_meta(void)
{
  g_autoptr(RemotePlugin) before =
      remote("{\"id\":\"x\",\"name\":\"Old\",\"meta\":{\"description\":\"d\",\"toggle\":true,"
             "\"has_user_valves\":true,\"manifest\":{\"version\":\"0\"},\"theirs\":1}}");
  g_autoptr(Payload) payload = payload_of(DOC CODE, strlen(DOC CODE), before);
  payload_set_message(payload, "why");
  json_auto_t *root = parse_body(payload);
  json_t *meta = json_object_get(root, "meta");
  g_assert_cmpstr(json_string_value(json_object_get(root, "name")), ==, "T");
  g_assert_cmpstr(json_string_value(json_object_get(root, "commit_message")), ==, "why");
  g_assert_cmpstr(json_string_value(json_object_get(meta, "description")), ==, "d");
  g_assert_cmpint(json_integer_value(json_object_get(meta, "theirs")), ==, 1);
  g_assert_null(json_object_get(meta, "toggle"));
  g_assert_null(json_object_get(meta, "has_user_valves"));
  g_assert_null(json_object_get(root, "access_grants"));
  json_t *manifest = json_object_get(meta, "manifest");
  g_assert_cmpstr(json_string_value(json_object_get(manifest, "version")), ==, "1.0.0");
  g_assert_cmpstr(json_string_value(json_object_get(manifest, "type")), ==, "filter");
}

static void
test_held(void)
{
  g_autoptr(Payload) payload =
      payload_of(DOC "from utils import x\n" CODE, strlen(DOC "from utils import x\n" CODE), NULL);
  g_autoptr(RemotePlugin) same =
      remote("{\"id\":\"x\",\"name\":\"T\",\"meta\":{\"description\":\"Filter plugin: T\"}}");
  g_assert_false(payload_is_stored(payload, same));
  same->content = g_bytes_ref(payload->stored);
  g_assert_true(payload_is_stored(payload, same));
  g_free(same->name);
  same->name = g_strdup("U");
  g_assert_false(payload_is_stored(payload, same));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/payload/content", test_content);
  g_test_add_func("/payload/not-utf8", test_not_utf8);
  g_test_add_func("/payload/meta", test_meta);
  g_test_add_func("/payload/held", test_held);
  return g_test_run();
}
