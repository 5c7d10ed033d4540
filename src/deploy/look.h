/* A look made before its plugin's turn came: what a batch or a watch already knows of the server.
 */
#pragma once

#include "remote_plugin.h"

#include <glib.h>

/* Older than this it is made again (a newer one is never wrong, only a request). */
#define LOOK_FRESH_US (5 * G_USEC_PER_SEC)

typedef struct {
  RemotePlugin *before; /* with content; NULL: nothing is there under `id` */
  char *digest;         /* SHA-256 of its content where that is known already, else NULL */
  char *id; /* where it was looked; the plugin's own id, or the one found by its openwebui_id */
  char
      *taken_by; /* nothing is there, but the same plugin or title stands under this id; NULL: no */
  gint64 at;     /* g_get_monotonic_time() */
} Look;

void look_free(Look *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)
