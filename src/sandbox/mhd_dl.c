/* SPDX-License-Identifier: MIT */
#include "mhd_dl.h"

/* Its name in all versions from 0.9.50 on. */
#define SONAME "libmicrohttpd.so.12"

MHD_DL_FUNCTIONS(DL_DEFINE)
DL_NOTE(SONAME, "sandbox", "The imitation of Open WebUI", "recommended")

gboolean
mhd_dl_load(GError **error)
{
  static const DlFunction functions[] = {MHD_DL_FUNCTIONS(DL_ENTRY){NULL}};
  static DlLibrary microhttpd = {SONAME, "libmicrohttpd12", functions};
  return dl_load(&microhttpd, error);
}
