/* SPDX-License-Identifier: MIT */
/* What one deploy wants a server to hold, and the JSON that says so. Belongs to one thread. */
#pragma once

#include "plugin.h"
#include "remote_plugin.h"
#include "stamp.h"

#include <glib.h>

typedef struct {
  Family family;
  char *id;
  char *name;        /* the title; without one in the file the server's name, else the id */
  char *description; /* the file's; without one the server's, else "Filter plugin: TITLE" */
  GBytes *stored;    /* the content as the server will hold it, after import rewriting */
  json_t *meta;      /* as it is sent */
  GBytes *content;   /* as it is sent: the file's bytes */
  char *message;     /* commit_message, or NULL */
  char *body;        /* see payload_body() */
  gsize body_len;
} Payload;

/* `id` is where it goes. `before` is what the server has, NULL where nothing. `name` and
 * `description` NULL: the file's, without one there the server's, else the default. Keeps every key
 * of the server's meta that it does not make anew itself (manifest, toggle and has_user_valves it
 * does: a toggle sent back stays for good before 0.12). */
Payload *payload_new(const Plugin *plugin, const char *id, const RemotePlugin *before,
                     const char *name, const char *description);
/* What the server had, to be sent again. `remote` carries content. */
Payload *payload_from_remote(const RemotePlugin *remote);
/* The same from what was kept of it: `words` is {name, meta}, or NULL. */
Payload *payload_from_parts(Family family, const char *id, const json_t *words, GBytes *content);
void payload_free(Payload *payload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Payload, payload_free)

/* The stamp for meta.owup; NULL takes an old one away. Before payload_body(). */
void payload_set_stamp(Payload *payload, const Stamp *stamp);
/* What 0.12 keeps as the version's message, with what looks like a key in it masked; NULL: none.
 * Before payload_body(). */
void payload_set_message(Payload *payload, const char *message);

/* The request's body, built at the first call; create and update take the same. Never with
 * access_grants: an empty list would withdraw a tool's sharing. NULL with OWUP_ERROR_LOCAL_PLUGIN
 * where the content is not UTF-8. */
const char *payload_body(Payload *payload, gsize *len, GError **error);

/* Does the server hold just this: content, name and description? FALSE where `remote` carries no
 * content. */
gboolean payload_is_stored(const Payload *payload, const RemotePlugin *remote);
