/* The versions of one plugin, here and on the server, as one list: newest first, numbered from 0,
 * which is the live one (from 1 where nothing is on the server).
 *
 * past_load() asks the server for its list (0.12 on; who, when and message, but no content) and
 * reads the local one; past_read() then fetches one version's content, one request where only the
 * server has it. A version known on both sides is one entry.
 */
#pragma once

#include "client.h"
#include "history.h"
#include "remote_plugin.h"

#include <glib.h>

typedef struct {
  guint number;
  gint64 at;                  /* when it was made, seconds since 1970 */
  char *user;                 /* who, as the server says, or NULL */
  char *version;              /* of the plugin; NULL: none, or not read yet */
  char *message;              /* or NULL */
  char *digest;               /* SHA-256 of the content, hexadecimal; NULL: not read yet */
  gboolean here;              /* its content is in the local history */
  gboolean there;             /* the server has it: live, or in its own history */
  char *version_id;           /* the server's, or NULL */
  const HistoryEntry *origin; /* how it came to be, as far as is known here, or NULL */
  const HistoryEntry *state;  /* how it was last seen here: flags, valves; or NULL */
  /* After past_read(): */
  GBytes *content;
  char *name;
  json_t *meta; /* or NULL */
} PastVersion;

typedef struct {
  Server *server;
  History *history; /* or NULL */
  Family family;
  char *id;
  RemotePlugin *live;  /* NULL: not on the server */
  GPtrArray *entries;  /* of HistoryEntry, newest first: what the versions point into */
  GPtrArray *versions; /* of PastVersion */
} Past;

/* Of what the server holds (`live`, with content; NULL: nothing), its own versions (of
 * ServerVersion, in chain order; empty before 0.12) and the local entries (of HistoryEntry, newest
 * first; may be NULL) makes the list. Takes `entries` over; shares `live`'s content. */
Past *past_new(Family family, const char *id, const RemotePlugin *live, const GPtrArray *theirs,
               GPtrArray *entries);
/* The same from a server and a local history (NULL: none), which outlive it. */
Past *past_load(Server *server, History *history, Family family, const char *id,
                const RemotePlugin *live, GError **error);
void past_free(Past *past);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Past, past_free)

/* Makes content, digest, name, meta and version known. FALSE with the server's error or
 * history_content()'s. */
gboolean past_read(Past *past, PastVersion *version, GError **error);

/* By N, VERSION or the beginning of a digest (4 characters or more), the newest that fits;
 * `skip_live` leaves number 0 out for the latter two. What only the server has is read as far as
 * needed. NULL with NOT_FOUND, USAGE (several digests) or past_read()'s errors. Owned by `past`. */
PastVersion *past_find(Past *past, const char *word, gboolean skip_live, GError **error);

/* As people see it: the first 12 characters. Owned by the caller; "" for NULL. */
char *past_short_digest(const char *digest);
/* "1.3.0 (0123456789ab)"; the digest alone where `version` is NULL. Owned by the caller. */
char *past_describe(const char *version, const char *digest);
