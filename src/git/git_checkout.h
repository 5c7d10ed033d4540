/* SPDX-License-Identifier: MIT */
/* The git checkout that a file lies in, as its .git tells it; git itself is not asked. */
#pragma once

#include <glib.h>

typedef struct {
  char *folder;     /* that the file lies in, links resolved */
  char *name;       /* the file's in `folder` */
  char *path;       /* the file's below the checkout's top */
  char *git;        /* the .git of this checkout: HEAD */
  char *common;     /* what its worktrees share: branches, objects */
  char *head;       /* the commit, or NULL: none yet, or it cannot be read */
  gboolean shallow; /* the history is cut off */
  gboolean partial; /* objects may be missing, to be fetched when they are needed */
} GitCheckout;

/* NULL: the file lies in none, is "-" or NULL, or is not there. */
GitCheckout *git_checkout_find(const char *file);
void git_checkout_free(GitCheckout *checkout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitCheckout, git_checkout_free)

/* The .git of the nearest checkout at or above `folder` (absolute), NULL: none. `*top` (may be
 * NULL) is the checkout's folder. Both are owned by the caller. */
char *git_checkout_dir(const char *folder, char **top);

/* Does this repository name its objects by SHA-256? Before the first commit that is not known. */
gboolean git_checkout_is_sha256(const GitCheckout *checkout);

/* Forty or sixty-four hexadecimal digits. */
gboolean git_checkout_is_name(const char *text);

/* May what stands in a .gitattributes change more than line ends between the file and git? */
gboolean git_checkout_converts(const GitCheckout *checkout);
