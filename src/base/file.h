/* SPDX-License-Identifier: MIT */
/* Reading files with a limit, so that a mistaken path cannot fill the memory; writing them whole or
 * not at all. */
#pragma once

#include <glib.h>

/* Reads a whole regular file of at most `limit` bytes (less than 4 GB). "-" is not special.
 * Returns the bytes (owned by the caller), or NULL with OWUP_ERROR_TOO_BIG when it is larger, or
 * OWUP_ERROR_LOCAL_STATE (missing, unreadable, no regular file) with the system's reason. */
GBytes *file_read(const char *path, gsize limit, GError **error);

/* The same from an open descriptor up to its end (standard input); `name` is for the message. */
GBytes *file_read_fd(int fd, const char *name, gsize limit, GError **error);

/* Writes all of it where the descriptor stands. FALSE with errno. */
gboolean file_write_fd(int fd, GBytes *content);

/* Makes `content` the file's, at once: it is written beside it and renamed, so that nobody ever
 * sees a half, and a full disk or a power cut leaves the old one. The mode of a file that is there
 * stays, a new one gets what the umask leaves of 0666. A symbolic link at `path` is replaced, not
 * followed. The folder must be there. FALSE with OWUP_ERROR_LOCAL_STATE. */
gboolean file_write(const char *path, GBytes *content, GError **error);

/* The same; a new file is this user's alone (0600). A power cut may take it. */
gboolean file_write_private(const char *path, GBytes *content, GError **error);
