/* SPDX-License-Identifier: MIT */
#include "http_private.h"

#include "error.h"
#include "http_times.h"

#include <glib/gi18n.h>
#include <string.h>

static GError *
unreachable_error(const HttpProxy *route, const char *host)
{
  GError *error = NULL;
  if (route->proxy == NULL) {
    error = owup_error_new(OWUP_ERROR_UNREACHABLE,
                           _("Connection error: Could not reach OpenWebUI at %s"), host);
    owup_error_set_hint(error, _("Make sure OpenWebUI is running and accessible."));
    return error;
  }
  error = owup_error_new(
      OWUP_ERROR_PROXY,
      _("Connection error: Could not reach OpenWebUI at %s through the proxy %s (%s)"), host,
      route->proxy_shown, route->variable);
  owup_error_set_hint(error, _("Make sure the proxy is right, or go past it: no_proxy=%s."),
                      route->host);
  return error;
}

/* What OpenSSL says where a server that speaks no TLS hangs up. A proxy in between does so, too. */
static gboolean
hung_up(const char *reason)
{
  return strstr(reason, "SSL_ERROR_SYSCALL") != NULL || strstr(reason, "unexpected eof") != NULL ||
         strstr(reason, "Connection reset by peer") != NULL;
}

static GError *
tls_error(const HttpFailure *failure, const char *host)
{
  GError *error =
      owup_error_new(OWUP_ERROR_TLS, _("Connection error: No secure connection to %s"), host);
  if (failure->fault == FAULT_CERTIFICATE)
    owup_error_set_hint(error, _("For a certificate authority of your own: --cacert FILE. To take "
                                 "any certificate: --insecure."));
  else if (strstr(failure->reason, "wrong version number") != NULL)
    owup_error_set_hint(error, _("No TLS is spoken there; try http://%s."), host);
  else if (hung_up(failure->reason))
    owup_error_set_hint(error, _("Perhaps no TLS is spoken there; try http://%s."), host);
  return error;
}

static GError *
no_http_error(const HttpFailure *failure, const char *host)
{
  GError *error =
      owup_error_new(OWUP_ERROR_NOT_OPENWEBUI, _("%s answered something that is not HTTP"), host);
  if (g_str_has_prefix(failure->request->url, "http:"))
    owup_error_set_hint(error, _("If it speaks TLS there: https://%s."), host);
  return error;
}

static GError *
timeout_error(const char *what, gint64 ms)
{
  GError *error =
      owup_error_new(OWUP_ERROR_TIMEOUT, _("Request timeout: OpenWebUI took too long to respond"));
  g_autofree char *detail = g_strdup_printf("%s %g s", what, ms / 1e3);
  owup_error_set_detail(error, detail);
  return error;
}

static GError *
fault_error(const HttpFailure *failure, const char *host)
{
  switch (failure->fault) {
  case FAULT_INTERRUPTED:
    return owup_error_new(OWUP_ERROR_INTERRUPTED, _("Interrupted"));
  case FAULT_SILENCE:
    return timeout_error(_("nothing came for"), failure->request->idle_timeout_ms);
  case FAULT_ENDLESS:
    return timeout_error(_("the answer had no end after"),
                         (gint64)failure->request->idle_timeout_ms * HTTP_WHOLE_TIMES);
  case FAULT_TOO_BIG:
    return owup_error_new(OWUP_ERROR_TOO_BIG,
                          _("The answer of %s is larger than %" G_GSIZE_FORMAT " bytes"), host,
                          failure->limit);
  case FAULT_NO_URL:
    return owup_error_new(OWUP_ERROR_SETTINGS, _("%s is no URL"), failure->request->url);
  case FAULT_CA_FILE:
    return owup_error_new(OWUP_ERROR_SETTINGS, _("Cannot use the certificates in %s"),
                          failure->cacert != NULL ? failure->cacert : _("the system's store"));
  case FAULT_NO_CONNECTION:
    return unreachable_error(failure->route, host);
  case FAULT_TLS:
  case FAULT_CERTIFICATE:
    return tls_error(failure, host);
  case FAULT_NO_HTTP:
    return no_http_error(failure, host);
  case FAULT_NONE:
  case FAULT_CUT:
    break;
  }
  return owup_error_new(OWUP_ERROR_UNKNOWN,
                        _("The connection to %s broke before its answer was complete"), host);
}

GError *
http_failure_to_error(const HttpFailure *failure)
{
  g_autofree char *host = http_proxy_url_host(failure->request->url);
  GError *error = fault_error(failure, host);
  gboolean ours = failure->fault == FAULT_INTERRUPTED || failure->fault == FAULT_SILENCE ||
                  failure->fault == FAULT_ENDLESS || failure->fault == FAULT_TOO_BIG;
  if (!ours && failure->reason[0] != '\0')
    owup_error_set_detail(error, failure->reason);
  return error;
}
