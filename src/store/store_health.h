/* SPDX-License-Identifier: MIT */
/* A database file that may be damaged: looked at, and what can be read of it copied. */
#pragma once

#include <glib.h>

typedef enum { STORE_SOUND, STORE_DAMAGED, STORE_UNKNOWN } StoreHealth;

/* Looks at every page of `path`. STORE_UNKNOWN with OWUP_ERROR_LOCAL_STATE: it cannot be looked at
 * (in use, no permission). Changes nothing. */
StoreHealth store_health(const char *path, GError **error);

/* Copies the rows of `tables` (NULL-terminated) that can be read from `from` to those of the same
 * names and columns in `to`. How many; 0 also where nothing can be read. */
guint store_salvage(const char *from, const char *to, const char *const *tables);
