/* What the files of a session share: one call, built from its path. Of no use outside this room. */
#pragma once

#include "client.h"

typedef struct {
  const char *method;
  Call call;
  Family family;
  const char *path; /* below the server's URL */
  const char *body;
  gsize len;
  gsize answer_limit; /* 0: HTTP_ANSWER_LIMIT */
  gboolean once;      /* a write that must not happen twice: over a connection of its own */
} ServerCall;

/* The JSON of a 200 answer; `sent` as in http_send(), may be NULL. Owned by the caller. */
json_t *server_call_json(Server *server, const ServerCall *call, gboolean *sent, GError **error);

/* The plugin in a 200 answer. `id`: the one asked for, or NULL where the server decides. */
RemotePlugin *server_call_plugin(Server *server, const ServerCall *call, const char *id,
                                 gboolean *sent, GError **error);

/* "/api/v1/functions/id/ID" and `action` behind it, the id percent-encoded. Owned by the caller. */
char *server_plugin_path(Family family, const char *id, const char *action);
