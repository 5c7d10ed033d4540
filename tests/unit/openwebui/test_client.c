/* SPDX-License-Identifier: MIT */
/* The session: which requests its calls make, what it makes of the answers, what it remembers. */
#include "client.h"

#include "clock_test.h"
#include "error.h"
#include "support/peer.h"

#include <string.h>

#define KEY "sk-0123456789abcdef0123456789abcdef"
#define JSON "application/json"
#define PLUGIN                                                                                     \
  "{\"id\":\"my_filter\",\"type\":\"filter\",\"name\":\"T\",\"meta\":{\"description\":\"d\"},"     \
  "\"is_active\":true,\"content\":\"x\\n\"}"
#define MISSING "{\"detail\":\"We could not find what you're looking for :/\"}"

static Client *
session(const char *url, Cancel *cancel)
{
  ClientOptions options = {
      .url = url, .key = KEY, .key_origin = "OPENWEBUI_API_KEY", .key_place = KEY_PLACE_VARIABLE};
  return client_new(&options, cancel);
}

static void
assert_request(const Peer *peer, guint i, const char *line)
{
  g_autofree char *start = g_strdup_printf("%s HTTP/1.1\r\n", line);
  g_autofree char *seen = g_strndup(peer_request(peer, i), strlen(start));
  g_assert_cmpstr(seen, ==, start);
}

static void
test_paths(void)
{
  g_autofree char *plugin = peer_answer(200, JSON, PLUGIN);
  g_autofree char *chinese =
      peer_answer(200, JSON, "{\"id\":\"精读\",\"name\":\"x\",\"content\":\"y\"}");
  PeerStep steps[] = {{plugin}, {chinese}, {plugin}, {plugin}, {plugin}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autofree char *url = g_strconcat(peer_url(peer), "/chat", NULL);
  g_autoptr(Client) client = session(url, NULL);
  gboolean sent = FALSE;
  GError *error = NULL;

  g_autoptr(RemotePlugin) read = client_read(client, FAMILY_FUNCTION, "my_filter", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(read->id, ==, "my_filter");
  g_assert_cmpuint(g_bytes_get_size(read->content), ==, 2);
  g_autoptr(RemotePlugin) other = client_read(client, FAMILY_TOOL, "精读", &error);
  g_assert_no_error(error);
  g_autoptr(RemotePlugin) updated =
      client_update(client, FAMILY_TOOL, "my_filter", "{}", 2, &sent, &error);
  g_assert_no_error(error);
  g_assert_true(sent);
  g_autoptr(RemotePlugin) created = client_create(client, FAMILY_FUNCTION, "{}", 2, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(client_url(client), ==, url);
  g_assert_cmpint(client_date(client), ==, 1795351329);

  peer_stop(peer);
  assert_request(peer, 0, "GET /chat/api/v1/functions/id/my_filter");
  assert_request(peer, 1, "GET /chat/api/v1/tools/id/%E7%B2%BE%E8%AF%BB");
  assert_request(peer, 2, "POST /chat/api/v1/tools/id/my_filter/update");
  assert_request(peer, 3, "POST /chat/api/v1/functions/create");
  /* A create must not happen twice, so it has a connection of its own. */
  g_assert_cmpuint(peer_connection(peer, 2), ==, 0);
  g_assert_cmpuint(peer_connection(peer, 3), ==, 1);
  g_assert_nonnull(strstr(peer_request(peer, 0), "Authorization: Bearer " KEY "\r\n"));
}

static OwupErrorCode
code_of(GError *error)
{
  g_assert_nonnull(error);
  g_assert_true(error->domain == OWUP_ERROR);
  OwupErrorCode code = (OwupErrorCode)error->code;
  g_error_free(error);
  return code;
}

/* 200 and JSON, and yet not what was asked for. */
static void
test_wrong_plugin(void)
{
  g_autofree char *other = peer_answer(200, JSON, "{\"id\":\"other\",\"name\":\"x\"}");
  g_autofree char *status = peer_answer(200, JSON, "{\"status\":true}");
  g_autofree char *null = peer_answer(200, JSON, "null");
  g_autofree char *empty = peer_answer(200, JSON, "{\"id\":\"x\",\"name\":\"x\",\"content\":null}");
  PeerStep steps[] = {{other}, {other}, {status}, {status}, {null}, {empty}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(Client) client = session(peer_url(peer), NULL);
  GError *error = NULL;
  g_assert_null(client_read(client, FAMILY_TOOL, "x", &error));
  g_assert_cmpint(owup_error_status(error), ==, 200);
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_NOT_OPENWEBUI);
  g_assert_null(client_update(client, FAMILY_TOOL, "x", "{}", 2, NULL, &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_UNKNOWN);
  g_assert_null(client_read(client, FAMILY_TOOL, "x", &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_NOT_OPENWEBUI);
  g_assert_null(client_create(client, FAMILY_TOOL, "{}", 2, NULL, &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_UNKNOWN);
  g_assert_null(client_update(client, FAMILY_TOOL, "x", "{}", 2, NULL, &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_UNKNOWN);
  g_assert_null(client_read(client, FAMILY_TOOL, "x", &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_NOT_OPENWEBUI);
}

static void
test_version(void)
{
  g_autofree char *missing = peer_answer(401, JSON, MISSING);
  g_autofree char *version = peer_answer(200, JSON, "{\"version\":\"0.11.4\"}");
  PeerStep steps[] = {{missing}, {version}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(Client) client = session(peer_url(peer), NULL);
  GError *error = NULL;
  g_assert_null(client_read(client, FAMILY_FUNCTION, "x", &error));
  g_assert_cmpint(code_of(error), ==, OWUP_ERROR_NOT_FOUND);
  g_assert_false(client_capabilities(client)->known);
  g_assert_cmpstr(client_version(client), ==, "0.11.4");
  g_assert_cmpstr(client_version(client), ==, "0.11.4");
  g_assert_true(client_capabilities(client)->known);
  g_assert_false(client_capabilities(client)->has_history);
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 2);
  assert_request(peer, 1, "GET /api/version");
}

static void
test_no_version(void)
{
  g_autofree char *page = peer_answer(200, "text/html", "<html>");
  PeerStep steps[] = {{page}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(Client) client = session(peer_url(peer), NULL);
  g_assert_null(client_version(client));
  g_assert_null(client_version(client));
  g_assert_false(client_capabilities(client)->known);
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 1);
}

/* "401 Unauthorized" is a bad session token, but no bad key (sk-…) and no token that was taken. */
static void
test_key_proven(void)
{
  g_autofree char *missing = peer_answer(404, JSON, MISSING);
  g_autofree char *no = peer_answer(401, JSON, "{\"detail\":\"401 Unauthorized\"}");
  static const struct {
    const char *key;
    gboolean look;
    OwupErrorCode code;
  } cases[] = {
      {KEY, FALSE, OWUP_ERROR_NOT_ADMIN},
      {"eyJ.x.y", FALSE, OWUP_ERROR_KEY_BAD},
      {"eyJ.x.y", TRUE, OWUP_ERROR_NOT_ADMIN},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    PeerStep steps[] = {{cases[i].look ? missing : no}, {no}};
    g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
    ClientOptions options = {.url = peer_url(peer), .key = cases[i].key};
    g_autoptr(Client) client = client_new(&options, NULL);
    g_autoptr(GError) look = NULL;
    GError *error = NULL;
    if (cases[i].look)
      client_read(client, FAMILY_TOOL, "x", &look);
    g_assert_null(client_create(client, FAMILY_TOOL, "{}", 2, NULL, &error));
    g_assert_cmpint(code_of(error), ==, cases[i].code);
  }
}

static void
test_default_url(void)
{
  g_autofree char *url = peer_dead_url();
  g_autofree char *hint =
      g_strdup_printf("Make sure OpenWebUI is running and accessible.\n(%s is the default; set "
                      "url= in .env or OPENWEBUI_URL)",
                      url);
  ClientOptions options = {.url = url, .key = KEY, .url_default = TRUE};
  g_autoptr(Client) client = client_new(&options, NULL);
  g_autoptr(GError) error = NULL;
  gboolean sent = TRUE;
  g_assert_null(client_update(client, FAMILY_TOOL, "x", "{}", 2, &sent, &error));
  g_assert_true(owup_error_is(error, OWUP_ERROR_UNREACHABLE));
  g_assert_cmpstr(owup_error_hint(error), ==, hint);
  g_assert_false(sent);
}

/* The first Ctrl-C ends reads, but neither writes nor the reads that belong to one. */
static void
test_levels(void)
{
  g_autofree char *plugin = peer_answer(200, JSON, PLUGIN);
  PeerStep steps[] = {{plugin}, {plugin}};
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(Client) client = session(peer_url(peer), cancel);
  GError *error = NULL;
  cancel_raise(cancel);
  g_assert_null(client_read(client, FAMILY_FUNCTION, "my_filter", &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_INTERRUPTED);
  client_begin_write(client);
  g_autoptr(RemotePlugin) read = client_read(client, FAMILY_FUNCTION, "my_filter", &error);
  g_assert_no_error(error);
  client_end_write(client);
  g_autoptr(RemotePlugin) updated =
      client_update(client, FAMILY_FUNCTION, "my_filter", "{}", 2, NULL, &error);
  g_assert_no_error(error);
  cancel_raise(cancel);
  g_assert_null(client_update(client, FAMILY_FUNCTION, "my_filter", "{}", 2, NULL, &error));
  g_assert_cmpint(code_of(g_steal_pointer(&error)), ==, OWUP_ERROR_INTERRUPTED);
  peer_stop(peer);
  g_assert_cmpuint(peer_n_requests(peer), ==, 2);
}

static void
test_patience(void)
{
  PeerStep steps[] = {{NULL, 0, PEER_TIME}, {NULL, 0, PEER_TIME}};
  clock_test_script(NULL, NULL);
  g_autoptr(Peer) peer = peer_new(steps, G_N_ELEMENTS(steps));
  ClientOptions options = {.url = peer_url(peer), .key = KEY, .idle_timeout_ms = 40};
  g_autoptr(Client) client = client_new(&options, NULL);
  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    client_set_idle_timeout(client, i == 0 ? 90 : 0);
    g_assert_null(client_read(client, FAMILY_FUNCTION, "x", &error));
    g_assert_true(owup_error_is(error, OWUP_ERROR_TIMEOUT));
    g_assert_cmpstr(owup_error_detail(error), ==,
                    i == 0 ? "nothing came for 0.09 s" : "nothing came for 0.04 s");
  }
  clock_test_end();
}

static void
test_gateways(void)
{
  /* What was never reached is at work on nothing. */
  static const struct {
    int status;
    gboolean in_front, at_work;
  } cases[] = {{200},
               {429},
               {500},
               {505},
               {519},
               {531},
               {503, TRUE},
               {521, TRUE},
               {530, TRUE},
               {502, TRUE, TRUE},
               {504, TRUE, TRUE},
               {520, TRUE, TRUE},
               {524, TRUE, TRUE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_assert_cmpint(reply_is_gateway(cases[i].status), ==, cases[i].in_front);
    g_assert_cmpint(reply_may_be_at_work(cases[i].status), ==, cases[i].at_work);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/server/paths", test_paths);
  g_test_add_func("/server/wrong-plugin", test_wrong_plugin);
  g_test_add_func("/server/version", test_version);
  g_test_add_func("/server/no-version", test_no_version);
  g_test_add_func("/server/key-proven", test_key_proven);
  g_test_add_func("/server/default-url", test_default_url);
  g_test_add_func("/server/levels", test_levels);
  g_test_add_func("/server/patience", test_patience);
  g_test_add_func("/server/gateways", test_gateways);
  return g_test_run();
}
