/* SPDX-License-Identifier: MIT */
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
} ClientCall;

/* The JSON of a 200 answer; `sent` as in http_send(), may be NULL. Owned by the caller. */
json_t *client_call_json(Client *client, const ClientCall *call, gboolean *sent, GError **error);

/* The plugin in a 200 answer. `id`: the one asked for, or NULL where the server decides. */
RemotePlugin *client_call_plugin(Client *client, const ClientCall *call, const char *id,
                                 gboolean *sent, GError **error);

/* "/api/v1/functions/id/ID" and `action` behind it, the id percent-encoded. Owned by the caller. */
char *client_plugin_path(Family family, const char *id, const char *action);
