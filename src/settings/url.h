/* SPDX-License-Identifier: MIT */
/* URLs as people write them. */
#pragma once

#include <glib.h>

typedef struct {
  char *url; /* scheme://host[:port][/prefix] */
  gboolean loopback;
} NormalUrl;

/* Adds a missing scheme (http for loopback and private addresses, else https), takes off a slash,
 * /api, /api/v1 or a page's path (/admin…, /workspace…, /auth, /c/…, /?…) at the end, keeps another
 * path as a prefix, lower-cases scheme and host, drops the scheme's default port. FALSE with
 * OWUP_ERROR_SETTINGS: no URL, no http(s), a user or password in it, an API key in its place,
 * a full-width character. */
gboolean url_normalise(const char *text, NormalUrl *out, GError **error);
void normal_url_clear(NormalUrl *url);
