/* SPDX-License-Identifier: MIT */
/* One exchange and all the ways in which it ends, against a scripted peer. */
#include "http.h"

#include "clock_test.h"
#include "error.h"
#include "support/exchange.h"
#include "support/peer.h"
#include "support/proxies.h"

#include <string.h>

static void
test_answer(void)
{
  PeerStep steps[] = {
      {"HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
       "Date: Sun, 22 Nov 2026 12:42:09 GMT\r\nContent-Length: 5\r\n\r\n\"h\0\n\"",
       0, PEER_KEEP},
      {"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"},
  };
  steps[0].len = strlen(steps[0].answer) + strlen("\0\n\"") + 3;
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  g_autofree char *url = g_strconcat(peer_url(peer), "/api/v1/x", NULL);
  HttpRequest request = get(url);
  g_auto(HttpAnswer) first = {0};
  g_auto(HttpAnswer) second = {0};

  send_well(client, &request, &first);
  g_assert_cmpint(first.status, ==, 200);
  g_assert_cmpstr(first.content_type, ==, "application/json");
  g_assert_null(first.location);
  g_assert_null(first.challenge);
  g_assert_cmpint(first.date, ==, 1795351329);
  g_assert_cmpmem(g_bytes_get_data(first.body, NULL), g_bytes_get_size(first.body), "\"h\0\n\"", 5);

  send_well(client, &request, &second);
  g_assert_cmpint(second.status, ==, 401);
  g_assert_cmpstr(second.content_type, ==, "");
  g_assert_cmpstr(second.challenge, ==, "basic");
  g_assert_cmpint(second.date, ==, 0);
  g_assert_cmpuint(g_bytes_get_size(second.body), ==, 0);

  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 2);
  g_assert_cmpuint(peer_n_connections(peer), ==, 1);
  const char *seen = peer_request(peer, 0);
  g_assert_true(g_str_has_prefix(seen, "GET /api/v1/x HTTP/1.1\r\n"));
  g_assert_true(has_line(seen, "Authorization: Bearer " KEY));
  g_assert_true(has_line(seen, "Accept: application/json"));
  g_assert_null(strstr(seen, "Accept-Encoding"));
  g_assert_null(strstr(seen, "Cookie"));
  g_assert_null(strstr(seen, "Content-Type"));
}

static void
test_methods(void)
{
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{ok}, {ok}, {ok}, {ok}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  /* Over a megabyte, where libcurl would ask for leave with "Expect: 100-continue". */
  g_autofree char *body = g_strnfill(3 << 20, 'x');
  HttpRequest requests[] = {post(peer_url(peer), body), post(peer_url(peer), ""),
                            get(peer_url(peer)), get(peer_url(peer))};
  requests[1].body = NULL;
  requests[2].method = "DELETE";
  for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
    g_auto(HttpAnswer) answer = {0};
    send_well(client, &requests[i], &answer);
  }
  peer_stop(peer);
  g_assert_true(g_str_has_prefix(peer_request(peer, 0), "POST / HTTP/1.1\r\n"));
  g_assert_true(has_line(peer_request(peer, 0), "Content-Type: application/json"));
  g_assert_null(strstr(peer_request(peer, 0), "Expect:"));
  g_assert_cmpuint(strlen(peer_request(peer, 0)), >, 3 << 20);
  g_assert_true(g_str_has_prefix(peer_request(peer, 1), "POST / HTTP/1.1\r\n"));
  g_assert_true(has_line(peer_request(peer, 1), "Content-Length: 0"));
  g_assert_true(g_str_has_prefix(peer_request(peer, 2), "DELETE / HTTP/1.1\r\n"));
  g_assert_true(g_str_has_prefix(peer_request(peer, 3), "GET / HTTP/1.1\r\n"));
  g_assert_null(strstr(peer_request(peer, 3), "Content-Length"));
  g_assert_cmpuint(peer_n_connections(peer), ==, 1);
}

static void
test_own_authorization(void)
{
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{ok}};
  g_autoptr(Peer) peer = peer_new(steps, 1);
  const char *const headers[] = {"authorization: Basic Zm9v", "X-Other: 1", NULL};
  g_autoptr(HttpClient) client = client_with(headers, NULL);
  HttpRequest request = get(peer_url(peer));
  g_auto(HttpAnswer) answer = {0};
  send_well(client, &request, &answer);
  peer_stop(peer);
  g_assert_true(has_line(peer_request(peer, 0), "authorization: Basic Zm9v"));
  g_assert_true(has_line(peer_request(peer, 0), "X-Other: 1"));
  g_assert_true(has_line(peer_request(peer, 0), "x-api-key: " KEY));
  g_assert_null(strstr(peer_request(peer, 0), "Bearer"));
}

static void
test_no_redirect(void)
{
  PeerStep steps[] = {
      {"HTTP/1.1 307 Go\r\nLocation: /elsewhere?a=1\r\nContent-Length: 0\r\n\r\n", 0, PEER_KEEP}};
  g_autoptr(Peer) peer = peer_new(steps, 1);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = post(peer_url(peer), "{}");
  g_auto(HttpAnswer) answer = {0};
  send_well(client, &request, &answer);
  g_autofree char *target = g_strconcat(peer_url(peer), "/elsewhere?a=1", NULL);
  g_assert_cmpint(answer.status, ==, 307);
  g_assert_cmpstr(answer.location, ==, target);
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 1);
}

static void
test_refused(void)
{
  g_autofree char *url = peer_dead_url();
  g_autofree char *message =
      g_strdup_printf("Connection error: Could not reach OpenWebUI at %s", url + 7);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = get(url);
  g_autoptr(GError) error = fail(client, &request, FALSE);
  assert_code(error, OWUP_ERROR_UNREACHABLE);
  g_assert_cmpstr(error->message, ==, message);
  g_assert_cmpstr(owup_error_hint(error), ==, "Make sure OpenWebUI is running and accessible.");
  g_assert_nonnull(strstr(owup_error_detail(error), "refused"));
}

static void
test_no_url(void)
{
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = get("ftp://127.0.0.1/");
  g_autoptr(GError) error = fail(client, &request, FALSE);
  assert_code(error, OWUP_ERROR_SETTINGS);
}

static void
test_silence(void)
{
  /* Without an answer, and in the midst of one. */
  PeerStep steps[] = {{NULL, 0, PEER_TIME},
                      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", 0, PEER_TIME}};
  g_autoptr(Peer) peer = peer_new(steps, 2);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  for (int i = 0; i < 2; i++) {
    HttpRequest request = get(peer_url(peer));
    request.idle_timeout_ms = 60;
    g_autoptr(GError) error = fail(client, &request, TRUE);
    assert_code(error, OWUP_ERROR_TIMEOUT);
    g_assert_cmpstr(error->message, ==, "Request timeout: OpenWebUI took too long to respond");
    g_assert_cmpstr(owup_error_detail(error), ==, "nothing came for 0.06 s");
  }
}

/* Bytes keep coming, so it is never silent; yet it has an end. */
static void
test_endless(void)
{
  PeerStep steps[] = {{"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n{", 0, PEER_DRIP,
                       peer_pass_time, GUINT_TO_POINTER(12)}};
  g_autoptr(Peer) peer = peer_new(steps, 1);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = get(peer_url(peer));
  request.idle_timeout_ms = 60;
  g_autoptr(GError) error = fail(client, &request, TRUE);
  assert_code(error, OWUP_ERROR_TIMEOUT);
}

static void
test_cut(void)
{
  PeerStep steps[] = {
      {NULL, 0, PEER_CLOSE},
      {NULL, 0, PEER_RESET},
      {"HTTP/1.1 200 OK\r\nContent-Le", 0, PEER_CLOSE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"", 0, PEER_CLOSE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"", 0, PEER_RESET},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n", 0, PEER_CLOSE},
  };
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    HttpRequest request = post(peer_url(peer), "{}");
    g_autoptr(GError) error = fail(client, &request, TRUE);
    g_test_message("step %u: %s", i, owup_error_detail(error));
    assert_code(error, OWUP_ERROR_UNKNOWN);
  }
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, G_N_ELEMENTS(steps));
}

/* What must happen once is seen once, whatever becomes of the connection; the repetition that this
 * guards against is libcurl's own. */
static void
test_once(void)
{
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{ok}, {NULL, 0, PEER_CLOSE}, {ok}};
  for (int fresh = 0; fresh < 2; fresh++) {
    g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
    g_autoptr(HttpClient) client = client_with(NULL, NULL);
    HttpRequest first = get(peer_url(peer));
    HttpRequest second = post(peer_url(peer), "{}");
    g_auto(HttpAnswer) answer = {0};
    send_well(client, &first, &answer);
    second.fresh_connection = fresh;
    if (fresh) {
      g_autoptr(GError) error = fail(client, &second, TRUE);
      assert_code(error, OWUP_ERROR_UNKNOWN);
    } else {
      g_auto(HttpAnswer) again = {0};
      send_well(client, &second, &again);
    }
    peer_stop(peer);
    g_assert_cmpuint(peer_n_requests(peer), ==, fresh ? 2 : 3);
    g_assert_cmpuint(peer_connection(peer, 1), ==, fresh ? 1 : 0);
  }
}

static void
test_no_http(void)
{
  PeerStep steps[] = {{"SSH-2.0-OpenSSH_9.2p1\r\n", 0, PEER_CLOSE}};
  g_autoptr(Peer) peer = peer_new(steps, 1);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  HttpRequest request = get(peer_url(peer));
  g_autoptr(GError) error = fail(client, &request, TRUE);
  assert_code(error, OWUP_ERROR_NOT_OPENWEBUI);
  g_assert_nonnull(strstr(owup_error_hint(error), "https://127.0.0.1:"));
}

static void
test_tls(void)
{
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{ok}};
  g_autoptr(Peer) peer = peer_new(steps, 1);
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  g_autofree char *url = g_strconcat("https", peer_url(peer) + 4, NULL);
  /* The peer reads a handshake as the start of a request that never ends. */
  HttpRequest request = get(url);
  request.idle_timeout_ms = 60;
  g_autoptr(GError) error = fail(client, &request, FALSE);
  assert_code(error, OWUP_ERROR_UNREACHABLE);
}

static void
test_too_big(void)
{
  PeerStep steps[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"a\":12345}", 0, PEER_KEEP},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
       "chunked\r\n\r\n6\r\n{\"a\":1\r\n5\r\n2345}\r\n0\r\n\r\n",
       0, PEER_KEEP},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":1234}", 0, PEER_KEEP},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{", 0, PEER_CLOSE},
  };
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    HttpRequest request = get(peer_url(peer));
    g_auto(HttpAnswer) answer = {0};
    request.answer_limit = i == 3 ? 0 : 10;
    if (i == 2) {
      send_well(client, &request, &answer);
      continue;
    }
    g_autoptr(GError) error = fail(client, &request, TRUE);
    assert_code(error, OWUP_ERROR_TOO_BIG);
  }
}

static void
raise_cancel(gpointer cancel)
{
  cancel_raise(cancel);
}

static void
test_cancel(void)
{
  g_autoptr(Cancel) cancel = cancel_new();
  g_autofree char *ok = peer_answer(200, "application/json", "true");
  PeerStep steps[] = {{NULL, 0, PEER_HANG, raise_cancel, cancel},
                      {ok, 0, PEER_KEEP, raise_cancel, cancel}};
  g_autoptr(Peer) peer = peer_new(steps, 2);
  g_autoptr(HttpClient) client = client_with(NULL, cancel);

  /* Ended by the wake-up alone: ten minutes of patience. */
  HttpRequest request = get(peer_url(peer));
  request.idle_timeout_ms = 600000;
  request.stop_at = CANCEL_GENTLY;
  g_autoptr(GError) first = fail(client, &request, TRUE);
  assert_code(first, OWUP_ERROR_INTERRUPTED);

  /* Not begun any more. */
  g_autoptr(GError) second = fail(client, &request, FALSE);
  assert_code(second, OWUP_ERROR_INTERRUPTED);

  /* A write goes on at the first level... */
  request.stop_at = CANCEL_NONE;
  g_auto(HttpAnswer) answer = {0};
  send_well(client, &request, &answer);
  g_assert_cmpint(cancel_level(cancel), ==, CANCEL_NOW);

  /* ... and not at the second. */
  request.stop_at = CANCEL_NOW;
  g_autoptr(GError) third = fail(client, &request, FALSE);
  assert_code(third, OWUP_ERROR_INTERRUPTED);
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 2);
}

static void
collect(const char *line, gpointer data)
{
  g_string_append_printf(data, "%s\n", line);
}

static void
test_trace(void)
{
  g_autofree char *json = peer_answer(
      200, "application/json",
      "{\"id\":\"x\",\"content\":\"print(1)\",\"user\":{\"email\":\"a@b.c\"},\"meta\":"
      "{\"note\":\"" KEY "\\u001b[31m\",\"valves\":{\"token\":\"t0p\"}},\"user_id\":\"u-1\"}");
  g_autofree char *valves = peer_answer(200, "application/json", "{\"priority\":\"s3cret\"}");
  g_autofree char *long_page = g_strnfill(3000, 'p');
  g_autofree char *page = peer_answer(502, "text/html", long_page);
  PeerStep steps[] = {{json}, {valves}, {page}, {NULL, 0, PEER_CLOSE}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(HttpClient) client = client_with(NULL, NULL);
  g_autoptr(GString) lines = g_string_new(NULL);
  http_client_set_trace(client, collect, lines);
  static const char *const paths[] = {"/a", "/id/x/valves", "/b", "/c"};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autofree char *url = g_strconcat(peer_url(peer), paths[i], NULL);
    HttpRequest request = post(url, "{\"id\":\"x\",\"content\":\"import os\"}");
    g_auto(HttpAnswer) answer = {0};
    request.fresh_connection = TRUE;
    http_send(client, &request, &answer, NULL, NULL);
  }
  g_test_message("%s", lines->str);
  g_autofree char *asked = g_strdup_printf("> POST %s/a (32 B)\n  {\"id\":\"x\"}\n< 200 "
                                           "application/json ",
                                           peer_url(peer));
  g_assert_true(g_str_has_prefix(lines->str, asked));
  g_assert_nonnull(strstr(lines->str, "\"note\":\"***"));
  g_assert_nonnull(strstr(lines->str, "(valves are not shown)"));
  g_assert_nonnull(strstr(lines->str, "< 502 text/html 3.0 KB "));
  g_assert_nonnull(strstr(lines->str, "pppp…\n"));
  g_assert_nonnull(strstr(lines->str, "broke before its answer was complete"));
  static const char *const never[] = {KEY,      "print(1)", "import os", "a@b.c",
                                      "s3cret", "u-1",      "t0p",       "\x1b"};
  for (guint i = 0; i < G_N_ELEMENTS(never); i++)
    g_assert_null(strstr(lines->str, never[i]));
  g_assert_cmpuint(lines->len, <, 2500);
}

int
main(int argc, char **argv)
{
  clear_proxies();
  g_test_init(&argc, &argv, NULL);
  clock_test_script(NULL, NULL);
  g_test_add_func("/http/answer", test_answer);
  g_test_add_func("/http/methods", test_methods);
  g_test_add_func("/http/own-authorization", test_own_authorization);
  g_test_add_func("/http/no-redirect", test_no_redirect);
  g_test_add_func("/http/refused", test_refused);
  g_test_add_func("/http/no-url", test_no_url);
  g_test_add_func("/http/silence", test_silence);
  g_test_add_func("/http/endless", test_endless);
  g_test_add_func("/http/cut", test_cut);
  g_test_add_func("/http/once", test_once);
  g_test_add_func("/http/no-http", test_no_http);
  g_test_add_func("/http/tls", test_tls);
  g_test_add_func("/http/too-big", test_too_big);
  g_test_add_func("/http/cancel", test_cancel);
  g_test_add_func("/http/trace", test_trace);
  return g_test_run();
}
