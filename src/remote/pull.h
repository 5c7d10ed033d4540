/* SPDX-License-Identifier: MIT */
/* A plugin of the server taken into a local file, byte for byte. */
#pragma once

#include "client.h"
#include "history.h"
#include "plugin.h"

typedef struct {
  const char *root; /* absolute; files that are not here yet go below its plugins/ */
  gboolean dry_run;
  gboolean force;  /* take the server's text over a file that was changed here; that is kept */
  gboolean valves; /* the valves, too, secrets masked */
  const char *ignore_file; /* leaves all below its folder out of searches: written before the first
                              file; NULL: none */
  gboolean record;         /* a pull makes the server's text what the next deploy starts from */
  History *history;        /* or NULL; with `record` open for writing */
} PullOptions;

typedef enum {
  PULL_UNCHANGED, /* the file holds it already */
  PULL_CREATED,
  PULL_UPDATED,  /* the file was what was last deployed */
  PULL_CONFLICT, /* the file was changed, too: it stays, the server's text is beside it */
  PULL_FAILED,
} PullResult;

/* "unchanged", "created", "updated", "conflict", "failed". Static. */
const char *pull_result_name(PullResult result);

typedef struct {
  PullResult result;
  gboolean dry_run; /* `result` is the would-be word */
  Family family;
  char *id, *kind, *title;
  char *server;         /* URL, or NULL */
  char *version_before; /* of the file; NULL: none */
  char *version;        /* of the server's text; NULL: none */
  char *file;           /* the local file, as shown; NULL where it failed before one was chosen */
  char *beside;         /* FILE.server.py, as shown; NULL: none */
  char *base;           /* FILE.base.server.py: what was last deployed, for a merge of three; as
                         * shown; NULL: it is not known any more */
  char *kept;           /* FILE.orig: what the file held, where `force` replaced it; as shown */
  char *valves_file;    /* as shown; NULL: none */
  char *sha256;         /* of the server's content */
  char *own_id;         /* what the file calls itself, where that is not `id`; NULL else */
  gboolean unseen;      /* a new file that --all does not take (test_x.py) */
  GError *error;        /* PULL_FAILED, or what became of the valves or the history, or NULL */
} Pulled;

/* `local` is the file that owns the plugin, or NULL. Never NULL. A file that differs from what was
 * last deployed (stamp and history tell) is never overwritten without `force`. Makes no request
 * but, with valves, two. */
Pulled *pull_one(Client *client, const PullOptions *options, Plugin *local,
                 const RemotePlugin *remote);
/* For what could not be pulled; takes `error` over. `remote` may be NULL. */
Pulled *pull_failed(const RemotePlugin *remote, const char *word, GError *error);
void pulled_free(Pulled *pulled);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pulled, pulled_free)
