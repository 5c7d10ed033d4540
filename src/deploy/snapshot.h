/* SPDX-License-Identifier: MIT */
/* A look made before its plugin's turn came: what a batch or a watch already knows of the server.
 */
#pragma once

#include "history.h"
#include "plugin.h"
#include "remote_plugin.h"

#include <glib.h>

typedef struct {
  RemotePlugin *before; /* with content, unless `same`; NULL: nothing is there under `id` */
  gboolean same;        /* snapshot_is_same(): there is nothing to send */
  char *digest;         /* SHA-256 of its content where that is known already, else NULL */
  char *digest_stored;  /* SHA-256 of the file's content as a server holds it, or NULL */
  char *id; /* where it was looked; the plugin's own id, or the one found by its openwebui_id */
  char
      *taken_by; /* nothing is there, but the same plugin or title stands under this id; NULL: no */
  gint64 at;     /* clock_now() */
  gint64 last;   /* snapshot_last() before it was made */
} Snapshot;

void snapshot_free(Snapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_free)

/* FALSE: it is made again. */
gboolean snapshot_is_fresh(const Snapshot *snapshot);

/* What the local history knew last of a plugin, as a number; 0: nothing, or there is no history
 * (NULL). It moves with each write of any owup on this machine: a look made before another one
 * wrote is worth nothing. */
gint64 snapshot_last(History *history, const char *server, Family family, const char *id);

/* Does the server surely hold just this content, name and description, and is there nothing about
 * it that the local history would have to learn? `remote` is what it says of the plugin's own id,
 * with or without content: from 0.12 on its version_id pins content that the history knows.
 * `digest` is that of the plugin's held content, `last` history_last_agreed() or NULL. */
gboolean snapshot_is_same(const Plugin *plugin, const char *digest, const RemotePlugin *remote,
                          const HistoryEntry *last);
