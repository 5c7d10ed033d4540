/* SPDX-License-Identifier: MIT */
/* What this user trusts: which project may send which secret where. A small file in the state
 * folder, DIR/trust.json, 0600; nothing but names is in it, no secret.
 *
 * It counts only where nobody else could have written it: a file of this user's own, no link, in a
 * folder of this user's own, which does not lie in the project itself.
 */
#pragma once

#include <glib.h>

typedef struct {
  char *project;     /* its folder, absolute, links resolved */
  char *destination; /* "https://owui.example" */
  char *secret;      /* its name */
  gint64 at;         /* seconds since 1970 */
} Trusted;

void trusted_free(Trusted *trusted);

/* Everything, oldest first, of Trusted; empty where there is no file. NULL with
 * OWUP_ERROR_LOCAL_STATE: it cannot be read, is damaged, or may be another's. Owned by the caller.
 */
GPtrArray *trust_store_list(const char *dir, GError **error);

/* Is just this trusted? FALSE without an error where it is not. */
gboolean trust_store_has(const char *dir, const char *project, const char *destination,
                         const char *secret, GError **error);

/* Remembers it. OWUP_ERROR_LOCAL_STATE. */
gboolean trust_store_add(const char *dir, const char *project, const char *destination,
                         const char *secret, GError **error);

/* Forgets all that is trusted for a project; `*n` counts it. OWUP_ERROR_LOCAL_STATE. */
gboolean trust_store_forget(const char *dir, const char *project, guint *n, GError **error);
