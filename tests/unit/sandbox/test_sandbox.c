/* SPDX-License-Identifier: MIT */
/* The embedded server as a whole: what only its own process can see. That it answers as real
 * servers do is tests/compare's work. */
#include "sandbox.h"

#include "error.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILTER "class Filter:\\n  pass\\n"

static Sandbox *
start(const SandboxOptions *options)
{
  GError *error = NULL;
  Sandbox *sandbox = sandbox_start(options, &error);
  g_assert_no_error(error);
  g_assert_nonnull(sandbox);
  return sandbox;
}

static guint16
port_of(const Sandbox *sandbox)
{
  return (guint16)strtoul(strrchr(sandbox_url(sandbox), ':') + 1, NULL, 10);
}

/* Sends `text` and returns all that comes until the server closes. Owned by the caller. */
static char *
exchange(const Sandbox *sandbox, const char *text)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  address.sin_port = htons(port_of(sandbox));
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  gsize len = strlen(text), sent = 0;
  while (sent < len) {
    gssize put = send(fd, text + sent, len - sent, MSG_NOSIGNAL);
    if (put <= 0)
      break;
    sent += (gsize)put;
  }
  GString *answer = g_string_new(NULL);
  char piece[4096];
  gssize got;
  while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
    g_string_append_len(answer, piece, got);
  close(fd);
  return g_string_free(answer, FALSE);
}

/* One request. Returns the status, 0 where the connection was closed without an answer; the body's
 * JSON in `*json` (may be NULL, owned by the caller). */
static int
ask(const Sandbox *sandbox, const char *key, const char *method, const char *path, const char *body,
    json_t **json)
{
  g_autofree char *request =
      g_strdup_printf("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s"
                      "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                      method, path, key, body != NULL ? strlen(body) : 0, body != NULL ? body : "");
  g_autofree char *answer = exchange(sandbox, request);
  if (answer[0] == '\0')
    return 0;
  const char *rest = strstr(answer, "\r\n\r\n");
  g_assert_nonnull(rest);
  if (json != NULL) {
    *json = json_loads(rest + 4, JSON_DECODE_ANY, NULL);
    g_assert_nonnull(*json);
  }
  return (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
}

static int
post(const Sandbox *sandbox, const char *path, const char *body)
{
  return ask(sandbox, sandbox_key(sandbox), "POST", path, body, NULL);
}

static int
get(const Sandbox *sandbox, const char *path, json_t **json)
{
  return ask(sandbox, sandbox_key(sandbox), "GET", path, NULL, json);
}

static char *
form(const char *id, const char *content)
{
  return g_strdup_printf("{\"id\":\"%s\",\"name\":\"N\",\"meta\":{},\"content\":\"%s\"}", id,
                         content);
}

static int
create(const Sandbox *sandbox, const char *id)
{
  g_autofree char *body = form(id, FILTER);
  return post(sandbox, "/api/v1/functions/create", body);
}

static gboolean
exists(const Sandbox *sandbox, const char *id)
{
  g_autofree char *path = g_strconcat("/api/v1/functions/id/", id, NULL);
  return get(sandbox, path, NULL) == 200;
}

static void
test_life(void)
{
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){.generation = SANDBOX_0_12});
  g_assert_true(g_str_has_prefix(sandbox_url(sandbox), "http://127.0.0.1:"));
  g_assert_true(g_str_has_prefix(sandbox_key(sandbox), "sk-"));
  g_assert_cmpstr(sandbox_key(sandbox), !=, sandbox_user_key(sandbox));
  g_assert_cmpint(create(sandbox, "a"), ==, 200);
  json_auto_t *json = NULL;
  g_assert_cmpint(get(sandbox, "/api/v1/functions/id/a", &json), ==, 200);
  g_assert_cmpstr(json_string_value(json_object_get(json, "content")), ==,
                  "class Filter:\n  pass\n");
  g_assert_cmpint(ask(sandbox, "sk-nobody", "GET", "/api/v1/functions/", NULL, NULL), ==, 401);
  g_assert_cmpint(
      ask(sandbox, sandbox_user_key(sandbox), "GET", "/api/v1/functions/id/a", NULL, NULL), ==,
      401);

  g_autoptr(Sandbox) other = start(&(SandboxOptions){.generation = SANDBOX_0_12});
  g_assert_cmpstr(sandbox_key(sandbox), !=, sandbox_key(other));
  g_assert_false(exists(other, "a"));
}

static void
test_words(void)
{
  SandboxGeneration generation;
  g_assert_true(sandbox_generation_parse("0.9", &generation));
  g_assert_cmpint(generation, ==, SANDBOX_0_9);
  g_assert_true(sandbox_generation_parse("0.11.4", &generation));
  g_assert_cmpint(generation, ==, SANDBOX_0_11);
  g_assert_true(sandbox_generation_parse("0.12", &generation));
  g_assert_cmpint(generation, ==, SANDBOX_0_12);
  g_assert_false(sandbox_generation_parse("0.1", &generation));
  g_assert_false(sandbox_generation_parse("0.120", &generation));
  g_assert_false(sandbox_generation_parse("", &generation));
}

static void
test_port_taken(void)
{
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){0});
  SandboxOptions options = {.port = port_of(sandbox)};
  g_autoptr(GError) error = NULL;
  g_assert_null(sandbox_start(&options, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, g_strerror(EADDRINUSE)));
}

/* Broken code names its line, and before 0.12 switches the function off. */
static void
test_broken_code(void)
{
  for (int generation = SANDBOX_0_9; generation <= SANDBOX_0_12; generation++) {
    g_autoptr(Sandbox) sandbox =
        start(&(SandboxOptions){.generation = (SandboxGeneration)generation});
    g_assert_cmpint(create(sandbox, "a"), ==, 200);
    g_assert_cmpint(post(sandbox, "/api/v1/functions/id/a/toggle", ""), ==, 200);
    g_autofree char *body = form("a", FILTER "\\nx = (\\n");
    json_auto_t *refusal = NULL, *json = NULL;
    g_assert_cmpint(
        ask(sandbox, sandbox_key(sandbox), "POST", "/api/v1/functions/id/a/update", body, &refusal),
        ==, 400);
    const char *detail = json_string_value(json_object_get(refusal, "detail"));
    g_assert_cmpint(strstr(detail, "(<string>, line 4)") != NULL, ==, generation != SANDBOX_0_11);
    g_assert_cmpint(get(sandbox, "/api/v1/functions/id/a", &json), ==, 200);
    g_assert_cmpint(json_is_true(json_object_get(json, "is_active")), ==,
                    generation == SANDBOX_0_12);
    g_assert_cmpstr(json_string_value(json_object_get(json, "content")), ==,
                    "class Filter:\n  pass\n");
  }
}

static void
test_cut_before(void)
{
  g_autoptr(Sandbox) sandbox =
      start(&(SandboxOptions){.cut_set = TRUE, .cut_before = TRUE, .cut_number = 2});
  g_assert_cmpint(create(sandbox, "a"), ==, 200);
  g_assert_true(exists(sandbox, "a"));
  g_assert_cmpint(create(sandbox, "b"), ==, 0);
  g_assert_false(exists(sandbox, "b"));
  g_assert_cmpint(create(sandbox, "b"), ==, 200);
}

/* A refused write counts; a read, and a write elsewhere, do not. */
static void
test_cut_after(void)
{
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){.cut_set = TRUE, .cut_number = 3});
  g_assert_cmpint(post(sandbox, "/api/v1/functions/create", "{}"), ==, 422);
  g_assert_cmpint(post(sandbox, "/api/v1/tools/nope", ""), ==, 405);
  g_assert_cmpint(post(sandbox, "/api/v1/utils/code/format", "{\"code\": \"\"}"), ==, 501);
  g_assert_false(exists(sandbox, "a"));
  g_assert_cmpint(create(sandbox, "a"), ==, 0);
  g_assert_true(exists(sandbox, "a"));
  g_assert_cmpint(create(sandbox, "b"), ==, 200);
}

static void *
ask_and_forget(void *data)
{
  create(data, "a");
  return NULL;
}

/* An answer that is due in a day does not hold up the end. */
static void
test_stop_while_delayed(void)
{
  Sandbox *sandbox = start(&(SandboxOptions){.delay_ms = 24 * 3600 * 1000});
  pthread_t thread;
  g_assert_cmpint(pthread_create(&thread, NULL, ask_and_forget, sandbox), ==, 0);
  /* Whether its request has arrived by now does not matter. */
  g_usleep(20000);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  address.sin_port = htons(port_of(sandbox));
  int idle = socket(AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint(connect(idle, (struct sockaddr *)&address, sizeof address), ==, 0);
  sandbox_stop(sandbox);
  pthread_join(thread, NULL);
  close(idle);
}

static void
test_data_file(void)
{
  g_autofree char *folder = g_dir_make_tmp("owup-sandbox-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "data.db", NULL);
  SandboxOptions options = {.data_file = path, .generation = SANDBOX_0_12};
  g_autofree char *key = NULL;
  {
    g_autoptr(Sandbox) sandbox = start(&options);
    key = g_strdup(sandbox_key(sandbox));
    g_assert_cmpint(create(sandbox, "a"), ==, 200);
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  }
  options.generation = SANDBOX_0_9;
  {
    g_autoptr(Sandbox) sandbox = start(&options);
    g_assert_cmpstr(sandbox_key(sandbox), ==, key);
    g_assert_true(exists(sandbox, "a"));
  }
  g_assert_true(
      g_file_set_contents(path, "no database, but long enough to be looked at", -1, NULL));
  g_autoptr(GError) error = NULL;
  g_assert_null(sandbox_start(&options, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_remove(path);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
test_too_large(void)
{
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){0});
  g_autofree char *answer =
      exchange(sandbox, "POST /api/v1/functions/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        "Content-Length: 99999999999\r\n\r\n{");
  g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 413 "));
  g_assert_cmpint(create(sandbox, "a"), ==, 200);
}

static void
test_garbage(void)
{
  static const char bad_body[] =
      "POST /api/v1/functions/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n\xff\xff\xff";
  const char *const pieces[] = {
      "\x16\x03\x01\x02 x\r\n\r\n",
      "GET /%00%ff/%zz?%ff=%fe&a&&= HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /api/v1/functions/id/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      bad_body,
  };
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){0});
  for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
    g_autofree char *answer = exchange(sandbox, pieces[i]);
    g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 "));
  }
  g_assert_cmpint(create(sandbox, "a"), ==, 200);
}

#define THREADS 8
#define ROUNDS 12

typedef struct {
  const Sandbox *sandbox;
  int number;
} Busy;

static void *
be_busy(void *data)
{
  Busy *busy = data;
  g_autofree char *id = g_strdup_printf("f%d", busy->number);
  g_autofree char *path = g_strdup_printf("/api/v1/functions/id/%s/update", id);
  g_assert_cmpint(create(busy->sandbox, id), ==, 200);
  for (int i = 0; i < ROUNDS; i++) {
    g_autofree char *content = g_strdup_printf(FILTER "# %d\\n", i);
    g_autofree char *body = form(id, content);
    g_assert_cmpint(post(busy->sandbox, path, body), ==, 200);
    g_assert_cmpint(get(busy->sandbox, "/api/v1/functions/export", NULL), ==, 200);
    g_assert_cmpint(post(busy->sandbox, "/api/v1/functions/id/shared/toggle", ""), ==, 200);
  }
  return NULL;
}

static void
test_many_at_once(void)
{
  g_autoptr(Sandbox) sandbox = start(&(SandboxOptions){.generation = SANDBOX_0_12, .delay_ms = 1});
  g_assert_cmpint(create(sandbox, "shared"), ==, 200);
  pthread_t threads[THREADS];
  Busy busy[THREADS];
  for (int i = 0; i < THREADS; i++) {
    busy[i] = (Busy){sandbox, i};
    g_assert_cmpint(pthread_create(&threads[i], NULL, be_busy, &busy[i]), ==, 0);
  }
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  json_auto_t *list = NULL, *versions = NULL, *shared = NULL;
  g_assert_cmpint(get(sandbox, "/api/v1/functions/", &list), ==, 200);
  g_assert_cmpuint(json_array_size(list), ==, THREADS + 1);
  g_assert_cmpint(get(sandbox, "/api/v1/functions/id/f0/history", &versions), ==, 200);
  g_assert_cmpuint(json_array_size(versions), ==, ROUNDS + 1);
  g_assert_cmpint(get(sandbox, "/api/v1/functions/id/shared", &shared), ==, 200);
  g_assert_true(json_is_false(json_object_get(shared, "is_active")));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sandbox/life", test_life);
  g_test_add_func("/sandbox/words", test_words);
  g_test_add_func("/sandbox/port-taken", test_port_taken);
  g_test_add_func("/sandbox/broken-code", test_broken_code);
  g_test_add_func("/sandbox/cut-before", test_cut_before);
  g_test_add_func("/sandbox/cut-after", test_cut_after);
  g_test_add_func("/sandbox/stop-while-delayed", test_stop_while_delayed);
  g_test_add_func("/sandbox/data-file", test_data_file);
  g_test_add_func("/sandbox/too-large", test_too_large);
  g_test_add_func("/sandbox/garbage", test_garbage);
  g_test_add_func("/sandbox/many-at-once", test_many_at_once);
  return g_test_run();
}
