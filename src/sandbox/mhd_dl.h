/* SPDX-License-Identifier: MIT */
/* libmicrohttpd, loaded at run time: no command but the sandbox needs it. */
#pragma once

#include "dl.h"

#include <microhttpd.h>

/* clang-format off */
#define MHD_DL_FUNCTIONS(each) \
  each(MHD_add_response_header) \
  each(MHD_create_response_from_buffer) \
  each(MHD_destroy_response) \
  each(MHD_get_connection_values) \
  each(MHD_get_daemon_info) \
  each(MHD_lookup_connection_value) \
  each(MHD_queue_response) \
  each(MHD_start_daemon) \
  each(MHD_stop_daemon)
/* clang-format on */

MHD_DL_FUNCTIONS(DL_DECLARE)

/* Loads it at the first call. FALSE with OWUP_ERROR_LOCAL_STATE where there is none: none of its
 * functions may be called then. */
gboolean mhd_dl_load(GError **error);
