/* SPDX-License-Identifier: MIT */
/* Which proxy the environment names for which host. Nothing is connected to. */
#include "http_private.h"

#include "support/exchange.h"
#include "support/peer.h"
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

static void
test_proxy_used(void)
{
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{ok}, {ok}};
  g_autoptr(Peer) peer = peer_new(steps, 2);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = get("http://owui.example.com:8080/api");
  g_auto(HttpAnswer) far = {0};
  g_auto(HttpAnswer) near = {0};
  g_setenv("http_proxy", peer_url(peer), TRUE);
  send_well(client, &request, &far);
  request.url = peer_url(peer);
  send_well(client, &request, &near);
  peer_stop(peer);
  clear_proxies();
  g_assert_true(
      g_str_has_prefix(peer_request(peer, 0), "GET http://owui.example.com:8080/api HTTP/1.1\r\n"));
  g_assert_nonnull(strstr(peer_request(peer, 0), "Accept-Encoding: "));
  g_assert_true(g_str_has_prefix(peer_request(peer, 1), "GET / HTTP/1.1\r\n"));
}

static void
test_proxy_dead(void)
{
  g_autofree char *dead = peer_dead_url();
  g_autofree char *proxy = g_strdup_printf("http://joe:secret@%s", dead + 7);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  static const char *const urls[] = {"http://owui.example.com:8080/api", "https://10.1.2.3/x"};
  static const char *const variables[] = {"http_proxy", "ALL_PROXY"};
  for (guint i = 0; i < 2; i++) {
    clear_proxies();
    g_setenv(variables[i], proxy, TRUE);
    HttpRequest request = get(urls[i]);
    g_autoptr(GError) error = fail(client, &request, FALSE);
    g_autofree char *named = g_strdup_printf("through the proxy %s (%s)", dead, variables[i]);
    assert_code(error, OWUP_ERROR_PROXY);
    g_assert_nonnull(strstr(error->message, named));
    g_assert_null(strstr(error->message, "secret"));
    g_assert_null(strstr(owup_error_detail(error), "secret"));
  }
  clear_proxies();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/http-route/exceptions", test_exceptions);
  g_test_add_func("/http-route/variables", test_variables);
  g_test_add_func("/http/proxy/used", test_proxy_used);
  g_test_add_func("/http/proxy/dead", test_proxy_dead);
  return g_test_run();
}
