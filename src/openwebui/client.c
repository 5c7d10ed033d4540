/* SPDX-License-Identifier: MIT */
#include "client.h"

#include "client_private.h"
#include "error.h"
#include "http_pool.h"
#include "openwebui_times.h"

#include "session_token.h"
#include "valve_secret.h"

#include <glib/gi18n.h>
#include <string.h>

#define VERSION_LIMIT 65536

struct Client {
  HttpPool *pool;
  gboolean shares;  /* the pool is another session's */
  HttpClient *http; /* reserved for the next request, else NULL */
  Cancel *cancel;
  gboolean alone; /* the next request runs beside no other */
  HttpTrace trace;
  gpointer trace_data;
  char *url;
  char *key_origin;
  KeyPlace key_place;
  gboolean url_default;
  guint default_silence_ms;
  guint idle_timeout_ms;
  guint writing;       /* how many begun writes are not ended: they nest */
  gboolean is_api_key; /* and no session token */
  gboolean key_proven;
  gint64 key_expires;
  gint own_reads, *reads; /* has a read of any of these sessions passed? atomic */
  gboolean key_aside;
  gboolean version_asked;
  char *version;
  gint64 date;
  GBytes *expected;
  Capabilities capabilities;
  Redactor *redactor;
};

/* The key, and headers that look like one: "CF-Access-Client-Secret: ...". */
static void
teach_credentials(Redactor *redactor, const ClientOptions *options)
{
  redactor_add(redactor, options->key);
  for (const char *const *at = options->headers; at != NULL && *at != NULL; at++) {
    g_auto(GStrv) parts = g_strsplit(*at, ":", 2);
    if (parts[0] != NULL && parts[1] != NULL && valve_secret_has_name(parts[0]))
      redactor_add(redactor, parts[1]);
  }
}

Client *
client_new(const ClientOptions *options, Cancel *cancel)
{
  Client *client = g_new0(Client, 1);
  client->redactor = options->redactor != NULL ? redactor_ref(options->redactor) : redactor_new();
  teach_credentials(client->redactor, options);
  HttpOptions http = {
      .key = options->key,
      .cacert = options->cacert,
      .insecure = options->insecure,
      .headers = options->headers,
      .redactor = client->redactor,
      .untold = reply_valves_words(),
  };
  client->pool = http_pool_new(&http, cancel);
  client->cancel = cancel;
  client->reads = &client->own_reads;
  client->url = g_strdup(options->url);
  client->key_origin = g_strdup(options->key_origin);
  client->key_place = options->key_place;
  client->url_default = options->url_default;
  /* A key that is none gets another answer than a session token that is none. */
  client->is_api_key = options->key != NULL && g_str_has_prefix(options->key, "sk-");
  client->key_proven = client->is_api_key;
  client->key_expires = session_token_expires(options->key);
  client->key_aside = http_has_authorization(options->headers);
  client->default_silence_ms =
      options->idle_timeout_ms != 0 ? options->idle_timeout_ms : CLIENT_IDLE_MS;
  client->idle_timeout_ms = client->default_silence_ms;
  return client;
}

/* `server` is at work meanwhile: only what never changes is read of it. */
Client *
client_new_beside(const Client *client)
{
  Client *other = g_new0(Client, 1);
  other->pool = client->pool;
  other->redactor = redactor_ref(client->redactor);
  other->cancel = client->cancel;
  other->reads = client->reads;
  other->shares = TRUE;
  other->trace = client->trace;
  other->trace_data = client->trace_data;
  other->url = g_strdup(client->url);
  other->key_origin = g_strdup(client->key_origin);
  other->key_place = client->key_place;
  other->url_default = client->url_default;
  other->key_proven = other->is_api_key = client->is_api_key;
  other->key_aside = client->key_aside;
  other->key_expires = client->key_expires;
  other->default_silence_ms = other->idle_timeout_ms = client->default_silence_ms;
  return other;
}

void
client_share(Client *client, guint connections)
{
  http_pool_set_most(client->pool, connections);
}

void
client_reserve(Client *client)
{
  if (client->http != NULL)
    return;
  client->http = client->alone ? http_pool_take_alone(client->pool) : http_pool_take(client->pool);
  http_client_set_trace(client->http, client->trace, client->trace_data);
}

void
client_set_alone(Client *client, gboolean alone)
{
  if (alone)
    client_release(client);
  client->alone = alone;
}

gboolean
client_is_shared(Client *client)
{
  return client->shares || http_pool_most(client->pool) > 1;
}

void
client_learn_load(Client *client, gboolean bears)
{
  http_pool_learn(client->pool, bears);
}

void
client_release(Client *client)
{
  if (client->http != NULL)
    http_pool_give(client->pool, client->http);
  client->http = NULL;
}

void
client_free(Client *client)
{
  if (client == NULL)
    return;
  client_release(client);
  if (!client->shares)
    http_pool_free(client->pool);
  redactor_unref(client->redactor);
  g_free(client->url);
  g_free(client->key_origin);
  g_free(client->version);
  g_clear_pointer(&client->expected, g_bytes_unref);
  g_free(client);
}

const char *
client_url(const Client *client)
{
  return client->url;
}

Redactor *
client_redactor(const Client *client)
{
  return client->redactor;
}

void
client_set_trace(Client *client, HttpTrace trace, gpointer data)
{
  client->trace = trace;
  client->trace_data = data;
}

void
client_set_idle_timeout(Client *client, guint idle_timeout_ms)
{
  client->idle_timeout_ms = idle_timeout_ms != 0 ? idle_timeout_ms : client->default_silence_ms;
}

guint
client_idle_timeout(const Client *client)
{
  return client->idle_timeout_ms;
}

void
client_expect(Client *client, GBytes *content)
{
  g_bytes_ref(content);
  g_clear_pointer(&client->expected, g_bytes_unref);
  client->expected = content;
}

void
client_begin_write(Client *client)
{
  client->writing++;
}

void
client_end_write(Client *client)
{
  client->writing--;
}

const Capabilities *
client_capabilities(const Client *client)
{
  return &client->capabilities;
}

gint64
client_date(const Client *client)
{
  return client->date;
}

static gboolean
is_write(const ClientCall *call)
{
  return call->once || call->call == CALL_UPDATE;
}

/* How long the server asks to be left alone, as far as that is worth waiting for; 0: no more. */
static guint
busy_wait(const HttpAnswer *answer, guint try, gint64 waited_ms)
{
  gint64 wait =
      answer->retry_after > 0 ? answer->retry_after * 1000 : (gint64)BUSY_FIRST_MS << MIN(try, 16);
  return waited_ms + wait <= BUSY_LONGEST_MS ? (guint)wait : 0;
}

static void
trace_wait(const Client *client, guint ms)
{
  g_autofree char *line = g_strdup_printf("  (too many requests: %.1f s)", ms / 1000.0);
  if (client->trace != NULL)
    client->trace(line, client->trace_data);
}

/* What the server had no time for it did not do: it is sent again once that is welcome. */
static gboolean
send_when_welcome(Client *client, const HttpRequest *request, HttpAnswer *answer, gboolean *sent,
                  GError **error)
{
  gint64 waited = 0;
  for (guint try = 0;; try++) {
    client_reserve(client);
    gboolean answered = http_send(client->http, request, answer, sent, error);
    client_release(client);
    guint wait = answered && answer->status == 429 ? busy_wait(answer, try, waited) : 0;
    if (answered)
      http_pool_learn(client->pool, answer->status != 429);
    if (wait == 0)
      return answered;
    trace_wait(client, wait);
    if (!cancel_wait(client->cancel, wait, CANCEL_GENTLY))
      return TRUE;
    waited += wait;
    http_answer_clear(answer);
  }
}

static gboolean
send_call(Client *client, const ClientCall *call, HttpAnswer *answer, gboolean *sent,
          GError **error)
{
  g_autofree char *url = g_strconcat(client->url, call->path, NULL);
  HttpRequest request = {
      .method = call->method,
      .url = url,
      .body = call->body,
      .body_len = call->len,
      .fresh_connection = call->once,
      .idle_timeout_ms = client->idle_timeout_ms,
      .stop_at = client->writing > 0 || is_write(call) ? CANCEL_NOW : CANCEL_GENTLY,
      .answer_limit = call->answer_limit,
  };
  GError *failed = NULL;
  if (send_when_welcome(client, &request, answer, sent, &failed)) {
    client->date = answer->date;
    return TRUE;
  }
  if (client->url_default && owup_error_is(failed, OWUP_ERROR_UNREACHABLE)) {
    g_autofree char *hint = g_strdup(owup_error_hint(failed));
    owup_error_set_hint(failed, _("%s\n(%s is the default; set url= in .env or OPENWEBUI_URL)"),
                        hint, client->url);
  }
  redactor_error(client->redactor, failed);
  g_propagate_error(error, failed);
  return FALSE;
}

/* Answers that the server gives only after it took the key. */
static gboolean
proves_key(const GError *error)
{
  return error == NULL || owup_error_is(error, OWUP_ERROR_NOT_FOUND) ||
         owup_error_is(error, OWUP_ERROR_REFUSED) ||
         owup_error_is(error, OWUP_ERROR_REFUSED_HIDDEN) ||
         owup_error_is(error, OWUP_ERROR_ID_TAKEN) || owup_error_is(error, OWUP_ERROR_NOT_ADMIN);
}

json_t *
client_call_json(Client *client, const ClientCall *call, gboolean *sent, GError **error)
{
  g_auto(HttpAnswer) answer = {0};
  if (!send_call(client, call, &answer, sent, error))
    return NULL;
  ReplyContext context = {
      .call = call->call,
      .family = call->family,
      .url = client->url,
      .path = call->path,
      .key_origin = client->key_origin,
      .key_place = client->key_place,
      .key_proven = client->key_proven,
      .key_expires = client->key_expires,
      .key_aside = client->key_aside,
      .redactor = client->redactor,
      .reads_pass = g_atomic_int_get(client->reads) != 0,
      .expected = call->call == CALL_READ || call->call == CALL_UPDATE ? client->expected : NULL,
  };
  json_t *json = NULL;
  GError *failed = NULL;
  reply_read(&answer, &context, &client->capabilities, &json, &failed);
  if (call->call != CALL_OTHER && proves_key(failed))
    client->key_proven = TRUE;
  if ((call->call == CALL_READ || call->call == CALL_LIST) && proves_key(failed))
    g_atomic_int_set(client->reads, 1);
  if (failed != NULL) {
    redactor_error(client->redactor, failed);
    g_propagate_error(error, failed);
  }
  return json;
}

RemotePlugin *
client_call_plugin(Client *client, const ClientCall *call, const char *id, gboolean *sent,
                   GError **error)
{
  json_auto_t *json = client_call_json(client, call, sent, error);
  if (json == NULL)
    return NULL;
  GError *failed = NULL;
  redactor_spare(client->redactor, id);
  g_autoptr(RemotePlugin) remote = remote_plugin_from_json(call->family, json, &failed);
  if (remote != NULL && id != NULL && !g_str_equal(remote->id, id))
    owup_error_set(&failed, OWUP_ERROR_UNKNOWN, _("%s answered with another plugin, %s, for %s"),
                   client->url, remote->id, id);
  if (failed == NULL)
    return g_steal_pointer(&remote);
  if (call->call == CALL_READ)
    failed->code = OWUP_ERROR_NOT_OPENWEBUI;
  owup_error_set_status(failed, 200);
  g_propagate_error(error, failed);
  return NULL;
}

char *
client_plugin_path(Family family, const char *id, const char *action)
{
  g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
  return g_strconcat("/api/v1/", family_path(family), "/id/", escaped, action, NULL);
}

/* A missing tool is not there for anybody: who may not see this one is told that it is there. */
static GError *
name_private(GError *failed, const char *id)
{
  if (!owup_error_is(failed, OWUP_ERROR_NOT_ADMIN) || owup_error_status(failed) != 401)
    return failed;
  g_error_free(failed);
  GError *error = owup_error_new(OWUP_ERROR_NOT_ADMIN,
                                 _("'%s' is taken by a tool that is not shared with this key"), id);
  owup_error_set_hint(error,
                      _("Its owner or an admin can share it for writing; or take another id: "
                        "--id ID."));
  owup_error_set_status(error, 401);
  return error;
}

/* From 0.10 on who may only use a tool gets it without its code. */
static GError *
read_only_error(const char *id)
{
  GError *error = owup_error_new(OWUP_ERROR_NOT_ADMIN,
                                 _("'%s' is a tool whose code is not shared with this key"), id);
  owup_error_set_hint(error,
                      _("Its owner or an admin can share it for writing; or take another id: "
                        "--id ID."));
  owup_error_set_status(error, 200);
  return error;
}

RemotePlugin *
client_read(Client *client, Family family, const char *id, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "");
  ClientCall call = {"GET", CALL_READ, family, path};
  GError *failed = NULL;
  g_autoptr(RemotePlugin) remote = client_call_plugin(client, &call, id, NULL, &failed);
  if (remote != NULL && remote->content != NULL)
    return g_steal_pointer(&remote);
  if (failed != NULL && family == FAMILY_TOOL)
    failed = name_private(failed, id);
  else if (remote != NULL && remote->read_only)
    failed = read_only_error(id);
  if (failed == NULL)
    owup_error_set(&failed, OWUP_ERROR_NOT_OPENWEBUI,
                   _("%s answered with '%s', but without its content"), client->url, id);
  g_propagate_error(error, failed);
  return NULL;
}

RemotePlugin *
client_update(Client *client, Family family, const char *id, const char *body, gsize len,
              gboolean *sent, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "/update");
  ClientCall call = {"POST", CALL_UPDATE, family, path, body, len};
  return client_call_plugin(client, &call, id, sent, error);
}

RemotePlugin *
client_create(Client *client, Family family, const char *body, gsize len, gboolean *sent,
              GError **error)
{
  g_autofree char *path = g_strconcat("/api/v1/", family_path(family), "/create", NULL);
  ClientCall call = {"POST", CALL_CREATE, family, path, body, len, .once = TRUE};
  return client_call_plugin(client, &call, NULL, sent, error);
}

const char *
client_version(Client *client)
{
  if (client->version_asked)
    return client->version;
  client->version_asked = TRUE;
  g_auto(HttpAnswer) answer = {0};
  ClientCall call = {
      .method = "GET", .call = CALL_OTHER, .path = "/api/version", .answer_limit = VERSION_LIMIT};
  json_auto_t *json = client_call_json(client, &call, NULL, NULL);
  client->version = g_strdup(json_string_value(json_object_get(json, "version")));
  if (client->version != NULL)
    reply_learn_version(client->version, &client->capabilities);
  return client->version;
}
