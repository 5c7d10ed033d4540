/* SPDX-License-Identifier: MIT */
/* Whether a file is still what it was: cheap, and without reading it. */
#pragma once

#include <glib.h>

typedef struct {
  gboolean there;
  guint64 device, inode, size;
  gint64 modified, changed; /* microseconds since 1970 */
} FileSignature;

/* Follows symbolic links. What is no regular file is not there. */
FileSignature file_signature_of(const char *path);
gboolean file_signature_equal(const FileSignature *a, const FileSignature *b);
/* The same but for `changed`: chmod and ln do that, and a write whose time was set back. */
gboolean file_signature_alike(const FileSignature *a, const FileSignature *b);

/* May the file have been changed since `when` (of clock_wall())? File systems round, some to
 * two seconds. */
gboolean file_signature_since(const FileSignature *mark, gint64 when);

/* The same of the link itself, where `path` is one. */
gboolean file_signature_linked_since(const char *path, gint64 when);

/* When the file was last written or put in its place, on the clock of clock_now(): not
 * later than `now`, and not earlier than `reach` microseconds of that before it. */
gint64 file_signature_when(const FileSignature *mark, gint64 now, gint64 reach);
