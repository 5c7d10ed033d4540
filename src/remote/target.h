/* SPDX-License-Identifier: MIT */
/* The room of what is looked at and managed on a server: status, diff, pull, flags, valves, delete.
 *
 * This header is the way in for every command that takes a NAME: from a word on the command line to
 * one plugin on the server, whether or not a local file owns it.
 */
#pragma once

#include "client.h"
#include "plugin.h"

typedef struct {
  Family family;
  char *id;      /* on the server; another than local->id where local->openwebui_id led to it */
  Plugin *local; /* the local file that owns it, or NULL */
  RemotePlugin *remote; /* as read now, with content; NULL: not on the server */
} Target;

/* `word` is first a local plugin as resolve_names() finds it (its id then, else the one that
 * adoption_judge() finds by its openwebui_id; an error of several hits stays), else an id on the
 * server (KIND/ID narrows; functions before tools, both: OWUP_ERROR_USAGE naming the two), else an
 * id or title there that is alike (one list request a family; several: USAGE with the ids).
 * NOT_FOUND with the nearest names where nothing fits. `command` ("rollback") is for the messages'
 * next steps. `local_only_ok`: a local plugin that the server does not have is a Target without
 * `remote`, otherwise NOT_FOUND. */
Target *target_find(Client *client, const char *word, const char *command, gboolean local_only_ok,
                    GError **error);
/* Reads `remote`, which must be there, once more. FALSE: it stays as it was (NOT_FOUND where the
 * plugin is gone). */
gboolean target_read_again(Client *client, Target *target, GError **error);
void target_free(Target *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Target, target_free)

/* The name a person knows it by. Owned by `target`. */
const char *target_label(const Target *target);
