/* SPDX-License-Identifier: MIT */
/* Which paths a list of patterns leaves out: gitignore's syntax (gitignore(5) of Git 2.39), with
 * comments, negation, "/" anchors, "**", trailing slashes and escapes. */
#pragma once

#include <glib.h>

typedef struct IgnoreFile IgnoreFile;

/* The rules of one .owupignore: `len` bytes of any kind. */
IgnoreFile *ignore_file_parse(const char *text, gsize len);
/* The same from patterns, one each (--exclude); NULL-terminated or NULL. */
IgnoreFile *ignore_file_from_globs(const char *const *globs);
void ignore_file_free(IgnoreFile *ignore);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgnoreFile, ignore_file_free)

typedef enum {
  IGNORE_SILENT, /* no rule matches */
  IGNORE_LEAVES, /* the last rule that matches leaves it out */
  IGNORE_TAKES   /* the last rule that matches begins with "!" */
} IgnoreVerdict;

/* `path` is relative to the folder that the rules belong to, with "/" between its parts. Whether a
 * folder above it is left out is the caller's to ask first. */
IgnoreVerdict ignore_file_match(const IgnoreFile *ignore, const char *path, gboolean is_folder);
