/* SPDX-License-Identifier: MIT */
#include "http.h"

#include "clock.h"
#include "error.h"
#include "http_answer.h"
#include "http_libcurl.h"
#include "http_private.h"
#include "http_times.h"

#include <signal.h>
#include <string.h>

/* Room made at once for an announced length; beyond it the buffer grows as bytes really come. */
#define PRESIZE_LIMIT (4u << 20)
#define TRANSFER_BUFFER (128L << 10)

struct HttpClient {
  HttpOptions options; /* its strings are the client's own */
  CURLM *multi; /* keeps the connections; this and what follows: NULL before the first request */
  CURL *easy;
  struct curl_slist *headers;
  struct curl_slist *body_headers;
  Cancel *cancel;
  guint wake;
  HttpTrace trace;
  gpointer trace_data;
  char reason[CURL_ERROR_SIZE];
};

/* One request on its way. */
typedef struct {
  CURL *easy;
  GByteArray *body;
  gsize limit;
  gboolean sent;
  gboolean too_big;
  gboolean head_complete;
  gint64 last_moved; /* when bytes went in either direction; monotonic, microseconds */
  gint64 began;      /* when the connection stood */
} Exchange;

static gpointer
load_in_thread(gpointer data)
{
  http_libcurl_load(NULL);
  return NULL;
}

GThread *
http_load_ahead(void)
{
  return g_thread_new("load", load_in_thread, NULL);
}

static void
wake_transfer(gpointer data)
{
  sym_curl_multi_wakeup(data);
}

/* With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE alone, and OpenSSL writes without MSG_NOSIGNAL. */
static void
block_sigpipe(void)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

gboolean
http_has_authorization(const char *const *headers)
{
  for (; headers != NULL && *headers != NULL; headers++)
    if (g_ascii_strncasecmp(*headers, "authorization:", 14) == 0)
      return TRUE;
  return FALSE;
}

static struct curl_slist *
header_list(const HttpOptions *options, gboolean with_body)
{
  struct curl_slist *list = sym_curl_slist_append(NULL, "Accept: application/json");
  if (with_body) {
    list = sym_curl_slist_append(list, "Content-Type: application/json");
    /* Else libcurl waits a second for "100 Continue" before a body of 1 MB or more. */
    list = sym_curl_slist_append(list, "Expect:");
  }
  const char *const *headers = options->headers;
  if (options->key != NULL && http_has_authorization(headers)) {
    g_autofree char *key = g_strconcat("x-api-key: ", options->key, NULL);
    list = sym_curl_slist_append(list, key);
  }
  for (; headers != NULL && *headers != NULL; headers++)
    list = sym_curl_slist_append(list, *headers);
  return list;
}

/* Called when the connection stands and the next thing is the request itself. */
static int
before_request(void *data, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
  Exchange *exchange = data;
  exchange->sent = TRUE;
  exchange->last_moved = exchange->began = clock_now();
  return CURL_PREREQFUNC_OK;
}

/* libcurl takes an answer that ends within its head for a whole one without a body. */
static size_t /* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
take_head_line(char *line, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  exchange->head_complete = line[0] == '\r' || line[0] == '\n';
  return size * n;
}

static void
make_room(Exchange *exchange)
{
  curl_off_t announced = -1;
  sym_curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  exchange->body =
      g_byte_array_sized_new(announced > 0 ? (guint)MIN(announced, PRESIZE_LIMIT) : 4096);
}

static size_t
take_bytes(char *bytes, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  gsize len = size * n;
  if (exchange->body == NULL)
    make_room(exchange);
  if (len > exchange->limit - exchange->body->len) {
    exchange->too_big = TRUE;
    return CURL_WRITEFUNC_ERROR;
  }
  g_byte_array_append(exchange->body, (const guint8 *)bytes, (guint)len);
  return len;
}

/* What stays the same from request to request. */
static void
set_up_easy(HttpClient *client)
{
  CURL *easy = client->easy;
  const HttpOptions *options = &client->options;
  sym_curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  sym_curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  sym_curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  /* Over TLS HTTP/2 where both sides agree; in the clear always 1.1. */
  sym_curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  sym_curl_easy_setopt(easy, CURLOPT_USERAGENT, "owup/" OWUP_VERSION);
  sym_curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->reason);
  sym_curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, TRANSFER_BUFFER);
  sym_curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head_line);
  sym_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
  sym_curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
  sym_curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
  /* A name server that is silent must not hold up an interrupt or the time-out. */
  sym_curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  if (options->cacert != NULL)
    sym_curl_easy_setopt(easy, CURLOPT_CAINFO, options->cacert);
  if (options->insecure) {
    sym_curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    sym_curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (options->key != NULL && !http_has_authorization(options->headers)) {
    /* Sent to the host of the URL alone; without CURLAUTH_BEARER nothing is sent. */
    sym_curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    sym_curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, options->key);
  }
}

HttpClient *
http_client_new(const HttpOptions *options, Cancel *cancel)
{
  block_sigpipe();
  HttpClient *client = g_new0(HttpClient, 1);
  client->options = *options;
  client->cancel = cancel;
  return client;
}

/* Only with the first request, so that libcurl is loaded while there is other work to do. */
static gboolean
open_client(HttpClient *client, GError **error)
{
  if (client->multi != NULL)
    return TRUE;
  if (!http_libcurl_load(error))
    return FALSE;
  client->multi = sym_curl_multi_init();
  client->easy = sym_curl_easy_init();
  if (client->multi == NULL || client->easy == NULL)
    g_error("libcurl cannot be set up");
  client->headers = header_list(&client->options, FALSE);
  client->body_headers = header_list(&client->options, TRUE);
  set_up_easy(client);
  client->wake = cancel_add_wake(client->cancel, wake_transfer, client->multi);
  return TRUE;
}

static void
close_client(HttpClient *client)
{
  cancel_remove_wake(client->cancel, client->wake);
  sym_curl_easy_cleanup(client->easy);
  sym_curl_multi_cleanup(client->multi);
  sym_curl_slist_free_all(client->headers);
  sym_curl_slist_free_all(client->body_headers);
}

void
http_client_free(HttpClient *client)
{
  if (client == NULL)
    return;
  if (client->multi != NULL)
    close_client(client);
  g_free(client);
}

void
http_client_set_trace(HttpClient *client, HttpTrace trace, gpointer data)
{
  client->trace = trace;
  client->trace_data = data;
}

static void
set_method(CURL *easy, const HttpRequest *request)
{
  gboolean post = g_str_equal(request->method, "POST");
  sym_curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                       post && request->body != NULL ? request->body : "");
  sym_curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                       (curl_off_t)(request->body != NULL ? request->body_len : 0));
  if (!post)
    sym_curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  gboolean other = !post && !g_str_equal(request->method, "GET");
  sym_curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, other ? request->method : NULL);
}

static void
set_request(HttpClient *client, const HttpRequest *request, const HttpProxy *route,
            Exchange *exchange)
{
  CURL *easy = client->easy;
  set_method(easy, request);
  sym_curl_easy_setopt(easy, CURLOPT_URL, request->url);
  sym_curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
                       request->body != NULL ? client->body_headers : client->headers);
  sym_curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)(request->fresh_connection != FALSE));
  sym_curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                       (long)clock_real_ms(MIN(HTTP_CONNECT_MS, request->idle_timeout_ms)));
  /* Found here and not by libcurl, so that a message can name it. */
  sym_curl_easy_setopt(easy, CURLOPT_PROXY, route->proxy != NULL ? route->proxy : "");
  sym_curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  /* Measured on 0.12.4, 200 KB of plugin: packing costs the server 2 ms and saves 165 KB. "" stands
   * for all that libcurl can unpack. */
  sym_curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, route->local ? NULL : "");
  sym_curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)exchange->limit);
  sym_curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
  sym_curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
  sym_curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange);
}

/* When patience ends, and what is wrong then. Before the connection stands libcurl's own connect
 * time-out counts, and wakes the poll. */
static ClockDeadline
patience_end(const Exchange *exchange, gint64 idle_timeout_ms, HttpFault *over)
{
  if (!exchange->sent)
    return clock_deadline(HTTP_CONNECT_MS);
  ClockDeadline silent = clock_deadline_from(exchange->last_moved, idle_timeout_ms);
  ClockDeadline whole = clock_deadline_from(exchange->began, idle_timeout_ms * HTTP_WHOLE_TIMES);
  *over = silent.at <= whole.at ? FAULT_SILENCE : FAULT_ENDLESS;
  return silent.at <= whole.at ? silent : whole;
}

static gboolean
is_stopped(HttpClient *client, const HttpRequest *request)
{
  return request->stop_at != CANCEL_NONE && cancel_level(client->cancel) >= request->stop_at;
}

static CURLcode
transfer_result(HttpClient *client)
{
  int left = 0;
  CURLMsg *message = sym_curl_multi_info_read(client->multi, &left);
  CURLcode code = message != NULL ? message->data.result : CURLE_GOT_NOTHING;
  long number = 0;
  if (code == CURLE_OK)
    return code;
  if (client->reason[0] == '\0')
    g_strlcpy(client->reason, sym_curl_easy_strerror(code), sizeof client->reason);
  sym_curl_easy_getinfo(client->easy, CURLINFO_OS_ERRNO, &number);
  if (code == CURLE_COULDNT_CONNECT && number != 0) {
    gsize used = strlen(client->reason);
    g_snprintf(client->reason + used, sizeof client->reason - used, " (%s)",
               g_strerror((int)number));
  }
  return code;
}

static HttpFault
transfer_fault(const Exchange *exchange, CURLcode code)
{
  switch ((int)code) {
  case CURLE_OK:
    return exchange->head_complete ? FAULT_NONE : FAULT_CUT;
  case CURLE_FILESIZE_EXCEEDED:
    return FAULT_TOO_BIG;
  case CURLE_URL_MALFORMAT:
    return FAULT_NO_URL;
  case CURLE_SSL_CACERT_BADFILE:
    return FAULT_CA_FILE;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return FAULT_CERTIFICATE;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_CIPHER:
  case CURLE_USE_SSL_FAILED:
    return FAULT_TLS;
  case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
  case CURLE_WEIRD_SERVER_REPLY:
    return exchange->sent ? FAULT_NO_HTTP : FAULT_NO_URL;
  default:
    if (exchange->too_big)
      return FAULT_TOO_BIG;
    return exchange->sent ? FAULT_CUT : FAULT_NO_CONNECTION;
  }
}

/* Runs the transfer to its end, or until we end it. */
static HttpFault
run_transfer(HttpClient *client, const HttpRequest *request, Exchange *exchange)
{
  int running = 1;
  while (TRUE) {
    if (is_stopped(client, request))
      return FAULT_INTERRUPTED;
    sym_curl_multi_perform(client->multi, &running);
    if (running == 0)
      return transfer_fault(exchange, transfer_result(client));
    HttpFault over = FAULT_SILENCE;
    int ready = 0;
    ClockDeadline end = patience_end(exchange, request->idle_timeout_ms, &over);
    if (clock_passed(end))
      return over;
    sym_curl_multi_poll(client->multi, NULL, 0, clock_poll_ms(end), &ready);
    /* libcurl's counters stand still while a line of the head comes in pieces. */
    if (ready > 0)
      exchange->last_moved = clock_now();
  }
}

static void
trace_line(HttpClient *client, char *line)
{
  if (line != NULL)
    client->trace(line, client->trace_data);
  g_free(line);
}

static void
trace_request(HttpClient *client, const HttpRequest *request)
{
  if (client->trace == NULL)
    return;
  trace_line(client, http_trace_request(request, client->options.redactor));
  if (request->body != NULL)
    trace_line(client, http_trace_body(request->url, "application/json", request->body,
                                       request->body_len, &client->options));
}

static void
trace_answer(HttpClient *client, const HttpRequest *request, const HttpAnswer *answer, gint64 start)
{
  if (client->trace == NULL)
    return;
  gsize len = 0;
  const char *body = g_bytes_get_data(answer->body, &len);
  trace_line(client, http_trace_answer(answer, clock_took_ms(start)));
  trace_line(client,
             http_trace_body(request->url, answer->content_type, body, len, &client->options));
}

static void
trace_error(HttpClient *client, const GError *error)
{
  if (client->trace == NULL)
    return;
  const char *detail = owup_error_detail(error);
  trace_line(client, g_strdup_printf("< %s%s%s", error->message, detail != NULL ? ": " : "",
                                     detail != NULL ? detail : ""));
}

gboolean
http_send(HttpClient *client, const HttpRequest *request, HttpAnswer *answer, gboolean *sent,
          GError **error)
{
  g_auto(HttpProxy) route = {0};
  if (sent != NULL)
    *sent = FALSE;
  *answer = (HttpAnswer){0};
  if (!open_client(client, error))
    return FALSE;
  http_proxy_find(request->url, &route);
  gint64 start = clock_stopwatch();
  Exchange exchange = {.easy = client->easy, .last_moved = clock_now()};
  exchange.limit = request->answer_limit != 0 ? request->answer_limit : HTTP_ANSWER_LIMIT;
  client->reason[0] = '\0';
  trace_request(client, request);
  set_request(client, request, &route, &exchange);
  sym_curl_multi_add_handle(client->multi, client->easy);
  HttpFault fault = run_transfer(client, request, &exchange);
  if (fault == FAULT_NONE)
    http_answer_fill(answer, client->easy, g_steal_pointer(&exchange.body));
  sym_curl_multi_remove_handle(client->multi, client->easy);
  g_clear_pointer(&exchange.body, g_byte_array_unref);
  if (sent != NULL)
    *sent = exchange.sent;
  if (answer->body != NULL) {
    trace_answer(client, request, answer, start);
    return TRUE;
  }
  HttpFailure failure = {
      .fault = fault,
      .reason = client->reason,
      .route = &route,
      .request = request,
      .limit = exchange.limit,
      .cacert = client->options.cacert,
  };
  GError *failed = http_failure_to_error(&failure);
  trace_error(client, failed);
  g_propagate_error(error, failed);
  return FALSE;
}
