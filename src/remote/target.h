/* From a word on the command line to one plugin on the server. */
#pragma once

#include "plugin.h"
#include "server.h"

typedef struct {
  Family family;
  char *id;
  Plugin *local;        /* the local file that owns it, or NULL */
  RemotePlugin *remote; /* as read now, with content; NULL: not on the server */
} Target;

/* `word` is first a local plugin as names_resolve() finds it (its id then; an error of several hits
 * stays), else an id on the server (KIND/ID narrows; functions before tools, both: OWUP_ERROR_USAGE
 * naming the two), else a title there (one list request a family; several: USAGE with the ids).
 * NOT_FOUND with the nearest names where nothing fits. `local_only_ok`: a local plugin that the
 * server does not have is a Target without `remote`, otherwise NOT_FOUND. */
Target *target_find(Server *server, const char *word, gboolean local_only_ok, GError **error);
void target_free(Target *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Target, target_free)

/* The name a person knows it by. Owned by `target`. */
const char *target_label(const Target *target);
