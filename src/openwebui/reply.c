/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include "clock.h"
#include "error.h"
#include "json_exact.h"
#include "reply_blocked.h"
#include "reply_errors.h"
#include "reply_known_content.h"
#include "time_text.h"

#include <glib/gi18n.h>
#include <string.h>

/* Bytes of a server's words, and of a page's or another program's, without their secrets. */
#define WORDS_LIMIT 8192
#define STRANGE_WORDS_LIMIT 300

static const char *
body_of(const HttpAnswer *answer, gsize *len)
{
  const char *body = g_bytes_get_data(answer->body, len);
  return body != NULL ? body : "";
}

static GError *
login_error(const HttpAnswer *answer, const char *url)
{
  GError *error = owup_error_new(OWUP_ERROR_NOT_OPENWEBUI,
                                 _("%s is behind a login page, which answered instead"), url);
  owup_error_set_hint(error,
                      _("Give what it wants as a header, e.g. --header 'CF-Access-Client-Id: "
                        "…' or --header 'Authorization: Basic …'."));
  return error;
}

static gboolean
is_page(const HttpAnswer *answer, const char *body, gsize len)
{
  if (strstr(answer->content_type, "json") != NULL)
    return FALSE;
  while (len > 0 && g_ascii_isspace(*body)) {
    body++;
    len--;
  }
  return strstr(answer->content_type, "html") != NULL || (len > 0 && *body == '<');
}

static GError *
page_error(const HttpAnswer *answer, const char *url)
{
  GError *error = owup_error_new(OWUP_ERROR_NOT_OPENWEBUI,
                                 _("%s answered a web page, not Open WebUI's API"), url);
  owup_error_set_hint(error,
                      _("Give the address as http://host:port, without /admin or /workspace."));
  return error;
}

static GError *
foreign_error(const char *url)
{
  GError *error =
      owup_error_new(OWUP_ERROR_NOT_OPENWEBUI, _("%s answers, but is not Open WebUI's API"), url);
  owup_error_set_hint(error,
                      _("Check host, port and path of the address; does another program listen "
                        "there?"));
  return error;
}

/* The new address where the server only wants another scheme, host or prefix for the same path. */
static char *
redirect_target(const char *location, const char *path)
{
  g_autofree char *place = g_strndup(location, strcspn(location, "?#"));
  if (!g_str_has_suffix(place, path))
    return NULL;
  return g_strndup(place, strlen(place) - strlen(path));
}

static GError *
redirect_error(const HttpAnswer *answer, const ReplyContext *context)
{
  const char *location = answer->location != NULL ? answer->location : _("nowhere");
  g_autofree char *target = redirect_target(location, context->path);
  GError *error = owup_error_new(OWUP_ERROR_REDIRECT, _("%s redirects to %s"), context->url,
                                 target != NULL ? target : location);
  if (target != NULL)
    owup_error_set_hint(error, _("Use that address: --url %s, or url=%s in .env."), target, target);
  else
    owup_error_set_hint(error, _("Likely a login page in front of Open WebUI. Give what it wants "
                                 "as a header, e.g. --header 'CF-Access-Client-Id: …'."));
  return error;
}

static void
set_expired_hint(GError *error, const ReplyContext *context)
{
  g_autofree char *when = time_text(context->key_expires);
  if (context->key_origin != NULL)
    owup_error_set_hint(error,
                        _("The session token (%s) expired at %s. Sign in again, or make an "
                          "API key, which does not expire: Settings > Account > API Keys."),
                        context->key_origin, when);
  else
    owup_error_set_hint(error,
                        _("The session token expired at %s. Sign in again, or make an API "
                          "key, which does not expire: Settings > Account > API Keys."),
                        when);
}

static void
set_key_hint(GError *error, const ReplyContext *context, const char *words)
{
  if (context->key_expires > 0 && context->key_expires <= clock_wall_seconds())
    set_expired_hint(error, context);
  else if (context->key_aside)
    owup_error_set_hint(error, _("Open WebUI looks at the Authorization header first: what it is "
                                 "meant for must not pass it on."));
  else if (reply_reason_of(words) == REASON_NO_KEY)
    owup_error_set_hint(error, _("The key did not arrive: something in front of Open WebUI takes "
                                 "the Authorization header away."));
  else if (context->key_place == KEY_PLACE_UNKNOWN)
    owup_error_set_hint(error,
                        _("The key is unknown to %s. Make a new one there: Settings > "
                          "Account > API Keys."),
                        context->url);
  else if (context->key_place == KEY_PLACE_FILE)
    owup_error_set_hint(error,
                        _("The key (%s) is unknown to %s. Make a new one there and replace "
                          "that line."),
                        context->key_origin, context->url);
  else
    owup_error_set_hint(error,
                        _("The key (%s) is unknown to %s. Make a new one there and put it "
                          "in its place."),
                        context->key_origin, context->url);
}

static GError *
access_error(OwupErrorCode code, const ReplyContext *context, const char *words)
{
  gboolean tool = context->family == FAMILY_TOOL;
  GError *error = NULL;
  switch ((int)code) {
  case OWUP_ERROR_KEY_OFF:
    error = owup_error_new(code, _("API keys are switched off on %s"), context->url);
    owup_error_set_hint(error, _("An admin switches keys on: Admin Panel > Settings > "
                                 "Authentication (General before 0.10). Until then a session token "
                                 "works as the key."));
    return error;
  case OWUP_ERROR_KEY_RESTRICTED:
    error = owup_error_new(code, _("%s does not let this key use %s"), context->url,
                           tool ? "/api/v1/tools" : "/api/v1/functions");
    owup_error_set_hint(error, _("An admin adds /api/v1/functions and /api/v1/tools to the keys' "
                                 "allowed endpoints: Admin Panel > Settings > Authentication "
                                 "(General before 0.10)."));
    return error;
  case OWUP_ERROR_NOT_ADMIN:
    error = owup_error_new(code, _("This key's user may not do this on %s"), context->url);
    owup_error_set_hint(error, tool ? _("This key's user may not write tools here; an admin can "
                                        "allow it (Workspace permissions).")
                                    : _("This key's user is no admin; functions need one."));
    return error;
  default:
    error = owup_error_new(OWUP_ERROR_KEY_BAD, _("%s does not accept the key"), context->url);
    set_key_hint(error, context, words);
    return error;
  }
}

/* A 4xx in Open WebUI's own words. */
static GError *
words_error(OwupErrorCode code, const ReplyContext *context, const char *words)
{
  gboolean tool = context->family == FAMILY_TOOL;
  GError *error = NULL;
  switch ((int)code) {
  case OWUP_ERROR_NOT_FOUND:
    return owup_error_new(code, tool ? _("No such tool on %s") : _("No such function on %s"),
                          context->url);
  case OWUP_ERROR_ID_TAKEN:
    return owup_error_new(code, _("The id is already taken on %s"), context->url);
  case OWUP_ERROR_ID_INVALID:
    error = owup_error_new(code, _("%s does not accept the id"), context->url);
    owup_error_set_hint(error, _("An id has letters, digits and _, and no digit first: --id ID."));
    return error;
  case OWUP_ERROR_PLUGINS_OFF:
    error = owup_error_new(code, _("Plugins are switched off on %s"), context->url);
    owup_error_set_hint(error, _("ENABLE_PLUGINS=false (or ENABLE_FUNCTIONS, ENABLE_TOOLS) is set "
                                 "in the server's environment."));
    return error;
  case OWUP_ERROR_VALVES_MISFIT:
    return owup_error_new(code, _("The stored valves do not fit this code"));
  case OWUP_ERROR_REFUSED:
    return owup_error_new(code, _("%s refused it"), context->url);
  case OWUP_ERROR_SERVER:
    error = owup_error_new(code, _("The database of %s did not keep up"), context->url);
    owup_error_set_hint(error, _("It is no fault of the plugin. Try again, with fewer at once: "
                                 "--jobs 1."));
    return error;
  case OWUP_ERROR_REFUSED_HIDDEN:
    return owup_error_new(code, _("%s refused it without a reason"), context->url);
  default:
    return access_error(code, context, words);
  }
}

ReplyReason
reply_reason(const GError *error)
{
  return reply_reason_of(owup_error_detail(error));
}

gboolean
reply_missing_looks_denied(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_NOT_FOUND) && owup_error_status(error) == 401;
}

gboolean
reply_is_gateway(int status)
{
  return (status >= 502 && status <= 504) || (status >= 520 && status <= 530);
}

gboolean
reply_may_be_at_work(int status)
{
  switch (status) {
  case 502:
  case 504:
  case 520: /* an empty or senseless answer */
  case 522: /* no answer to what was sent, or no connection */
  case 524: /* too slow */
    return TRUE;
  default:
    return FALSE;
  }
}

static GError *
server_error(const HttpAnswer *answer, const char *url)
{
  GError *error =
      owup_error_new(OWUP_ERROR_SERVER, _("%s answered with status %d"), url, answer->status);
  if (reply_is_gateway(answer->status))
    owup_error_set_hint(error, _("Something in front of Open WebUI does not reach it: is it "
                                 "running, or restarting?"));
  else if (answer->status == 429)
    owup_error_set_hint(error, _("Too many requests; wait a little."));
  else if (answer->status >= 500)
    owup_error_set_hint(error, _("Open WebUI's log has the cause, e.g. docker logs --tail 50 "
                                 "open-webui"));
  return error;
}

static GError *
proxy_error(const char *url)
{
  GError *error = owup_error_new(OWUP_ERROR_PROXY, _("The proxy before %s wants a password"), url);
  owup_error_set_hint(error, _("Put it into the variable: http_proxy=http://USER:PASSWORD@HOST"));
  return error;
}

/* Open WebUI never asks for a password this way. */
static gboolean
asks_for_login(const HttpAnswer *answer)
{
  static const char *const schemes[] = {"basic", "digest", "negotiate", "ntlm", NULL};
  return answer->status == 401 && answer->challenge != NULL &&
         g_strv_contains(schemes, answer->challenge);
}

/* Without JSON: a page, or a plain text. */
static GError *
text_error(const HttpAnswer *answer, const ReplyContext *context, const char *body, gsize len)
{
  if (answer->status >= 500 || answer->status == 429)
    return server_error(answer, context->url);
  if (answer->status == 401 || answer->status == 403)
    return login_error(answer, context->url);
  return is_page(answer, body, len) ? page_error(answer, context->url)
                                    : foreign_error(context->url);
}

static GError *
json_error(const HttpAnswer *answer, const ReplyContext *context, const char *words,
           gboolean is_detail)
{
  OwupErrorCode code = OWUP_N_ERRORS;
  if (words != NULL && (is_detail || answer->status == 401))
    code = reply_code(answer->status, words, context);
  if (code != OWUP_N_ERRORS)
    return words_error(code, context, words);
  if (answer->status >= 500 || answer->status == 429)
    return server_error(answer, context->url);
  if (answer->status == 401)
    return access_error(OWUP_ERROR_KEY_BAD, context, words);
  /* {"detail":"Not Found"} and "Method Not Allowed": some other FastAPI, or a wrong path. */
  return foreign_error(context->url);
}

/* The words for an answer that is no JSON: a page's title, or the text itself. */
static char *
text_words(const HttpAnswer *answer, const char *body, gsize len)
{
  if (is_page(answer, body, len))
    return reply_page_title(body, len);
  g_autofree char *text = g_utf8_make_valid(body, (gssize)len);
  g_strstrip(text);
  return text[0] != '\0' ? g_steal_pointer(&text) : NULL;
}

/* Secrets go before the cut, so that none is left in part. */
static void
set_words(GError *error, const ReplyContext *context, const char *words, gsize limit)
{
  g_autofree char *shown =
      words != NULL ? redactor_head(context->redactor, words, strlen(words), limit) : NULL;
  owup_error_set_detail(error, shown);
}

/* `json` is NULL where the answer is none. */
static GError *
other_error(const HttpAnswer *answer, const ReplyContext *context, const json_t *json,
            const char *words, gboolean is_detail)
{
  gsize len = 0;
  const char *body = body_of(answer, &len);
  if (answer->status >= 300 && answer->status < 400)
    return redirect_error(answer, context);
  if (answer->status == 407)
    return proxy_error(context->url);
  if (asks_for_login(answer))
    return login_error(answer, context->url);
  return json != NULL ? json_error(answer, context, words, is_detail)
                      : text_error(answer, context, body, len);
}

static GError *
status_error(const HttpAnswer *answer, const ReplyContext *context, Capabilities *learned)
{
  gsize len = 0;
  const char *body = body_of(answer, &len);
  gboolean is_detail = FALSE;
  json_auto_t *json = len > 0 ? json_exact_parse(body, len, JSON_ALLOW_NUL, NULL) : NULL;
  g_autofree char *raw =
      json != NULL ? reply_message(json, &is_detail) : text_words(answer, body, len);
  g_autofree char *words = raw != NULL ? reply_unwrap(raw) : NULL;
  if (is_detail && raw != NULL && learned != NULL)
    reply_learn_message(answer->status, raw, context->call, learned);
  GError *error = NULL;
  if (!is_detail || answer->status == 413)
    error = reply_blocked(answer, context, words, json != NULL);
  if (error == NULL)
    error = other_error(answer, context, json, words, is_detail);
  set_words(error, context, words, json != NULL ? WORDS_LIMIT : STRANGE_WORDS_LIMIT);
  return error;
}

/* jansson quotes the bytes that it stumbles over, whatever they are. */
static char *
json_fault(const json_error_t *why)
{
  g_autofree char *text = g_utf8_make_valid(why->text, -1);
  return g_strdup_printf("%s (byte %d)", text, why->position);
}

/* 200, and yet not JSON. */
static GError *
senseless_error(const HttpAnswer *answer, const ReplyContext *context, const json_error_t *why)
{
  gsize len = 0;
  const char *body = body_of(answer, &len);
  GError *error = NULL;
  g_autofree char *detail = NULL;
  if (len == 0) {
    error = owup_error_new(OWUP_ERROR_UNKNOWN, _("The answer of %s is empty"), context->url);
  } else if (is_page(answer, body, len)) {
    error = page_error(answer, context->url);
    detail = reply_page_title(body, len);
  } else if (strstr(answer->content_type, "json") == NULL && answer->content_type[0] != '\0') {
    error = foreign_error(context->url);
    detail = text_words(answer, body, len);
  } else if (g_str_has_prefix(why->text, "invalid Unicode")) {
    error = owup_error_new(OWUP_ERROR_UNKNOWN,
                           _("The answer of %s holds half a character (a lone surrogate), which is "
                             "no valid text"),
                           context->url);
    detail = json_fault(why);
  } else {
    error = owup_error_new(OWUP_ERROR_UNKNOWN, _("The answer of %s is broken off or no valid JSON"),
                           context->url);
    detail = json_fault(why);
  }
  set_words(error, context, detail, STRANGE_WORDS_LIMIT);
  return error;
}

/* 0.12 puts version_id into every plugin. */
static void
learn_from_plugin(json_t *json, Capabilities *learned)
{
  json_t *plugin = json_is_array(json) ? json_array_get(json, 0) : json;
  if (json_object_get(plugin, "id") == NULL || json_object_get(plugin, "meta") == NULL)
    return;
  if (json_object_get(plugin, "version_id") != NULL) {
    *learned = (Capabilities){.known = TRUE, .has_history = TRUE};
  } else {
    learned->known = TRUE;
  }
}

gboolean
reply_read(const HttpAnswer *answer, const ReplyContext *context, Capabilities *learned,
           json_t **json, GError **error)
{
  GError *failed = NULL;
  *json = NULL;
  if (answer->status == 200) {
    gsize len = 0;
    json_error_t why = {0};
    const char *body = body_of(answer, &len);
    if (context->expected != NULL)
      *json = reply_parse_known(context->expected, body, len);
    if (*json == NULL && len > 0)
      *json = json_exact_parse(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
    if (*json == NULL)
      failed = senseless_error(answer, context, &why);
    else if (learned != NULL && context->call != CALL_OTHER)
      learn_from_plugin(*json, learned);
  } else {
    failed = status_error(answer, context, learned);
  }
  if (failed == NULL)
    return TRUE;
  owup_error_set_status(failed, answer->status);
  g_propagate_error(error, failed);
  return FALSE;
}

void
reply_learn_version(const char *version, Capabilities *capabilities)
{
  char *end = NULL;
  guint64 major = g_ascii_strtoull(version, &end, 10);
  if (end == version || *end != '.' || !g_ascii_isdigit(end[1]))
    return;
  guint64 minor = g_ascii_strtoull(end + 1, NULL, 10);
  *capabilities = (Capabilities){.known = TRUE, .has_history = major > 0 || minor >= 12};
}
