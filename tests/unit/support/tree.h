/* SPDX-License-Identifier: MIT */
/* A folder of its own for a test, removed with all that is in it. */
#pragma once

#include <glib.h>

typedef struct {
  char *root;   /* absolute */
  char *before; /* the current folder when the tree was made */
} Tree;

/* The new folder is the current one, and $HOME, until tree_free(). */
Tree *tree_new(void);
void tree_free(Tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)

/* Writes `text`, or `len` bytes, into the file `path` below the root; makes the folders above it.
 */
void tree_write(const Tree *tree, const char *path, const char *text);
void tree_write_bytes(const Tree *tree, const char *path, const void *bytes, gsize len);

/* A plugin with that class; `head` are frontmatter lines ("title: X\n", may be ""). */
void tree_write_plugin(const Tree *tree, const char *path, const char *class_name,
                       const char *head);

/* Makes a folder below the root. */
void tree_mkdir(const Tree *tree, const char *path);

/* Enters a folder below the root. */
void tree_enter(const Tree *tree, const char *path);
