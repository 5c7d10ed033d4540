/* The folder that holds history and locks. Only for files of this room. */
#pragma once

#include <glib.h>

/* Makes `dir` and what is missing above it, 0700. OWUP_ERROR_LOCAL_STATE with the system's reason.
 */
gboolean state_dir_make(const char *dir, GError **error);
