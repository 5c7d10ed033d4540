/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include "cancel.h"
#include "error.h"
#include "mhd_dl.h"
#include "request.h"
#include "sandbox_db.h"
#include "sandbox_times.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>

/* A plugin of the greatest size that owup sends, with every character escaped, would be larger; no
 * plugin is. */
#define BODY_LIMIT (128u << 20)
/* Open connections, each with a thread. */
#define CONNECTION_LIMIT 400
/* Enough for the longest header lines and a good piece of a body. */
#define CONNECTION_MEMORY (64u << 10)

struct Sandbox {
  SandboxOptions options;
  char *url, *key, *user_key;
  struct MHD_Daemon *daemon;
  Cancel *stopping;
  pthread_mutex_t lock; /* guards what follows: one request acts at a time */
  SandboxDb *state;
  guint writes; /* write requests so far */
};

/* A request while its body arrives. */
typedef struct {
  GByteArray *body;
  gboolean refused; /* an answer is already on its way */
} Exchange;

gboolean
sandbox_generation_parse(const char *word, SandboxGeneration *generation)
{
  static const char *const words[] = {
      [SANDBOX_0_9] = "0.9", [SANDBOX_0_11] = "0.11", [SANDBOX_0_12] = "0.12"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    gsize len = strlen(words[i]);
    if (strncmp(word, words[i], len) == 0 && (word[len] == '\0' || word[len] == '.')) {
      *generation = (SandboxGeneration)i;
      return TRUE;
    }
  }
  return FALSE;
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, const Response *answer)
{
  gsize len;
  gconstpointer data = g_bytes_get_data(answer->body, &len);
  struct MHD_Response *response =
      sym_MHD_create_response_from_buffer(len, (void *)data, MHD_RESPMEM_MUST_COPY);
  if (response == NULL)
    return MHD_NO;
  sym_MHD_add_response_header(response, "content-type", answer->content_type);
  sym_MHD_add_response_header(response, "server", "owup-sandbox");
  enum MHD_Result queued = sym_MHD_queue_response(connection, (guint)answer->status, response);
  sym_MHD_destroy_response(response);
  return queued;
}

static const char *
find_header(struct MHD_Connection *connection, const char *name)
{
  return sym_MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result
take_argument(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  GHashTable *query = data;
  if (value == NULL)
    value = "";
  if (g_utf8_validate(name, -1, NULL) && g_utf8_validate(value, -1, NULL))
    g_hash_table_insert(query, g_strdup(name), g_strdup(value));
  return MHD_YES;
}

static gboolean
is_write(const Request *request)
{
  return (g_str_equal(request->method, "POST") || g_str_equal(request->method, "DELETE")) &&
         (g_str_has_prefix(request->path, "/api/v1/functions/") ||
          g_str_has_prefix(request->path, "/api/v1/tools/"));
}

/* Acts on the request, and says whether its connection is to be cut instead of answered. */
static Response *
act(Sandbox *sandbox, const Request *request, gboolean *cut)
{
  const SandboxOptions *options = &sandbox->options;
  Response *answer = NULL;
  pthread_mutex_lock(&sandbox->lock);
  *cut = is_write(request) && ++sandbox->writes == options->cut_number && options->cut_set;
  if (!*cut || !options->cut_before)
    answer = route_request(sandbox->state, options, request);
  pthread_mutex_unlock(&sandbox->lock);
  return answer;
}

static enum MHD_Result
answer_request(Sandbox *sandbox, struct MHD_Connection *connection, const char *path,
               const char *method, Exchange *exchange)
{
  g_autoptr(GHashTable) query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  sym_MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, query);
  g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
  Request request = {
      .method = method,
      .path = g_utf8_validate(path, -1, NULL) ? path : "/",
      .query = query,
      .authorization = find_header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
      .api_key = find_header(connection, "x-api-key"),
      .content_type = find_header(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
      .body = body,
  };
  gboolean cut;
  g_autoptr(Response) answer = act(sandbox, &request, &cut);
  if (sandbox->options.delay_ms > 0)
    cancel_wait(sandbox->stopping, sandbox->options.delay_ms, CANCEL_GENTLY);
  /* MHD closes the connection without a word. */
  return cut ? MHD_NO : send_answer(connection, answer);
}

/* A body that says beforehand that it is too large. */
static gboolean
is_too_large(struct MHD_Connection *connection)
{
  const char *length = find_header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  return length != NULL && g_ascii_strtoull(length, NULL, 10) > BODY_LIMIT;
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *connection, const char *path, const char *method,
           const char *version, const char *piece, size_t *piece_size, void **slot)
{
  Sandbox *sandbox = data;
  Exchange *exchange = *slot;
  if (exchange == NULL) {
    exchange = g_new0(Exchange, 1);
    exchange->body = g_byte_array_new();
    *slot = exchange;
    if (!is_too_large(connection))
      return MHD_YES;
    exchange->refused = TRUE;
    g_autoptr(Response) answer = response_detail(413, "Request Entity Too Large");
    return send_answer(connection, answer);
  }
  if (exchange->refused)
    return MHD_YES;
  if (*piece_size > 0) {
    /* In pieces without a length said before: nothing can be answered in the middle. */
    if (exchange->body->len + *piece_size > BODY_LIMIT)
      return MHD_NO;
    g_byte_array_append(exchange->body, (const guint8 *)piece, (guint)*piece_size);
    *piece_size = 0;
    return MHD_YES;
  }
  return answer_request(sandbox, connection, path, method, exchange);
}

static void
on_done(void *data, struct MHD_Connection *connection, void **slot,
        enum MHD_RequestTerminationCode how)
{
  Exchange *exchange = *slot;
  if (exchange == NULL)
    return;
  g_clear_pointer(&exchange->body, g_byte_array_unref);
  g_free(exchange);
  *slot = NULL;
}

static gboolean
start_daemon(Sandbox *sandbox, GError **error)
{
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(sandbox->options.port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  guint idle = SANDBOX_IDLE_S + sandbox->options.delay_ms / 1000 + 1;
  errno = 0;
  sandbox->daemon = sym_MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC | MHD_USE_POLL,
      0, NULL, NULL, on_request, sandbox, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
      MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_CONNECTION_LIMIT,
      (guint)CONNECTION_LIMIT, MHD_OPTION_CONNECTION_TIMEOUT, idle,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
  if (sandbox->daemon == NULL)
    return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot listen on 127.0.0.1:%u: %s"),
                          sandbox->options.port, g_strerror(errno != 0 ? errno : EIO));
  const union MHD_DaemonInfo *info =
      sym_MHD_get_daemon_info(sandbox->daemon, MHD_DAEMON_INFO_BIND_PORT);
  sandbox->url = g_strdup_printf("http://127.0.0.1:%u", info->port);
  return TRUE;
}

Sandbox *
sandbox_start(const SandboxOptions *options, GError **error)
{
  if (!mhd_dl_load(error))
    return NULL;
  g_autoptr(Sandbox) sandbox = g_new0(Sandbox, 1);
  sandbox->options = *options;
  sandbox->options.data_file = NULL;
  /* Only newer servers have the switch. */
  sandbox->options.plugins_off = options->plugins_off && options->generation > SANDBOX_0_9;
  pthread_mutex_init(&sandbox->lock, NULL);
  sandbox->stopping = cancel_new();
  sandbox->state = sandbox_db_open(options->data_file, error);
  if (sandbox->state == NULL)
    return NULL;
  g_autoptr(Person) admin = sandbox_db_person_by_role(sandbox->state, TRUE);
  g_autoptr(Person) user = sandbox_db_person_by_role(sandbox->state, FALSE);
  if (admin == NULL || user == NULL)
    return owup_error_null(error, OWUP_ERROR_LOCAL_STATE, _("%s is no data file of a sandbox"),
                           options->data_file);
  sandbox->key = g_steal_pointer(&admin->key);
  sandbox->user_key = g_steal_pointer(&user->key);
  if (!start_daemon(sandbox, error))
    return NULL;
  return g_steal_pointer(&sandbox);
}

void
sandbox_stop(Sandbox *sandbox)
{
  if (sandbox == NULL)
    return;
  cancel_raise(sandbox->stopping);
  if (sandbox->daemon != NULL)
    sym_MHD_stop_daemon(sandbox->daemon);
  sandbox_db_close(sandbox->state);
  cancel_free(sandbox->stopping);
  pthread_mutex_destroy(&sandbox->lock);
  g_free(sandbox->url);
  g_free(sandbox->key);
  g_free(sandbox->user_key);
  g_free(sandbox);
}

const char *
sandbox_url(const Sandbox *sandbox)
{
  return sandbox->url;
}

const char *
sandbox_key(const Sandbox *sandbox)
{
  return sandbox->key;
}

const char *
sandbox_user_key(const Sandbox *sandbox)
{
  return sandbox->user_key;
}
