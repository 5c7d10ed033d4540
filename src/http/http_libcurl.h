/* libcurl, loaded at run time: it brings 40 libraries, 4 of the 7 ms that a command which asks no
 * server would take with it. http_curl.c has its functions under their own names, so that whoever
 * includes <curl/curl.h> calls them as if libcurl was linked; one that it lacks does not link. Of
 * no use outside the http module. */
#pragma once

#include <glib.h>

/* Loads and sets up libcurl, at the first call; any thread may call, and the others wait. FALSE
 * with OWUP_ERROR_LOCAL_STATE where there is none: none of its functions may be called then. */
gboolean http_libcurl_load(GError **error);
