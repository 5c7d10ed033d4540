/* What the files of the http module share; of no use outside it. */
#pragma once

#include "http.h"

#include <curl/curl.h>

/* The proxy that the environment names for a URL. */
typedef struct {
  char *url;            /* as in the variable, may hold a password */
  char *shown;          /* without user and password */
  const char *variable; /* static */
} HttpProxy;

/* NULL: no proxy. Always so for localhost, 127.0.0.0/8 and ::1, for which curl alone would use one.
 */
HttpProxy *http_proxy_find(const char *url);
void http_proxy_free(HttpProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpProxy, http_proxy_free)

/* TRUE for this machine itself: localhost (and names below it), 127.0.0.0/8, ::1. */
gboolean http_host_is_local(const char *host);
/* host[:port] of `url` as it stands there; `url` itself where it is none. The caller owns it. */
char *http_url_host(const char *url);

typedef enum { HALT_NONE, HALT_INTERRUPTED, HALT_SILENCE, HALT_TOO_BIG } HttpHalt;

/* How an exchange failed. */
typedef struct {
  CURLcode code;
  HttpHalt halt;      /* ended by us */
  const char *reason; /* libcurl's words, may be "" */
  gboolean sent;
  const HttpProxy *proxy; /* in use, or NULL */
  const HttpRequest *request;
  gsize limit;
  const char *cacert;
} HttpFailure;

GError *http_failure_to_error(const HttpFailure *failure);

/* Lines for HttpTrace; the caller owns them. `key` is taken out wherever it stands. */
char *http_trace_request(const HttpRequest *request, const char *key);
char *http_trace_answer(const HttpAnswer *answer, gint64 ms);
/* A body as one line, or NULL where there is nothing to show. `type` is its content type. */
char *http_trace_body(const char *url, const char *type, const char *body, gsize len,
                      const char *key);
