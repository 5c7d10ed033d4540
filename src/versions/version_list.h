/* SPDX-License-Identifier: MIT */
/* The versions of one plugin, here and on the server, as one list: newest first, numbered from 0,
 * which is the live one (from 1 where nothing is on the server).
 *
 * version_list_load() asks the server for its list (0.12 on; who, when and message, but no content)
 * and reads the local one; version_list_read() then fetches one version's content, one request
 * where only the server has it. A version known on both sides is one entry.
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
  /* After version_list_read(): */
  GBytes *content;
  char *name;
  json_t *meta; /* or NULL */
} Version;

typedef struct {
  Client *client;
  History *history; /* or NULL */
  Family family;
  char *id;
  RemotePlugin *live;  /* NULL: not on the server */
  GPtrArray *entries;  /* of HistoryEntry, newest first: what the versions point into */
  char *known_from;    /* the URL whose local history goes on where this one's ends, or NULL */
  GPtrArray *versions; /* of Version */
} VersionList;

/* Of what the server holds (`live`, with content; NULL: nothing), its own versions (of
 * ClientVersion, in chain order; empty before 0.12) and the local entries (of HistoryEntry, newest
 * first; may be NULL) makes the list. Takes `entries` over; shares `live`'s content. */
VersionList *version_list_new(Family family, const char *id, const RemotePlugin *live,
                              const GPtrArray *theirs, GPtrArray *entries);
/* The same from a server and a local history (NULL: none), which outlive it. Where the oldest state
 * that is known of this URL (without any: the live one) was written under another one, as its stamp
 * tells, what was there before stands at the end, without its valves: a copied database, or the
 * same server by another name. Nothing is written. */
VersionList *version_list_load(Client *client, History *history, Family family, const char *id,
                               const RemotePlugin *live, GError **error);
void version_list_free(VersionList *versions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VersionList, version_list_free)

/* Makes content, digest, name, meta and version known. FALSE with the server's error or
 * history_content()'s. */
gboolean version_list_read(VersionList *versions, Version *version, GError **error);

/* By N, VERSION or the beginning of a digest (4 characters or more), the newest that fits;
 * `skip_live` leaves number 0 out for the latter two. What only the server has is read as far as
 * needed. NULL with NOT_FOUND, USAGE (several digests) or version_list_read()'s errors. Owned by
 * `versions`. */
Version *version_find(VersionList *versions, const char *word, gboolean skip_live, GError **error);

/* As people see it: the first 12 characters. Owned by the caller; "" for NULL. */
char *version_list_short_digest(const char *digest);
/* "1.3.0 (0123456789ab)"; the digest alone where `version` is NULL. Owned by the caller. */
char *version_list_describe(const char *version, const char *digest);
