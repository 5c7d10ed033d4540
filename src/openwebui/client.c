#include "client.h"

#include "client_private.h"
#include "error.h"
#include "http_pool.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEFAULT_SILENCE_MS 10000
#define VERSION_LIMIT 65536

struct Server {
  HttpPool *pool;
  gboolean shares;  /* the pool is another session's */
  HttpClient *http; /* reserved for the next request, else NULL */
  HttpTrace trace;
  gpointer trace_data;
  char *url;
  char *key_origin;
  gboolean url_default;
  guint default_silence_ms;
  guint silence_ms;
  guint writing;       /* how many begun writes are not ended: they nest */
  gboolean is_api_key; /* and no session token */
  gboolean key_proven;
  gboolean key_aside;
  gboolean version_asked;
  char *version;
  gint64 date;
  GBytes *expected;
  Capabilities capabilities;
};

Server *
server_new(const ServerOptions *options, Cancel *cancel)
{
  HttpOptions http = {options->key, options->cacert, options->insecure, options->headers};
  Server *server = g_new0(Server, 1);
  server->pool = http_pool_new(&http, cancel);
  server->url = g_strdup(options->url);
  server->key_origin = g_strdup(options->key_origin);
  server->url_default = options->url_default;
  /* A key that is none gets another answer than a session token that is none. */
  server->is_api_key = options->key != NULL && g_str_has_prefix(options->key, "sk-");
  server->key_proven = server->is_api_key;
  server->key_aside = http_has_authorization(options->headers);
  server->default_silence_ms = options->silence_ms != 0 ? options->silence_ms : DEFAULT_SILENCE_MS;
  server->silence_ms = server->default_silence_ms;
  return server;
}

/* `server` is at work meanwhile: only what never changes is read of it. */
Server *
server_new_beside(const Server *server)
{
  Server *other = g_new0(Server, 1);
  other->pool = server->pool;
  other->shares = TRUE;
  other->trace = server->trace;
  other->trace_data = server->trace_data;
  other->url = g_strdup(server->url);
  other->key_origin = g_strdup(server->key_origin);
  other->url_default = server->url_default;
  other->key_proven = other->is_api_key = server->is_api_key;
  other->key_aside = server->key_aside;
  other->default_silence_ms = other->silence_ms = server->default_silence_ms;
  return other;
}

void
server_share(Server *server, guint connections)
{
  http_pool_set_most(server->pool, connections);
}

void
server_reserve(Server *server)
{
  if (server->http != NULL)
    return;
  server->http = http_pool_take(server->pool);
  http_client_set_trace(server->http, server->trace, server->trace_data);
}

void
server_release(Server *server)
{
  if (server->http != NULL)
    http_pool_give(server->pool, server->http);
  server->http = NULL;
}

void
server_free(Server *server)
{
  if (server == NULL)
    return;
  server_release(server);
  if (!server->shares)
    http_pool_free(server->pool);
  g_free(server->url);
  g_free(server->key_origin);
  g_free(server->version);
  g_clear_pointer(&server->expected, g_bytes_unref);
  g_free(server);
}

const char *
server_url(const Server *server)
{
  return server->url;
}

void
server_set_trace(Server *server, HttpTrace trace, gpointer data)
{
  server->trace = trace;
  server->trace_data = data;
}

void
server_set_patience(Server *server, guint silence_ms)
{
  server->silence_ms = silence_ms != 0 ? silence_ms : server->default_silence_ms;
}

guint
server_patience(const Server *server)
{
  return server->silence_ms;
}

void
server_expect(Server *server, GBytes *content)
{
  g_bytes_ref(content);
  g_clear_pointer(&server->expected, g_bytes_unref);
  server->expected = content;
}

void
server_begin_write(Server *server)
{
  server->writing++;
}

void
server_end_write(Server *server)
{
  server->writing--;
}

const Capabilities *
server_capabilities(const Server *server)
{
  return &server->capabilities;
}

gint64
server_date(const Server *server)
{
  return server->date;
}

static gboolean
is_write(const ServerCall *call)
{
  return call->once || call->call == CALL_UPDATE;
}

static gboolean
send_call(Server *server, const ServerCall *call, HttpAnswer *answer, gboolean *sent,
          GError **error)
{
  g_autofree char *url = g_strconcat(server->url, call->path, NULL);
  HttpRequest request = {
      .method = call->method,
      .url = url,
      .body = call->body,
      .body_len = call->len,
      .fresh_connection = call->once,
      .silence_ms = server->silence_ms,
      .stop_at = server->writing > 0 || is_write(call) ? CANCEL_NOW : CANCEL_GENTLY,
      .answer_limit = call->answer_limit,
  };
  GError *failed = NULL;
  server_reserve(server);
  gboolean answered = http_send(server->http, &request, answer, sent, &failed);
  server_release(server);
  if (answered) {
    server->date = answer->date;
    return TRUE;
  }
  if (server->url_default && owup_error_is(failed, OWUP_ERROR_UNREACHABLE)) {
    g_autofree char *hint = g_strdup(owup_error_hint(failed));
    owup_error_set_hint(failed, _("%s\n(%s is the default; set url= in .env or OPENWEBUI_URL)"),
                        hint, server->url);
  }
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
server_call_json(Server *server, const ServerCall *call, gboolean *sent, GError **error)
{
  g_auto(HttpAnswer) answer = {0};
  if (!send_call(server, call, &answer, sent, error))
    return NULL;
  ReplyContext context = {
      .call = call->call,
      .family = call->family,
      .url = server->url,
      .path = call->path,
      .key_origin = server->key_origin,
      .key_proven = server->key_proven,
      .key_aside = server->key_aside,
      .expected = call->call == CALL_READ || call->call == CALL_UPDATE ? server->expected : NULL,
  };
  json_t *json = NULL;
  GError *failed = NULL;
  reply_read(&answer, &context, &server->capabilities, &json, &failed);
  if (call->call != CALL_OTHER && proves_key(failed))
    server->key_proven = TRUE;
  if (failed != NULL)
    g_propagate_error(error, failed);
  return json;
}

RemotePlugin *
server_call_plugin(Server *server, const ServerCall *call, const char *id, gboolean *sent,
                   GError **error)
{
  json_auto_t *json = server_call_json(server, call, sent, error);
  if (json == NULL)
    return NULL;
  GError *failed = NULL;
  g_autoptr(RemotePlugin) remote = remote_plugin_from_json(call->family, json, &failed);
  if (remote != NULL && id != NULL && !g_str_equal(remote->id, id))
    owup_error_set(&failed, OWUP_ERROR_UNKNOWN, _("%s answered with another plugin, %s, for %s"),
                   server->url, remote->id, id);
  if (failed == NULL)
    return g_steal_pointer(&remote);
  if (call->call == CALL_READ)
    failed->code = OWUP_ERROR_NOT_OPENWEBUI;
  owup_error_set_status(failed, 200);
  g_propagate_error(error, failed);
  return NULL;
}

char *
server_plugin_path(Family family, const char *id, const char *action)
{
  g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
  return g_strconcat("/api/v1/", family_path(family), "/id/", escaped, action, NULL);
}

RemotePlugin *
server_read(Server *server, Family family, const char *id, GError **error)
{
  g_autofree char *path = server_plugin_path(family, id, "");
  ServerCall call = {"GET", CALL_READ, family, path};
  g_autoptr(RemotePlugin) remote = server_call_plugin(server, &call, id, NULL, error);
  if (remote == NULL || remote->content != NULL)
    return g_steal_pointer(&remote);
  owup_error_set(error, OWUP_ERROR_NOT_OPENWEBUI,
                 _("%s answered with '%s', but without its content"), server->url, id);
  return NULL;
}

RemotePlugin *
server_update(Server *server, Family family, const char *id, const char *body, gsize len,
              gboolean *sent, GError **error)
{
  g_autofree char *path = server_plugin_path(family, id, "/update");
  ServerCall call = {"POST", CALL_UPDATE, family, path, body, len};
  return server_call_plugin(server, &call, id, sent, error);
}

RemotePlugin *
server_create(Server *server, Family family, const char *body, gsize len, gboolean *sent,
              GError **error)
{
  g_autofree char *path = g_strconcat("/api/v1/", family_path(family), "/create", NULL);
  ServerCall call = {"POST", CALL_CREATE, family, path, body, len, .once = TRUE};
  return server_call_plugin(server, &call, NULL, sent, error);
}

const char *
server_version(Server *server)
{
  if (server->version_asked)
    return server->version;
  server->version_asked = TRUE;
  g_auto(HttpAnswer) answer = {0};
  ServerCall call = {
      .method = "GET", .call = CALL_OTHER, .path = "/api/version", .answer_limit = VERSION_LIMIT};
  json_auto_t *json = server_call_json(server, &call, NULL, NULL);
  server->version = g_strdup(json_string_value(json_object_get(json, "version")));
  if (server->version != NULL)
    reply_learn_version(server->version, &server->capabilities);
  return server->version;
}
