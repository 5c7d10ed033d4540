/* SPDX-License-Identifier: MIT */
/* Every plugin here and on a server, side by side. */
#pragma once

#include "client.h"
#include "compare.h"

#include <glib.h>

typedef struct {
  const GPtrArray *found; /* the local plugins, of Found */
  gboolean localized;     /* localized copies count like the rest */
  gboolean has_type;
  Kind type;
  History *history; /* or NULL */
} StatusRequest;

typedef struct {
  GPtrArray *rows;    /* of Comparison, by kind, then id */
  guint templates;    /* here, left out */
  guint localized;    /* here, left out */
  guint unreadable;   /* tools on the server whose code is not shared with this key, left out */
  GPtrArray *twins;   /* of Plugin: files that have their id in common with another; none is sent */
  GError *no_history; /* the first failure to read it, or NULL */
} Status;

/* One request a family, however many plugins there are; where the server lists none, up to three a
 * family more to tell one without plugins from one that has them switched off (PLUGINS_OFF). A
 * local plugin is paired by its id, else by its openwebui_id, as "owup deploy --all" would
 * (adoption_judge()). Templates and localized copies are left out unless they are on the server.
 */
Status *status_make(Client *client, const StatusRequest *request, GError **error);
void status_free(Status *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Status, status_free)

/* The rows that `word` means, as target_find() has it: the file `local` (or NULL) where one was
 * found for it, else an id or KIND/ID, else what is alike by id or title. Of Comparison, owned by
 * `status`; empty: none. */
GPtrArray *status_find(const Status *status, const char *word, const Plugin *local);

/* The comparison of one plugin, asking the history of `server`. Takes `remote` over. A history that
 * cannot be read counts as empty; the first such failure goes into `*trouble` (may be NULL). */
Comparison *status_compare(const Client *client, History *history, Plugin *local,
                           RemotePlugin *remote, GError **trouble);
