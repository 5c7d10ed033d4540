/* SPDX-License-Identifier: MIT */
/* The model list after a pipe was switched: which requests are made, how long it is waited for, and
 * what is said. */
#include "model_list.h"

#include "clock_test.h"
#include "support/peer.h"

#include <string.h>

#define MODEL(id) "{\"id\":\"" id "\",\"pipe\":{\"type\":\"pipe\"}}"
#define LIST(models) "{\"data\":[" models "]}"
#define MINE LIST(MODEL("p"))
#define SUBS LIST(MODEL("p.one") "," MODEL("p.two"))
/* A provider's model may be called so, too, and another pipe begin so. */
#define OTHERS LIST("{\"id\":\"p\"},{\"id\":\"p.x\"}," MODEL("pp") "," MODEL("o.p"))
#define NONE LIST("")
#define MOST 8

typedef struct {
  const char *name;
  gboolean listed, renewed;
  const char *answers[MOST]; /* "500", "403" or a body; beyond them: the last one again */
  const char *requests;      /* "P": plain, "R": refresh; NULL: as many as there is time for */
  const char *told;          /* NULL: it is so */
} Case;

static const Case cases[] = {
    {"on", TRUE, FALSE, {MINE}, "P", NULL},
    {"on-manifold", TRUE, FALSE, {SUBS}, "P", NULL},
    {"off", FALSE, FALSE, {OTHERS}, "P", NULL},
    {"renewed", TRUE, TRUE, {SUBS}, "R", NULL},
    {"kept-list", FALSE, FALSE, {MINE, OTHERS}, "PR", NULL},
    {"late", TRUE, FALSE, {OTHERS, OTHERS, OTHERS, MINE}, "PRRR", NULL},
    {"once-lost", TRUE, FALSE, {"500", MINE}, "PR", NULL},
    {"last", FALSE, FALSE, {NONE, NONE}, "PR", "it was the last model"},
    {"last-still-shown", FALSE, FALSE, {MINE, NONE}, "PR", "it was the last model"},
    {"never-shown", TRUE, FALSE, {OTHERS}, NULL, "does not show it"},
    {"none-shown", TRUE, FALSE, {NONE}, NULL, "does not show it"},
    {"never-gone", FALSE, FALSE, {MINE}, NULL, "still shows it"},
    {"refused", FALSE, FALSE, {"403"}, "P", "may go on answering until"},
    {"refused-on", TRUE, FALSE, {"403"}, "P", "may not be found"},
    {"fails", TRUE, FALSE, {"500"}, NULL, "may not be found"},
    {"nonsense", TRUE, FALSE, {"[]"}, NULL, "no list of models"},
};

static char *
answer(const char *word)
{
  if (word[0] == '5' || word[0] == '4')
    return peer_answer(word[0] == '5' ? 500 : 403, "application/json", "{\"detail\":\"No.\"}");
  return peer_answer(200, "application/json", word);
}

static void
assert_requests(const Case *test, const Peer *peer)
{
  guint n = peer_n_requests(peer);
  if (test->requests != NULL)
    g_assert_cmpuint(n, ==, strlen(test->requests));
  else
    g_assert_cmpuint(n, >, 2);
  for (guint i = 0; i < n; i++) {
    gboolean refresh = test->requests != NULL ? test->requests[i] == 'R' : i > 0;
    g_assert_true(g_str_has_prefix(peer_request(peer, i), refresh
                                                              ? "GET /api/models?refresh=true HTTP"
                                                              : "GET /api/models HTTP"));
  }
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  PeerStep steps[MOST] = {{NULL}};
  for (guint i = 0; i < MOST; i++)
    steps[i].answer =
        test->answers[i] != NULL ? answer(test->answers[i]) : g_strdup(steps[i - 1].answer);
  clock_test_script(NULL, NULL);
  Peer *peer = peer_new(steps, MOST);
  ClientOptions options = {.url = peer_url(peer), .key = "sk-0123456789abcdef"};
  Client *client = client_new(&options, NULL);
  ModelListWish wish = {"p", "P", test->listed, test->renewed};
  g_autofree char *told = model_list_renew(client, NULL, &wish);
  if (test->told != NULL)
    g_assert_nonnull(strstr(told != NULL ? told : "", test->told));
  else
    g_assert_cmpstr(told, ==, NULL);
  g_assert_cmpint(clock_test_elapsed(), <=, 2000);
  client_free(client);
  peer_stop(peer);
  assert_requests(test, peer);
  peer_free(peer);
  clock_test_end();
  for (guint i = 0; i < MOST; i++)
    g_free((char *)steps[i].answer);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/model_list/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  return g_test_run();
}
