/* SPDX-License-Identifier: MIT */
#include "reply_blocked.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LIMIT 40

gboolean
reply_not_passed_on(const GError *error)
{
  switch (owup_error_status(error)) {
  case 400: /* also a header that is too large */
  case 403:
  case 405:
  case 406:
  case 411:
  case 413:
  case 414:
  case 415:
  case 429:
  case 431:
    return TRUE;
  default:
    return FALSE;
  }
}

/* "nginx/1.25 in front of URL", as far as he gives his name. */
static char *
who_answered(const HttpAnswer *answer, const char *url)
{
  g_autoptr(GString) name = g_string_new(NULL);
  for (const char *at = answer->server; at != NULL && *at != '\0' && name->len < NAME_LIMIT; at++)
    if (g_ascii_isprint(*at))
      g_string_append_c(name, *at);
  if (name->len == 0)
    return g_strdup_printf(_("Something in front of %s"), url);
  if (g_str_has_prefix(name->str, "uvicorn"))
    return g_strdup_printf(_("The web server of %s (%s)"), url, name->str);
  return g_strdup_printf(_("%s in front of %s"), name->str, url);
}

static gboolean
is_write(const ReplyContext *context)
{
  return context->call == CALL_UPDATE || context->call == CALL_CREATE ||
         context->call == CALL_OTHER;
}

static gboolean
is_blocked(int status, const ReplyContext *context, gboolean speaks_json)
{
  switch (status) {
  case 400:
    return !speaks_json || (is_write(context) && context->reads_pass);
  case 403:
    return !speaks_json && is_write(context) && context->reads_pass;
  case 405: /* {"detail": "Method Not Allowed"} is another program's, or a wrong path */
    return !speaks_json || context->reads_pass;
  case 406:
  case 411:
  case 414:
  case 415:
  case 431:
    return TRUE;
  default:
    return FALSE;
  }
}

static const char *
what_helps(int status, const char *words)
{
  switch (status) {
  case 400:
    if (words != NULL && strstr(words, "HTTPS") != NULL)
      return _("TLS is spoken there: give the address as https://…");
    return _("The request's head may be too large for it: fewer or shorter --header, an API key "
             "instead of a session token.");
  case 405:
    return _("It may let nothing but GET through: POST and DELETE below /api/v1 must pass.");
  case 411:
    return _("It wants to be told the length, which is sent: it may not take HTTP/2.");
  case 414:
    return _("The address is too long for it: a shorter id helps.");
  case 415:
    return _("It may not let JSON through: Content-Type application/json below /api/v1 must pass.");
  case 431:
    return _("The request's head is too large for it: fewer or shorter --header, an API key "
             "instead of a session token.");
  default:
    return _("A firewall there may take the plugin's code for an attack: exempt POST below /api/v1 "
             "from its rules, or deploy past it.");
  }
}

GError *
reply_blocked(const HttpAnswer *answer, const ReplyContext *context, const char *words,
              gboolean speaks_json)
{
  GError *error = NULL;
  if (answer->status != 413 && !is_blocked(answer->status, context, speaks_json))
    return NULL;
  g_autofree char *who = who_answered(answer, context->url);
  if (answer->status == 413) {
    error = owup_error_new(OWUP_ERROR_TOO_BIG, _("%s takes no request of this size"), who);
    owup_error_set_hint(error, _("Raise its limit, e.g. nginx: client_max_body_size 20m;"));
    return error;
  }
  error =
      owup_error_new(OWUP_ERROR_BLOCKED, _("%s refused the request and did not pass it on"), who);
  owup_error_set_hint(error, "%s", what_helps(answer->status, words));
  return error;
}
