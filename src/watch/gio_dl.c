/* SPDX-License-Identifier: MIT */
#include "gio_dl.h"

/* Its name in all versions of GLib 2. */
#define SONAME "libgio-2.0.so.0"

GIO_DL_FUNCTIONS(DL_DEFINE)
DL_NOTE(SONAME, "watch", "Watching folders", "recommended")

gboolean
gio_dl_load(GError **error)
{
  static const DlFunction functions[] = {GIO_DL_FUNCTIONS(DL_ENTRY){NULL}};
  static DlLibrary gio = {SONAME, "libglib2.0-0", functions};
  return dl_load(&gio, error);
}
