/* SPDX-License-Identifier: MIT */
/* The folder that holds history and locks. Only for files of this room. */
#pragma once

#include <glib.h>

/* Makes `dir` and what is missing above it, 0700; where it is there it becomes so, unless it holds
 * files that are not owup's. OWUP_ERROR_LOCAL_STATE with the system's reason; also where it is a
 * symbolic link or somebody else's. */
gboolean state_dir_make(const char *dir, GError **error);

/* A file of that folder, with SQLite's logs beside it. Where it is for `writing`: becomes 0600.
 * What is not there is fine. OWUP_ERROR_LOCAL_STATE where it is a link or no file; for writing,
 * also where it is somebody else's. */
gboolean state_dir_guard(const char *path, gboolean writing, GError **error);
