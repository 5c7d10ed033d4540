/* SPDX-License-Identifier: MIT */
/* Which local plugins a command is about that looks at a whole server. */
#pragma once

#include "command.h"
#include "discover.h"

#include <glib.h>

typedef struct {
  GPtrArray *found;  /* of Found, by file: all below the root, and what the args name elsewhere */
  GPtrArray *unread; /* of Unread: what could not be read below the root */
  GPtrArray *named;  /* of Plugin, one an arg; NULL where no file has the name */
  gboolean has_type;
  Kind type;
} LocalPlugins;

/* What the line's args (names, files, folders) mean; without one, all of the project's root.
 * `excludes`: globs, or NULL; `type`: --type, or NULL. NULL with OWUP_ERROR_USAGE or
 * discover_plugins()'s errors; an arg that fits several is one. An arg that fits none may be on the
 * server. */
LocalPlugins *local_plugins_find(const CommandLine *line, char **excludes, const char *type,
                                 GError **error);
void local_plugins_free(LocalPlugins *local_plugins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LocalPlugins, local_plugins_free)

/* A warning for each Unread, since what is told does without it. */
void local_plugins_report_unread(Report *report, const GPtrArray *unread);
