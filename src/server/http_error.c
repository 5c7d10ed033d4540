#include "http_parts.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_tls(CURLcode code)
{
  switch (code) {
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ENGINE_SETFAILED:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_USE_SSL_FAILED:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return TRUE;
  default:
    return FALSE;
  }
}

static GError *
tls_error(const HttpFailure *failure, const char *host)
{
  GError *error =
      owup_error_new(OWUP_ERROR_TLS, _("Connection error: No secure connection to %s"), host);
  if (failure->code == CURLE_PEER_FAILED_VERIFICATION)
    owup_error_set_hint(error, _("For a certificate authority of your own: --cacert FILE. To trust "
                                 "any certificate: --insecure."));
  else if (strstr(failure->reason, "wrong version number") != NULL)
    owup_error_set_hint(error, _("There is no TLS at this address; try http://%s."), host);
  return error;
}

static GError *
unreachable_error(const HttpFailure *failure, const char *host)
{
  const HttpRoute *route = failure->route;
  if (route->proxy == NULL) {
    GError *error = owup_error_new(OWUP_ERROR_UNREACHABLE,
                                   _("Connection error: Could not reach OpenWebUI at %s"), host);
    owup_error_set_hint(error, _("Make sure OpenWebUI is running and accessible."));
    return error;
  }
  GError *error = owup_error_new(
      OWUP_ERROR_PROXY,
      _("Connection error: Could not reach OpenWebUI at %s through the proxy %s (%s)"), host,
      route->proxy_shown, route->variable);
  g_autofree char *name = g_strndup(host, strcspn(host, ":"));
  owup_error_set_hint(error, _("Make sure the proxy is right, or go past it: no_proxy=%s."), name);
  return error;
}

/* Connected, and the request went out at least in part. */
static GError *
cut_error(const HttpFailure *failure, const char *host)
{
  if (failure->code == CURLE_UNSUPPORTED_PROTOCOL || failure->code == CURLE_WEIRD_SERVER_REPLY) {
    GError *error =
        owup_error_new(OWUP_ERROR_NOT_OPENWEBUI, _("%s answered something that is no HTTP"), host);
    if (g_str_has_prefix(failure->request->url, "http:"))
      owup_error_set_hint(error, _("If it speaks TLS there: https://%s."), host);
    return error;
  }
  return owup_error_new(OWUP_ERROR_UNKNOWN,
                        _("The connection to %s broke before its answer was complete"), host);
}

static GError *
silence_error(const HttpRequest *request)
{
  GError *error =
      owup_error_new(OWUP_ERROR_TIMEOUT, _("Request timeout: OpenWebUI took too long to respond"));
  g_autofree char *detail = g_strdup_printf(_("nothing came for %g s"), request->silence_ms / 1e3);
  owup_error_set_detail(error, detail);
  return error;
}

static GError *
too_big_error(const HttpFailure *failure, const char *host)
{
  return owup_error_new(OWUP_ERROR_TOO_BIG,
                        _("The answer of %s is larger than %" G_GSIZE_FORMAT " bytes"), host,
                        failure->limit);
}

static GError *
halt_error(const HttpFailure *failure, const char *host)
{
  if (failure->halt == HALT_INTERRUPTED)
    return owup_error_new(OWUP_ERROR_INTERRUPTED, _("Interrupted"));
  return failure->halt == HALT_SILENCE ? silence_error(failure->request)
                                       : too_big_error(failure, host);
}

static GError *
curl_error(const HttpFailure *failure, const char *host)
{
  switch (failure->code) {
  case CURLE_FILESIZE_EXCEEDED:
    return too_big_error(failure, host);
  case CURLE_URL_MALFORMAT:
    return owup_error_new(OWUP_ERROR_SETTINGS, _("%s is no URL"), failure->request->url);
  case CURLE_SSL_CACERT_BADFILE:
    return owup_error_new(OWUP_ERROR_SETTINGS, _("Cannot use the certificates in %s"),
                          failure->cacert != NULL ? failure->cacert : _("the system's store"));
  default:
    break;
  }
  if (failure->sent)
    return cut_error(failure, host);
  return is_tls(failure->code) ? tls_error(failure, host) : unreachable_error(failure, host);
}

GError *
http_failure_to_error(const HttpFailure *failure)
{
  g_autofree char *host = http_url_host(failure->request->url);
  if (failure->halt != HALT_NONE)
    return halt_error(failure, host);
  GError *error = curl_error(failure, host);
  owup_error_set_detail(error, failure->reason[0] != '\0' ? failure->reason
                                                          : curl_easy_strerror(failure->code));
  return error;
}
