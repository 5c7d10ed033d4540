/* SPDX-License-Identifier: MIT */
/* GIO, loaded at run time: of all commands only watch needs it, and it brings eight libraries to
 * each. GObject's functions are found there, too, since GIO stands on it. */
#pragma once

#include "dl.h"

#include <gio/gio.h>

/* clang-format off */
#define GIO_DL_FUNCTIONS(each) \
  each(g_file_get_path) \
  each(g_file_monitor_cancel) \
  each(g_file_monitor_directory) \
  each(g_file_monitor_set_rate_limit) \
  each(g_file_new_for_path) \
  each(g_object_unref) \
  each(g_signal_connect_data) \
  each(g_signal_handlers_disconnect_matched)
/* clang-format on */

GIO_DL_FUNCTIONS(DL_DECLARE)

/* Loads GIO at the first call. FALSE with OWUP_ERROR_LOCAL_STATE where there is none: none of its
 * functions may be called then. */
gboolean gio_dl_load(GError **error);
