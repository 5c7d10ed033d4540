/* SPDX-License-Identifier: MIT */
/* A server on loopback that plays a script: what the network can do to a client, on demand.
 *
 * peer_new() with the steps, then the client's work with peer_url(), then peer_free(). Each request
 * that arrives, on whichever connection, takes the next step; beyond the last step it is closed
 * unanswered. Nothing depends on time. */
#pragma once

#include <glib.h>

typedef enum {
  PEER_KEEP,  /* the connection stays open */
  PEER_CLOSE, /* closed after the answer (which may be NULL or a part) */
  PEER_RESET, /* the same with a TCP reset */
  PEER_HANG,  /* stays open and silent */
  PEER_TIME,  /* the same until the client goes; meanwhile `arrived`, or peer_pass_time(), is called
               */
  PEER_DRIP,  /* a byte now and then, without an end */
} PeerThen;

typedef struct {
  const char *answer; /* raw bytes, or NULL */
  gsize len;          /* 0: strlen */
  PeerThen then;
  void (*arrived)(gpointer data); /* called in the peer's thread before the answer; or NULL */
  gpointer data;
} PeerStep;

/* For `arrived`: GPOINTER_TO_UINT(ms) milliseconds pass on a scripted clock; 0: more than all
 * patience. */
void peer_pass_time(gpointer ms);

typedef struct Peer Peer;

/* `steps` and what they point to stay the caller's and outlive the peer. */
Peer *peer_new(const PeerStep *steps, guint n_steps);
void peer_free(Peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Peer, peer_free)

/* "http://127.0.0.1:PORT". Owned by the peer. */
const char *peer_url(const Peer *peer);

/* Ends the peer; only then the following may be asked. */
void peer_stop(Peer *peer);
guint peer_n_requests(const Peer *peer);
guint peer_n_connections(const Peer *peer);
/* Request `i` from its first to its last byte, and the number of its connection, from 0. */
const char *peer_request(const Peer *peer, guint i);
guint peer_connection(const Peer *peer, guint i);

/* A loopback port on which nobody listens, as an URL. The caller owns it. */
char *peer_dead_url(void);

/* A whole answer with its length. The caller owns it. `type` may be NULL. */
char *peer_answer(int status, const char *type, const char *body);
