/* Which local plugins a command is about that looks at a whole server. */
#pragma once

#include "discover.h"
#include "report.h"

#include <glib.h>

typedef struct {
  const char *command; /* "status", for the messages */
  char **args;         /* names, files, folders; may be empty: all of the project's root */
  char **excludes;     /* globs, or NULL */
  const char *type_text;
} LocalPluginsRequest;

typedef struct {
  GPtrArray *found;  /* of Found, by file: all below the root, and what the words name elsewhere */
  GPtrArray *unread; /* of Unread: what could not be read below the root */
  GPtrArray *named;  /* of Plugin, one a word; NULL where no file has the name */
  gboolean has_type;
  Kind type;
} LocalPlugins;

/* NULL with OWUP_ERROR_USAGE or discover_plugins()'s errors; a word that fits several is one. A
 * word that fits none may be on the server. */
LocalPlugins *local_plugins_find(const LocalPluginsRequest *request, GError **error);
void local_plugins_free(LocalPlugins *local_plugins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LocalPlugins, local_plugins_free)

/* A warning for each Unread, since what is told does without it. */
void local_plugins_report_unread(Report *report, const GPtrArray *unread);
