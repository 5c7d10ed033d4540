/* Shared libraries that only some commands need, loaded by the first of them: what is linked is
 * loaded by all, and a library with forty others behind it takes longer than most commands do. */
#pragma once

#include <glib.h>

/* Loads a library by its soname, for as long as the process runs. NULL with OWUP_ERROR_LOCAL_STATE,
 * whose hint names `package`, the Debian package that holds it. */
gpointer library_load(const char *soname, const char *package, GError **error);

/* A function of it; NULL with OWUP_ERROR_LOCAL_STATE where this version of the library has none. */
gpointer library_function(gpointer library, const char *name, GError **error);
