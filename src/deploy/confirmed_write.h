/* SPDX-License-Identifier: MIT */
/* Writing so that the end is known: sends an update or a create and finds out what became of it.
 *
 * A lost answer (time-out, cut, truncated or senseless, 5xx) proves nothing: a client that gives up
 * does not stop the server, and a read right after shows the old text though the new one is stored
 * half a second later (35 of 40 tries on 0.11.4, all on 0.12.4). So: (a) look, again and again
 * while nobody answers; if the server holds the payload it is done. (b) Else the same request once
 * more: an update is idempotent, a create then answers "already registered", which means read and
 * compare; that answer decides, so it is waited for longer where the first was only slow in coming.
 * (c) If it is lost too, poll 0.1, 0.2, 0.4 … s. (d) Still open after a minute: unknown. That a
 * read shows the old text is no proof at any time: another worker of the server may still be at it.
 *
 * A no that speaks of the server's own trouble, or may hide it, is asked
 * again beside no other request; then it counts.
 */
#pragma once

#include "client.h"
#include "payload.h"

#include <glib.h>

typedef struct {
  Client *client;
  Cancel *cancel;
  /* Called when the answer was lost; `why` is its error. */
  void (*lost)(const GError *why, gpointer data);
  gpointer data;
  gboolean loads; /* the server has just loaded this code: a hidden no speaks of something else */
  gboolean was_missing; /* a look found nothing there: a taken id may be this create's own, doubled
                           on its way */
} Confirm;

typedef enum {
  WRITE_DONE,    /* the server holds the payload, seen in its own answer */
  WRITE_REFUSED, /* it surely did not act: `error` is its answer, or nothing was sent */
  WRITE_UNKNOWN, /* `error` is the first loss */
} WriteEnd;

/* `*confirmed` (owned by the caller) is what the server holds after WRITE_DONE. After the first
 * Ctrl-C nothing is sent a second time; after the second the result is WRITE_UNKNOWN with
 * OWUP_ERROR_INTERRUPTED. */
WriteEnd confirmed_write_update(const Confirm *confirm, Payload *payload, RemotePlugin **confirmed,
                                GError **error);
/* The update of something that is not there: it can bring nothing, so when its answer is lost only
 * a read is waited for. Still nothing there: WRITE_REFUSED with the loss, and a create may follow.
 */
WriteEnd confirmed_write_update_of_missing(const Confirm *confirm, Payload *payload,
                                           RemotePlugin **confirmed, GError **error);
WriteEnd confirmed_write_create(const Confirm *confirm, Payload *payload, RemotePlugin **confirmed,
                                GError **error);
