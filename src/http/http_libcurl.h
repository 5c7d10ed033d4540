/* SPDX-License-Identifier: MIT */
/* libcurl, loaded at run time: it brings 40 libraries, 4 of the 7 ms that a command which asks no
 * server would take with it. Of no use outside the http module. */
#pragma once

#include "dl.h"

#include <curl/curl.h>

/* clang-format off */
#define HTTP_LIBCURL_FUNCTIONS(each) \
  each(curl_easy_cleanup) \
  each(curl_easy_getinfo) \
  each(curl_easy_header) \
  each(curl_easy_init) \
  each(curl_easy_setopt) \
  each(curl_easy_strerror) \
  each(curl_getdate) \
  each(curl_global_init) \
  each(curl_multi_add_handle) \
  each(curl_multi_cleanup) \
  each(curl_multi_info_read) \
  each(curl_multi_init) \
  each(curl_multi_perform) \
  each(curl_multi_poll) \
  each(curl_multi_remove_handle) \
  each(curl_multi_wakeup) \
  each(curl_slist_append) \
  each(curl_slist_free_all)
/* clang-format on */

HTTP_LIBCURL_FUNCTIONS(DL_DECLARE)

#ifdef OWUP_LIBRARIES_LINKED
/* libcurl's macros of these names check the types of what is given. */
#define sym_curl_easy_setopt curl_easy_setopt
#define sym_curl_easy_getinfo curl_easy_getinfo
#endif

/* Loads and sets up libcurl, at the first call; any thread may call, and the others wait. FALSE
 * with OWUP_ERROR_LOCAL_STATE where there is none: none of its functions may be called then. */
gboolean http_libcurl_load(GError **error);
