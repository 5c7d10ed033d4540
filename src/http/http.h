/* SPDX-License-Identifier: MIT */
/* One HTTP exchange at a time, over a kept connection: the only module that knows libcurl.
 *
 * http_client_new(), any number of http_send(), http_client_free(). A client
 * belongs to one thread, in which it blocks SIGPIPE. It says what came back, byte for byte, and
 * never what it means (reply.h does). It never follows a redirect.
 *
 * libcurl 7.88 sends a request again by itself, a POST too, when a reused connection dies before
 * the first byte of an answer; requests that must not happen twice ask for a fresh connection.
 *
 * Proxies are those of the environment (http_proxy, https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY;
 * no_proxy, NO_PROXY), never for this machine itself.
 */
#pragma once

#include "cancel.h"
#include "redact.h"

#include <glib.h>

/* Larger answers are refused with OWUP_ERROR_TOO_BIG. An export of 400 plugins has 9 MB. */
#define HTTP_ANSWER_LIMIT (256u << 20)

typedef struct {
  const char *key; /* sent as a bearer token; as x-api-key where `headers` hold an Authorization */
  const char *cacert;         /* PEM file, or NULL */
  gboolean insecure;          /* no certificate check */
  const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
  Redactor *redactor;         /* what goes to the trace goes through it; NULL: by looks alone */
  const char *untold; /* behind these words in an answer the trace tells nothing; static, or NULL */
} HttpOptions;

typedef struct HttpClient HttpClient;

/* `cancel` and the options' strings outlive the client. */
HttpClient *http_client_new(const HttpOptions *options, Cancel *cancel);
void http_client_free(HttpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

/* TRUE where `headers` (may be NULL) hold an Authorization of their own. */
gboolean http_has_authorization(const char *const *headers);

/* Loads libcurl in a thread of its own, which takes 5 ms; else the first http_send() does it. The
 * caller joins the thread before the process ends. */
GThread *http_load_ahead(void);

/* Called in the client's thread (-v) with lines that a person may read, before a request and after
 * its answer: "> POST URL (196 KB)", "< 200 application/json 3.1 KB 12 ms", and what was sent or
 * came as one line of at most 1 KB. No keys, valves, users, contents or control characters. */
typedef void (*HttpTrace)(const char *line, gpointer data);
void http_client_set_trace(HttpClient *client, HttpTrace trace, gpointer data);

typedef struct {
  const char *method; /* "GET", "POST", "DELETE" */
  const char *url;
  const char *body; /* JSON, or NULL */
  gsize body_len;
  gboolean fresh_connection; /* must not happen twice: toggle, create, delete, valves */
  guint idle_timeout_ms;     /* fails with OWUP_ERROR_TIMEOUT after so long without a byte, > 0 */
  CancelLevel stop_at; /* ends with OWUP_ERROR_INTERRUPTED at this level; CANCEL_NONE: never */
  gsize answer_limit;  /* bytes of the (unpacked) answer's body; 0: HTTP_ANSWER_LIMIT */
} HttpRequest;

typedef struct {
  int status;
  char *content_type; /* lower-case, without parameters; "" where absent */
  char *location;     /* of a redirect, absolute; or NULL */
  char *challenge;    /* scheme of WWW-Authenticate, lower-case ("basic", "bearer"); or NULL */
  char *server;       /* its Server header, or NULL */
  gint64 date;        /* the server's Date, seconds since 1970, 0 where absent */
  gint64 retry_after; /* seconds that its Retry-After asks to wait, -1 where absent */
  GBytes *body;
} HttpAnswer;

void http_answer_clear(HttpAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpAnswer, http_answer_clear)

/* Sends and waits. Connecting may take 5 seconds, or the silence where that is shorter. FALSE with
 *   UNREACHABLE  no connection (name, refused, no route, too slow); libcurl's reason as detail
 *   PROXY        the same through a proxy; the message names it and its variable
 *   TLS          handshake or certificate
 *   TIMEOUT      connected, then silence; or no end after HTTP_WHOLE_TIMES (http_times.h) times
 * that long UNKNOWN      cut off, or a body shorter than announced, after the request went out
 *   NOT_OPENWEBUI  what came is no HTTP
 *   TOO_BIG, INTERRUPTED, SETTINGS (no URL, a certificate file that cannot be read)
 *   LOCAL_STATE  libcurl cannot be loaded.
 * Each with a hint where there is one next step. `*sent` (may be NULL) tells whether the server can
 * have seen the request: FALSE only where it surely has not. `answer` is all zero on failure. */
gboolean http_send(HttpClient *client, const HttpRequest *request, HttpAnswer *answer,
                   gboolean *sent, GError **error);
