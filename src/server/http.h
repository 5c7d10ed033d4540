/* One HTTP exchange at a time, over a kept connection: the only file that knows libcurl.
 *
 * A client belongs to one thread. It says what came back, byte for byte, and never what it means
 * (reply.h does). It never follows a redirect and never sends a request a second time by itself:
 * libcurl repeats a request on its own when a reused connection dies before the first byte of an
 * answer (also a POST), so requests that must not happen twice ask for a fresh connection.
 */
#pragma once

#include "cancel.h"

#include <glib.h>

/* Larger answers are refused with OWUP_ERROR_TOO_BIG. An export of 400 plugins has 9 MB. */
#define HTTP_ANSWER_LIMIT (256u << 20)

typedef struct {
  const char *key; /* sent as a bearer token; as x-api-key where `headers` hold an Authorization */
  const char *cacert;         /* PEM file, or NULL */
  gboolean insecure;          /* no certificate check */
  const char *const *headers; /* "Name: value", or NULL */
} HttpOptions;

typedef struct HttpClient HttpClient;

/* `cancel` outlives the client; strings are copied. */
HttpClient *http_client_new(const HttpOptions *options, Cancel *cancel);
void http_client_free(HttpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

/* Once, on the main thread, before the first client. */
void http_global_init(void);

/* Called in the client's thread for each finished exchange (-v) with a line a person may read, no
 * secrets. */
typedef void (*HttpTrace)(const char *line, gpointer data);
void http_client_set_trace(HttpClient *client, HttpTrace trace, gpointer data);

typedef struct {
  const char *method; /* "GET", "POST", "DELETE" */
  const char *url;
  const char *body; /* JSON, or NULL */
  gsize body_len;
  gboolean fresh_connection; /* must not happen twice: toggle, create, delete, valves */
  guint silence_ms;          /* fails with OWUP_ERROR_TIMEOUT after so long without a byte */
  CancelLevel stop_at;       /* ends with OWUP_ERROR_INTERRUPTED at this level */
} HttpRequest;

typedef struct {
  int status;
  char *content_type; /* lower-case, without parameters; "" where absent */
  char *location;     /* of a redirect, absolute; or NULL */
  gint64 date;        /* the server's Date, seconds since 1970, 0 where absent */
  GBytes *body;
} HttpAnswer;

void http_answer_clear(HttpAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpAnswer, http_answer_clear)

/* Sends and waits. FALSE with UNREACHABLE, PROXY (names proxy and variable), TLS, TIMEOUT, TOO_BIG,
 * INTERRUPTED, or UNKNOWN (connection cut or body shorter than announced after the request was
 * sent). `*sent` (may be NULL) tells whether the server can have seen the request: FALSE only where
 * it surely has not. */
gboolean http_send(HttpClient *client, const HttpRequest *request, HttpAnswer *answer,
                   gboolean *sent, GError **error);
