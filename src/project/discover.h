/* SPDX-License-Identifier: MIT */
/* Finding plugin files below a folder. */
#pragma once

#include "plugin.h"
#include "project_walk.h"

#include <glib.h>

/* The project's root: the nearest folder from `dir` upward with owup.yaml, else with .git, else
 * with plugins/; else `dir`. Never above $HOME. Absolute; owned by the caller. */
char *discover_root(const char *dir);

/* The same of the current folder. NULL with OWUP_ERROR_LOCAL_STATE where that was deleted. */
char *discover_current_root(GError **error);

typedef struct {
  char *path;         /* relative to the current folder where it is below it, else absolute */
  gboolean template;  /* TEMPLATE in the file's name, or a title that begins with "[" */
  gboolean localized; /* X_cn.py or X_zh.py beside X.py */
  Plugin *plugin;
} Found;

void found_free(Found *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Found, found_free)

/* Every plugin file below `dir`, sorted by path: a .py whose text binds a plugin class at top
 * level, with frontmatter or a plugin's methods; one with a title that may bind it where no scan
 * sees it (exec, a star import); one that is broken or badly encoded where a line
 * begins with such a class; one without such a class whose docstring has a title and another key of
 * a plugin, or a title above a class that is nearly one (its diagnostics say what is wrong).
 * Left out: hidden files and folders, virtual environments, node_modules,
 * tests/, test_*.py, *.server.py, what .owupignore names (gitignore syntax; in the project's root,
 * in `dir` and between and below them) and what matches one of `excludes` (the same syntax, on the
 * path below `dir`; NULL-terminated or NULL). Templates and localized copies are in the list,
 * marked. Symbolic links to folders are not followed. Returns GPtrArray of Found (owned by the
 * caller), or NULL with OWUP_ERROR_LOCAL_STATE where `dir` or an .owupignore cannot be read, or
 * where it holds too much to be a project. A file that cannot be read is left out silently. */
GPtrArray *discover_plugins(const char *dir, const char *const *excludes, GError **error);

/* The same; adds to `unread` (of Unread, owned by the array) the folders that cannot be read, and
 * then the files, which may be plugins or not. */
GPtrArray *discover_readable(const char *dir, const char *const *excludes, GPtrArray *unread,
                             GError **error);

/* The same for the files directly in `dir`. */
GPtrArray *discover_folder(const char *dir, GError **error);

/* The plugin in the file at `path`, or NULL where it is ordinary Python or cannot be read. No
 * .owupignore is asked. Owned by the caller. */
Found *discover_file(const char *path);

/* Does the file say that it is a plugin? By what it binds, else by its docstring: a slip in the
 * class's name must not make it disappear. */
gboolean discover_is_declared(const Plugin *plugin);

/* Is the file at `path` a template, or a localized copy, by its name and what stands beside it? For
 * one that cannot be read. */
gboolean discover_is_template_name(const char *path);
gboolean discover_is_localized(const char *path);

/* Is the file `copy` the localized copy (X_cn.py) of `plain` (X.py), by their paths? */
gboolean discover_is_copy_of(const char *copy, const char *plain);

/* Is `path` a localized copy by its name (X_cn.py, X_zh.py)? */
gboolean discover_is_localized_name(const char *path);
