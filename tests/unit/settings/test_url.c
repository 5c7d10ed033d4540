/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "url.h"

#include <string.h>

static void
assert_url(const char *text, const char *expected)
{
  NormalUrl url = {0};
  g_autoptr(GError) error = NULL;
  g_assert_true(url_normalise(text, &url, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(url.url, ==, expected);
  normal_url_clear(&url);
  g_assert_null(url.url);
}

static void
test_scheme(void)
{
  assert_url("http://h.example", "http://h.example");
  assert_url("HTTPS://H.Example", "https://h.example");
  assert_url("h.example", "https://h.example");
  assert_url("h.example:8080", "https://h.example:8080");
  assert_url("//h.example", "https://h.example");
  assert_url("  http://h.example\n", "http://h.example");
}

static void
test_scheme_of_near_hosts(void)
{
  assert_url("localhost:3000", "http://localhost:3000");
  assert_url("LOCALHOST", "http://localhost");
  assert_url("127.0.0.1:3000", "http://127.0.0.1:3000");
  assert_url("10.1.2.3", "http://10.1.2.3");
  assert_url("172.16.0.1", "http://172.16.0.1");
  assert_url("172.32.0.1", "https://172.32.0.1");
  assert_url("192.168.178.20:3000", "http://192.168.178.20:3000");
  assert_url("192.169.0.1", "https://192.169.0.1");
  assert_url("169.254.1.1", "http://169.254.1.1");
  assert_url("8.8.8.8", "https://8.8.8.8");
  assert_url("[fd00::1]:3000", "http://[fd00::1]:3000");
  assert_url("[fe80::1]", "http://[fe80::1]");
  assert_url("[2001:db8::1]", "https://[2001:db8::1]");
  assert_url("open-webui:8080", "http://open-webui:8080");
  assert_url("nas.local", "http://nas.local");
  assert_url("host.docker.internal:3000", "http://host.docker.internal:3000");
  assert_url("local.example", "https://local.example");
  assert_url("nas.local:443", "https://nas.local");
}

static void
test_port(void)
{
  assert_url("http://h.example:80", "http://h.example");
  assert_url("https://h.example:443/", "https://h.example");
  assert_url("http://h.example:443", "http://h.example:443");
  assert_url("https://h.example:80", "https://h.example:80");
  assert_url("http://h.example:08080", "http://h.example:8080");
}

static void
test_ipv6(void)
{
  assert_url("::1", "http://[::1]");
  assert_url("http://[::1]:3000/x", "http://[::1]:3000/x");
  assert_url("http://[FD00::A]", "http://[fd00::a]");
}

static void
test_path(void)
{
  assert_url("http://h/", "http://h");
  assert_url("http://h///", "http://h");
  assert_url("http://h/owui/", "http://h/owui");
  assert_url("http://h/a/b", "http://h/a/b");
  assert_url("http://h/a//b", "http://h/a/b");
  assert_url("http://h/Case", "http://h/Case");
  assert_url("http://h/?x=1", "http://h");
  assert_url("http://h?x=1/2", "http://h");
  assert_url("http://h/#top", "http://h");
  assert_url("localhost/?next=http://x", "http://localhost");
}

static void
test_pages(void)
{
  assert_url("http://h/api", "http://h");
  assert_url("http://h/api/", "http://h");
  assert_url("http://h/api/v1", "http://h");
  assert_url("http://h/api/v1/functions/", "http://h");
  assert_url("http://h/admin", "http://h");
  assert_url("http://h/admin/functions", "http://h");
  assert_url("http://h/admin/settings/general?x", "http://h");
  assert_url("http://h/workspace/tools/edit?id=x", "http://h");
  assert_url("http://h/auth", "http://h");
  assert_url("http://h/auth?redirect=%2F", "http://h");
  assert_url("http://h/c/0ab1-2f", "http://h");
  assert_url("http://h/owui/admin/functions", "http://h/owui");
  assert_url("http://h/owui/api/v1/", "http://h/owui");
  assert_url("http://h/c/x/c/y", "http://h");
}

/* A prefix may hold the same words. */
static void
test_prefixes_like_pages(void)
{
  assert_url("http://h/api/owui", "http://h/api/owui");
  assert_url("http://h/admin/owui", "http://h/admin/owui");
  assert_url("http://h/auth/owui", "http://h/auth/owui");
  assert_url("http://h/c", "http://h/c");
  assert_url("http://h/c/a/owui", "http://h/c/a/owui");
}

static void
assert_loopback(const char *text, gboolean loopback)
{
  NormalUrl url = {0};
  g_assert_true(url_normalise(text, &url, NULL));
  g_assert_cmpint(url.loopback, ==, loopback);
  normal_url_clear(&url);
}

static void
test_loopback(void)
{
  assert_loopback("http://localhost:3000", TRUE);
  assert_loopback("http://LocalHost:3000/x", TRUE);
  assert_loopback("localhost.", TRUE);
  assert_loopback("a.localhost", TRUE);
  assert_loopback("http://127.8.9.1", TRUE);
  assert_loopback("http://[::1]:3000", TRUE);
  assert_loopback("http://[::ffff:127.0.0.1]", TRUE);
  assert_loopback("http://0.0.0.0:3000", TRUE);
  assert_loopback("http://127.evil.example", FALSE);
  assert_loopback("http://localhost.example", FALSE);
  assert_loopback("http://notlocalhost", FALSE);
  assert_loopback("http://192.168.1.1", FALSE);
  assert_loopback("http://[::2]", FALSE);
}

static void
test_refused(void)
{
  static const char *const texts[] = {
      "",
      " ",
      "not a url",
      "ftp://host",
      "file:///etc/passwd",
      "http://",
      "http:///x",
      "://",
      "http:/host",
      "http:host:1",
      "http://h:",
      "http://h:0",
      "http://h:99999",
      "http://h:x",
      "http://[::1",
      "http://::1]",
      "http://[]",
      "http://[x]",
      "http://ho st",
      "http://h/a b",
      "http://h\\x",
      "http://h\x01",
      "http://\xff",
      "http://.x",
      "javascript:alert(1)",
      "http://h<x>",
      "[::1]x",
      "http://[::1]x:80",
      "http：//127.0.0.1",
      "http:／／h",
      "http://127。0。0。1",
      "ｈttp://h",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    NormalUrl url = {0};
    g_autoptr(GError) error = NULL;
    g_test_message("number %" G_GSIZE_FORMAT, i);
    g_assert_false(url_normalise(texts[i], &url, &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_SETTINGS);
    g_assert_null(url.url);
    g_assert_false(url_normalise(texts[i], &url, NULL));
  }
}

static void
test_too_long(void)
{
  NormalUrl url = {0};
  g_autoptr(GError) error = NULL;
  g_autofree char *host = g_strnfill(3000, 'x');
  g_autofree char *text = g_strconcat("http://", host, NULL);
  g_assert_false(url_normalise(text, &url, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_SETTINGS);
  g_assert_cmpuint(strlen(error->message), <, 100);
}

static void
assert_kept_secret(const char *text, const char *secret)
{
  NormalUrl url = {0};
  g_autoptr(GError) error = NULL;
  g_assert_false(url_normalise(text, &url, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_SETTINGS);
  g_assert_null(strstr(error->message, secret));
  const char *hint = owup_error_hint(error);
  g_assert_true(hint == NULL || strstr(hint, secret) == NULL);
}

static void
test_secrets(void)
{
  assert_kept_secret("http://ann:sesame@h.example", "sesame");
  assert_kept_secret("ann:sesame@h.example", "sesame");
  assert_kept_secret("http://ann:ses ame@h", "ame");
  assert_kept_secret("ftp://ann:sesame@h.example", "sesame");
  assert_kept_secret("sk-0123456789abcdef0123456789abcdef", "0123");
  assert_kept_secret("http://h/ sk-0123456789abcdef0123456789abcdef", "0123");
  assert_kept_secret("sk-0123456789abcdef0123456789abcdef:443", "0123");
  assert_kept_secret("SK-0123456789ABCDEF0123456789ABCDEF", "0123");
  assert_kept_secret("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.x-y", "eyJ");
  /* A Slovak server. */
  assert_url("http://sk-openwebui-in-a-network:8080", "http://sk-openwebui-in-a-network:8080");
  assert_url("sk-openwebui.verylongname.example", "https://sk-openwebui.verylongname.example");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/url/scheme", test_scheme);
  g_test_add_func("/url/scheme_of_near_hosts", test_scheme_of_near_hosts);
  g_test_add_func("/url/port", test_port);
  g_test_add_func("/url/ipv6", test_ipv6);
  g_test_add_func("/url/path", test_path);
  g_test_add_func("/url/pages", test_pages);
  g_test_add_func("/url/prefixes_like_pages", test_prefixes_like_pages);
  g_test_add_func("/url/loopback", test_loopback);
  g_test_add_func("/url/refused", test_refused);
  g_test_add_func("/url/too_long", test_too_long);
  g_test_add_func("/url/secrets", test_secrets);
  return g_test_run();
}
