/* SPDX-License-Identifier: MIT */
/* From a word to a plugin that is on the server or was: what history and rollback take. */
#pragma once

#include "history.h"
#include "target.h"

/* target_find(), and where nothing on the server fits, what the local history knows of it: by id,
 * else by title or what is alike (USAGE where several are). Without `remote` the target is deleted,
 * or only a local file. `history` may be NULL. */
Target *target_find_deleted(Client *client, History *history, const char *word, const char *command,
                            GError **error);

/* The newest entry of the plugin that the word names in the history of one server. NULL without an
 * error where none fits. Owned by the caller. */
HistoryEntry *target_deleted_entry(History *history, const char *server, const char *word,
                                   GError **error);
