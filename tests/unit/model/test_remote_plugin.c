/* SPDX-License-Identifier: MIT */
#include "remote_plugin.h"

#include "error.h"

#include <string.h>

static RemotePlugin *
parse(Family family, const char *text, GError **error)
{
  json_error_t why;
  json_auto_t *object = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
  g_assert_nonnull(object);
  return remote_plugin_from_json(family, object, error);
}

static void
test_function(void)
{
  GError *error = NULL;
  g_autoptr(RemotePlugin) remote = parse(
      FAMILY_FUNCTION,
      "{\"id\":\"压缩\",\"user_id\":\"u\",\"name\":\"T\",\"type\":\"filter\",\"content\":"
      "\"a\\r\\né\",\"meta\":{\"description\":\"D\",\"manifest\":{\"version\":\"1.3.0\","
      "\"n\":1,\"author\":\"\"}},\"is_active\":true,\"is_global\":false,\"updated_at\":1764000000,"
      "\"created_at\":1763000000,\"version_id\":\"v1\",\"user\":{\"email\":\"x\"}}",
      &error);
  g_assert_no_error(error);
  g_assert_cmpint(remote->family, ==, FAMILY_FUNCTION);
  g_assert_cmpstr(remote->id, ==, "压缩");
  g_assert_cmpstr(remote->name, ==, "T");
  g_assert_cmpstr(remote->type, ==, "filter");
  g_assert_cmpmem(g_bytes_get_data(remote->content, NULL), g_bytes_get_size(remote->content),
                  "a\r\né", 5);
  g_assert_true(remote->is_active);
  g_assert_false(remote->is_global);
  g_assert_cmpint(remote->updated_at, ==, 1764000000);
  g_assert_cmpstr(remote->version_id, ==, "v1");
  g_assert_cmpstr(remote_plugin_description(remote), ==, "D");
  g_assert_cmpstr(remote_plugin_manifest(remote, "version"), ==, "1.3.0");
  g_assert_null(remote_plugin_manifest(remote, "n"));
  g_assert_null(remote_plugin_manifest(remote, "title"));
  g_assert_null(remote_plugin_manifest(remote, "author"));
}

static void
test_nul(void)
{
  g_autoptr(RemotePlugin) remote =
      parse(FAMILY_TOOL, "{\"id\":\"x\\u0000y\\u0000\",\"name\":\"\\u0000\"}", NULL);
  g_assert_cmpstr(remote->id, ==, "x\uFFFDy\uFFFD");
  g_assert_cmpstr(remote->name, ==, "\uFFFD");
}

/* What the answer keeps of the object outlives the object. */
static void
test_sparse(void)
{
  GError *error = NULL;
  g_autoptr(RemotePlugin) remote =
      parse(FAMILY_TOOL, "{\"id\":\"t\",\"content\":null,\"meta\":null,\"name\":null}", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(remote->name, ==, "t");
  g_assert_null(remote->content);
  g_assert_null(remote->meta);
  g_assert_null(remote->type);
  g_assert_null(remote->version_id);
  g_assert_false(remote->is_active);
  g_assert_cmpint(remote->updated_at, ==, 0);
  g_assert_cmpstr(remote_plugin_description(remote), ==, "");
  g_assert_null(remote_plugin_manifest(remote, "version"));
}

static void
test_empty_content(void)
{
  g_autoptr(RemotePlugin) remote = parse(FAMILY_TOOL, "{\"id\":\"t\",\"content\":\"\"}", NULL);
  g_assert_nonnull(remote->content);
  g_assert_cmpuint(g_bytes_get_size(remote->content), ==, 0);
}

static void
test_no_plugin(void)
{
  static const char *const texts[] = {
      "null",
      "[]",
      "true",
      "\"id\"",
      "{}",
      "{\"name\":\"x\"}",
      "{\"id\":null}",
      "{\"id\":7}",
      "{\"id\":\"\"}",
      "{\"id\":\"x\",\"name\":[]}",
      "{\"id\":\"x\",\"type\":1}",
      "{\"id\":\"x\",\"content\":{}}",
      "{\"id\":\"x\",\"meta\":\"m\"}",
      "{\"id\":\"x\",\"version_id\":1}",
      "{\"detail\":\"Not found\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(FAMILY_FUNCTION, texts[i], &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_UNKNOWN);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/remote-plugin/function", test_function);
  g_test_add_func("/remote-plugin/sparse", test_sparse);
  g_test_add_func("/remote-plugin/nul", test_nul);
  g_test_add_func("/remote-plugin/empty-content", test_empty_content);
  g_test_add_func("/remote-plugin/no-plugin", test_no_plugin);
  return g_test_run();
}
