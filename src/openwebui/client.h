/* SPDX-License-Identifier: MIT */
/* A session with one Open WebUI: its functions and tools as typed calls.
 *
 * client_new(), then any calls, one at a time, in one thread; client_free(). Each call is one
 * request unless it says otherwise. Nothing is retried here but what the server had no time for
 * (429, after the wait that it asks for): settling a lost answer is the deploy flow's work. Reads
 * made before a write end at CANCEL_GENTLY; writes, and reads between client_begin_write() and
 * client_end_write(), only at CANCEL_NOW.
 */
#pragma once

#include "http.h"
#include "remote_plugin.h"
#include "reply.h"

typedef struct {
  const char *url;      /* normalised, no slash at its end */
  gboolean url_default; /* nobody set it: named when it cannot be reached */
  const char *key;
  const char *key_origin; /* where it came from, for the message about a bad key; or NULL */
  KeyPlace key_place;
  const char *cacert;
  gboolean insecure;
  const char *const *headers;
  guint idle_timeout_ms; /* patience without a byte; 0: 10 s */
  Redactor *redactor;    /* the run's; NULL: one of its own */
} ClientOptions;

typedef struct Client Client;

/* Strings are copied; `cancel` outlives the session. Connects to nothing yet. The redactor learns
 * the key, and later every secret valve that is read or sent; errors and the trace go through it.
 */
Client *client_new(const ClientOptions *options, Cancel *cancel);
void client_free(Client *client);
/* A session for another thread, over the same connections (one until client_share()). `server`
 * outlives it, and its thread starts that other one. */
Client *client_new_beside(const Client *client);
/* From now on up to `connections` requests of all these sessions run at one time; others wait, and
 * are served in the order of asking. While there is no other session. */
void client_share(Client *client, guint connections);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Client, client_free)

/* Normalised URL. Owned by `server`. */
const char *client_url(const Client *client);
/* Owned by `server`. */
Redactor *client_redactor(const Client *client);
void client_set_trace(Client *client, HttpTrace trace, gpointer data);

/* How long the next calls wait without a byte, in milliseconds; 0: back to the options' value. */
void client_set_idle_timeout(Client *client, guint idle_timeout_ms);
guint client_idle_timeout(const Client *client);

/* Waits for a connection and keeps it for the next request, so that this one can begin at once;
 * nothing where one is kept already. client_release() gives it back where no request came. */
void client_reserve(Client *client);
void client_release(Client *client);
/* From now on no other session's request runs beside one of this session; gives back what is
 * reserved. */
void client_set_alone(Client *client, gboolean alone);
/* Do other sessions use these connections? */
gboolean client_is_shared(Client *client);
/* What an answer showed: the server did not bear so many requests at once. Fewer run from now on.
 */
void client_learn_load(Client *client, gboolean bears);

/* The content that the next answers about a plugin most likely hold: they are read faster. A wrong
 * guess costs next to nothing; it stays until another one is named. */
void client_expect(Client *client, GBytes *content);

void client_begin_write(Client *client);
void client_end_write(Client *client);

/* What has been learned of the server so far. */
const Capabilities *client_capabilities(const Client *client);
/* The version ("0.11.4"), asked once (GET /api/version, which needs no key); completes the
 * capabilities. NULL where it does not say; that is no error. Owned by `server`. */
const char *client_version(Client *client);
/* The `Date` of the last answer, seconds since 1970, 0: none. */
gint64 client_date(const Client *client);

/* GET /id/{id}. The caller owns the result. NOT_FOUND where there is none, NOT_OPENWEBUI where the
 * answer is JSON but no such plugin, NOT_ADMIN for a tool that is not shared with the key, or for
 * use alone; else as http_send() and reply_read(). */
RemotePlugin *client_read(Client *client, Family family, const char *id, GError **error);

/* POST /id/{id}/update and /create with `body` (JSON text). The answer's plugin, owned by the
 * caller; `*sent` (may be NULL) as in http_send(). An update's answer carries the content now held,
 * a create's does not, and its id is the lower-cased one. A 200 that is JSON but no plugin, or
 * another one, is UNKNOWN. An update may reuse the connection, so libcurl may send it twice, which
 * changes nothing; a create goes out once, on a connection of its own. */
RemotePlugin *client_update(Client *client, Family family, const char *id, const char *body,
                            gsize len, gboolean *sent, GError **error);
RemotePlugin *client_create(Client *client, Family family, const char *body, gsize len,
                            gboolean *sent, GError **error);
