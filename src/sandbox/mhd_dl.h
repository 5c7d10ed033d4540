/* libmicrohttpd, loaded at run time: no command but the sandbox needs it. mhd_library.c has its
 * functions under their own names, so that whoever includes <microhttpd.h> calls them as if it was
 * linked; one that it lacks does not link. */
#pragma once

#include <glib.h>

/* Loads it at the first call. FALSE with OWUP_ERROR_LOCAL_STATE where there is none: none of its
 * functions may be called then. */
gboolean mhd_dl_load(GError **error);
