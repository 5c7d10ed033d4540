/* Which proxy the environment names for which host. Nothing is connected to. */
#include "http_private.h"

#include "support/proxies.h"

/* Which hosts go past the proxy. */
static void
test_exceptions(void)
{
  static const struct {
    const char *no_proxy, *host;
    gboolean through;
  } cases[] = {
      {NULL, "owui.example.com", TRUE},
      {NULL, "127.0.0.1:1", FALSE},
      {NULL, "127.9.8.7:1", FALSE},
      {NULL, "128.0.0.1:1", TRUE},
      {NULL, "localhost:3000", FALSE},
      {NULL, "owui.LOCALHOST", FALSE},
      {NULL, "notlocalhost", TRUE},
      {NULL, "[::1]:1", FALSE},
      {NULL, "[::2]:1", TRUE},
      {"", "owui.example.com", TRUE},
      {"*", "owui.example.com", FALSE},
      {"owui.example.com", "OWUI.example.com:3000", FALSE},
      {"a.org, .example.com", "owui.example.com", FALSE},
      {"example.com", "owui.example.com", FALSE},
      {"ui.example.com", "owui.example.com", TRUE},
      {"10.0.0.0/8", "10.1.2.3", FALSE},
      {"10.0.0.0/8", "11.1.2.3", TRUE},
      {"192.168.4.0/22", "192.168.7.9", FALSE},
      {"192.168.4.0/22", "192.168.8.9", TRUE},
      {"192.168.4.0/99", "192.168.4.9", TRUE},
      {"192.168.4.9", "192.168.4.9", FALSE},
      {"fd00::/8", "[fd12::1]", FALSE},
      {"fd00::/8", "10.1.2.3", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    clear_proxies();
    g_setenv("http_proxy", "http://proxy:3128", TRUE);
    if (cases[i].no_proxy != NULL)
      g_setenv("NO_PROXY", cases[i].no_proxy, TRUE);
    g_autofree char *url = g_strdup_printf("http://%s/", cases[i].host);
    g_auto(HttpProxy) route = {0};
    http_proxy_find(url, &route);
    g_test_message("%s with no_proxy=%s", url, cases[i].no_proxy);
    g_assert_cmpint(route.proxy != NULL, ==, cases[i].through);
  }
  clear_proxies();
}

static void
test_variables(void)
{
  static const struct {
    const char *variable, *value, *url, *shown;
  } cases[] = {
      {"http_proxy", "p:1", "http://a.org", "p:1"},
      {"http_proxy", "p:1", "https://a.org", NULL},
      {"HTTP_PROXY", "p:1", "http://a.org", NULL},
      {"https_proxy", "http://u:p@w@p:1/", "https://a.org", "http://p:1/"},
      {"HTTPS_PROXY", "u@p:1", "https://a.org", "p:1"},
      {"all_proxy", "socks5h://u:p@p:1", "http://a.org", "socks5h://p:1"},
      {"ALL_PROXY", "p", "https://a.org", "p"},
      {"https_proxy", "", "https://a.org", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(HttpProxy) route = {0};
    clear_proxies();
    g_setenv(cases[i].variable, cases[i].value, TRUE);
    http_proxy_find(cases[i].url, &route);
    g_assert_cmpstr(route.proxy_shown, ==, cases[i].shown);
    g_assert_cmpstr(route.variable, ==, cases[i].shown != NULL ? cases[i].variable : NULL);
    g_assert_cmpstr(route.proxy, ==, cases[i].shown != NULL ? cases[i].value : NULL);
  }
  clear_proxies();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/http-route/exceptions", test_exceptions);
  g_test_add_func("/http-route/variables", test_variables);
  return g_test_run();
}
