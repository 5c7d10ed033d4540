/* SPDX-License-Identifier: MIT */
#include "http_libcurl.h"

/* Its name since 2006, in all versions from 7.16 to 8. */
#define SONAME "libcurl.so.4"

HTTP_LIBCURL_FUNCTIONS(DL_DEFINE)
DL_NOTE(SONAME, "http", "Talking to Open WebUI", "required")

static void
set_up(void)
{
  sym_curl_global_init(CURL_GLOBAL_DEFAULT);
}

gboolean
http_libcurl_load(GError **error)
{
  static const DlFunction functions[] = {HTTP_LIBCURL_FUNCTIONS(DL_ENTRY){NULL}};
  static DlLibrary libcurl = {SONAME, "libcurl4", functions, set_up};
  return dl_load(&libcurl, error);
}
