/* Shared libraries that only some commands need, loaded by the first of them: what is linked is
 * loaded by all, and a library with forty others behind it takes longer than most commands do. */
#pragma once

#include <glib.h>

/* Loads a library by its soname, for as long as the process runs, and writes its functions into
 * `into`, a struct of one function pointer for each of `names` (NULL-terminated), in their order.
 * FALSE with OWUP_ERROR_LOCAL_STATE: there is no such library (the hint names `package`, the Debian
 * package that holds it), or its version lacks one of the functions. */
gboolean dl_load(const char *soname, const char *package, const char *const *names, gpointer into,
                 GError **error);
