/* SPDX-License-Identifier: MIT */
/* The rest of a session's calls: lists, flags, valves, versions, delete, the server's formatter.
 * See server.h for the session. Toggles, deletes and valves are sent over a fresh connection and
 * never twice. */
#pragma once

#include "client.h"

/* GET / or, with `content`, GET /export: every plugin of the family; of RemotePlugin. With
 * ENABLE_PLUGINS=false the list is empty on every version. */
GPtrArray *client_list(Client *client, Family family, gboolean content, GError **error);
/* The same with content, for a key without the right to export tools, too: then by the list and one
 * read each, `*partly` is TRUE, and content is NULL where the code is not shared with the key. */
GPtrArray *client_list_readable(Client *client, Family family, gboolean *partly, GError **error);

typedef enum { FLAG_ACTIVE, FLAG_GLOBAL } ServerFlag;

/* POST …/toggle or …/toggle/global of a function: flips, whatever it was. `*now` is the new state
 * as the server says.
 * `*sent` as in http_send(). */
gboolean client_flip(Client *client, const char *id, ServerFlag flag, gboolean *now, gboolean *sent,
                     GError **error);

/* The stored valves, an object (empty where there are none), and the JSON schema of the code's
 * valves (NULL without an error where the plugin has none). Owned by the caller. */
json_t *client_valves(Client *client, Family family, const char *id, GError **error);
json_t *client_valves_spec(Client *client, Family family, const char *id, GError **error);
/* Replaces all valves; the server drops nulls and unknown keys. Returns what it stored, owned by
 * the caller. */
json_t *client_set_valves(Client *client, Family family, const char *id, const json_t *valves,
                          gboolean *sent, GError **error);

/* The answer is the same for a missing id. */
gboolean client_delete(Client *client, Family family, const char *id, gboolean *sent,
                       GError **error);

/* One version in the server's own history (0.12 on). */
typedef struct {
  char *version_id;
  char *parent_id;   /* NULL: the first */
  char *user;        /* who, or NULL */
  char *message;     /* commit message, or NULL */
  gint64 created_at; /* seconds since 1970 */
} ClientVersion;

void client_version_free(ClientVersion *version);

/* All pages (20 entries each), in the order of the parent chain from the live version backwards;
 * entries that the chain does not reach come after it, as the server gave them. Of ClientVersion.
 * `live_version_id` NULL (a server before 0.12): empty. */
GPtrArray *client_history(Client *client, Family family, const char *id,
                          const char *live_version_id, GError **error);
/* One version with its content, name and meta (without manifest). */
RemotePlugin *client_history_read(Client *client, Family family, const char *id,
                                  const char *version_id, GError **error);

/* What the web editor's Save makes of `code` (0.9.6, 0.11.4, 0.12.4). NULL with an error where it
 * cannot be formatted or this server has no formatter. */
GBytes *client_format(Client *client, GBytes *code, GError **error);
