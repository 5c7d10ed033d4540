/* Finding plugin files below a folder. */
#pragma once

#include "plugin.h"

#include <glib.h>

/* The project's root: the nearest folder from `dir` upward with owup.yaml, else with .git, else
 * with plugins/; else `dir`. Never above $HOME. Absolute; owned by the caller. */
char *discover_root(const char *dir);

typedef struct {
  char *path;         /* relative to the current folder where it is below it, else absolute */
  gboolean template;  /* TEMPLATE in the file's name, or a title that begins with "[" */
  gboolean localized; /* X_cn.py or X_zh.py beside X.py */
  Plugin *plugin;
} Found;

/* Every plugin file (a .py whose text binds a plugin class at top level) below `dir`, sorted by
 * path. Left out: hidden folders, virtual environments, node_modules, tests/, test_*.py,
 * *.server.py, what .owupignore (gitignore syntax) names and what matches one of `excludes` (globs
 * on the path below `dir`; NULL-terminated or NULL). Templates and localized copies are in the
 * list, marked. Symbolic links to folders are not followed. Returns GPtrArray of Found, or NULL
 * with OWUP_ERROR_LOCAL_STATE where `dir` cannot be read. A file that cannot be read or is no UTF-8
 * is left out silently. */
GPtrArray *discover_plugins(const char *dir, const char *const *excludes, GError **error);
