/* SPDX-License-Identifier: MIT */
/* The variables that name a proxy, for tests that set them. */
#pragma once

#include <glib.h>

static inline void
clear_proxies(void)
{
  static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                      "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_unsetenv(names[i]);
}
