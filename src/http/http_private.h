/* SPDX-License-Identifier: MIT */
/* What the files of the http module share; of no use outside it. */
#pragma once

#include "http.h"

/* How to get to a URL's host. */
typedef struct {
  char *host;           /* without port and brackets; NULL where the URL is none */
  gboolean local;       /* this machine itself: localhost (and names below it), 127.0.0.0/8, ::1 */
  char *proxy;          /* as in the environment, may hold a password; NULL: none */
  char *proxy_shown;    /* without user and password */
  const char *variable; /* that names the proxy; static */
} HttpProxy;

/* Asks the environment. This machine itself is never reached through a proxy; curl alone would do
 * so. */
void http_proxy_find(const char *url, HttpProxy *route);
void http_proxy_clear(HttpProxy *route);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpProxy, http_proxy_clear)

/* host[:port] of `url` as it stands there; `url` itself where it is none. The caller owns it. */
char *http_proxy_url_host(const char *url);

typedef enum {
  FAULT_NONE,
  FAULT_INTERRUPTED,
  FAULT_SILENCE,
  FAULT_ENDLESS,
  FAULT_TOO_BIG,
  FAULT_NO_URL,
  FAULT_CA_FILE,       /* the file of --cacert */
  FAULT_NO_CONNECTION, /* nothing of the request reached the server */
  FAULT_TLS,
  FAULT_CERTIFICATE,
  FAULT_NO_HTTP, /* what came was something else */
  FAULT_CUT,
} HttpFault;

/* How an exchange failed. */
typedef struct {
  HttpFault fault;
  const char *reason; /* libcurl's words, where the fault is not ours */
  const HttpProxy *route;
  const HttpRequest *request;
  gsize limit;
  const char *cacert;
} HttpFailure;

GError *http_failure_to_error(const HttpFailure *failure);

/* Lines for HttpTrace, through the redactor (may be NULL); the caller owns them. */
char *http_trace_request(const HttpRequest *request, Redactor *redactor);
char *http_trace_answer(const HttpAnswer *answer, gint64 ms);
/* A body as one line, or NULL where there is nothing to show. `type` is its content type. */
char *http_trace_body(const char *url, const char *type, const char *body, gsize len,
                      const HttpOptions *options);
