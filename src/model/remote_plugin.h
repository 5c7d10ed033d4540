/* SPDX-License-Identifier: MIT */
/* One function or tool as a server holds it, read from one of its JSON answers.
 * Belongs to one thread (jansson's counters are not shared). */
#pragma once

#include "kind.h"

#include <glib.h>
#include <jansson.h>

typedef struct {
  Family family;
  char *id;
  char *type;         /* "filter", ...; NULL for tools */
  char *name;         /* never NULL */
  GBytes *content;    /* NULL where the answer carries none: lists, and the answer to a create */
  json_t *meta;       /* an object, or NULL */
  gboolean read_only; /* a tool that the key may not change: it may come without its content */
  gboolean is_active; /* functions only */
  gboolean is_global; /* functions only */
  gint64 updated_at; /* seconds since 1970, 0 where absent; moves with toggles and valves as well */
  char *version_id;  /* 0.12 and newer, else NULL */
} RemotePlugin;

/* Reads one object of an answer. NULL with OWUP_ERROR_UNKNOWN where it is no plugin: no object, no
 * id, a field of a wrong type. */
RemotePlugin *remote_plugin_from_json(Family family, json_t *object, GError **error);
/* Shares content and meta with `remote`, so it stays in the same thread. */
RemotePlugin *remote_plugin_copy(const RemotePlugin *remote);
void remote_plugin_free(RemotePlugin *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemotePlugin, remote_plugin_free)

/* A string of meta.manifest (title, version, openwebui_id, ...); NULL: none, or empty. Owned by
 * `remote`. */
const char *remote_plugin_manifest(const RemotePlugin *remote, const char *key);
/* meta.description, "" where there is none. Owned by `remote`. */
const char *remote_plugin_description(const RemotePlugin *remote);
