/* SPDX-License-Identifier: MIT */
/* The Python files below a folder that may be plugins. */
#pragma once

#include <glib.h>

/* More entries than this below one folder are no plugin project (a home folder, a file system). */
#define WALK_ENTRY_LIMIT 200000

/* A file or folder that is there and cannot be read. */
typedef struct {
  char *path; /* absolute */
  gboolean is_folder;
  GError *error; /* says the path as plugin_show_path() does */
} Unread;

Unread *unread_new(const char *path, gboolean is_folder, GError *error);
void unread_free(Unread *unread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unread, unread_free)

/* Absolute paths of the .py files below `dir`, sorted; char *, owned by the caller. Left out:
 * hidden files and folders, virtual environments (with a pyvenv.cfg), node_modules, __pycache__,
 * tests, test_*.py, *.server.py, what an .owupignore in `dir`, below it, or above it up to `root`
 * names, and what matches one of `excludes` (rules as in .owupignore, on the path below `dir`; may
 * be NULL). `root` is an absolute path at or above `dir`; NULL for `dir` itself. Neither `dir` nor
 * a folder above it is itself left out. Symbolic links to folders are not followed, nor those to
 * files that are found themselves. NULL with OWUP_ERROR_LOCAL_STATE where `dir` or an .owupignore
 * cannot be read, or for more than WALK_ENTRY_LIMIT entries; folders below that cannot be read are
 * passed over, and added to `unread` (of Unread, owned by the array; NULL: nobody asks). */
GPtrArray *project_walk_files(const char *dir, const char *root, const char *const *excludes,
                              GPtrArray *unread, GError **error);

/* As project_walk_files(); adds every folder that it looks into to `folders` (of char *, owned by
 * the array), `dir` first. */
GPtrArray *project_walk_tree(const char *dir, const char *root, const char *const *excludes,
                             GPtrArray *folders, GError **error);

/* As project_walk_files() for the files directly in `dir`, of which no .owupignore outside it is
 * asked. */
GPtrArray *project_walk_folder(const char *dir, GError **error);
