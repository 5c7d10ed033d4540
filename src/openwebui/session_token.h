/* SPDX-License-Identifier: MIT */
/* A session token, which works in an API key's place: a JSON Web Token. */
#pragma once

#include <glib.h>

/* When it ends, seconds since 1970, by its own `exp`; 0: it does not say, or is none (an API key).
 * `token` may be NULL. Nothing is verified. */
gint64 session_token_expires(const char *token);
