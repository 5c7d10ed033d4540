/* GIO, loaded at run time: of all commands only watch needs it, and it brings eight libraries to
 * each. gio_library.c has the functions that watch_folders.c calls, under their own names; one that
 * it lacks does not link. */
#pragma once

#include <glib.h>

/* Loads GIO at the first call; one thread only. FALSE with OWUP_ERROR_LOCAL_STATE where there is
 * none: none of its functions may be called then. */
gboolean gio_dl_load(GError **error);
