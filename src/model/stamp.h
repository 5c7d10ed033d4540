/* The stamp: what owup writes into meta.owup with each write, so that the next deploy, from
 * whatever machine, can tell an edit of somebody else from its own last work. Unknown keys of a
 * function's meta are kept by every server (0.6.10 to 0.12.4), a tool's only from 0.12 on. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
  char *sha256;      /* of the content as the server holds it */
  char *name;        /* the file's title at that deploy, NULL: it had none */
  char *description; /* the file's description, NULL: it had none */
  char *version;
  char *by;          /* "owup X.Y.Z" */
  gint64 at;         /* our clock, seconds since 1970 */
  char *from;        /* commit, or NULL */
  char *rolled_back; /* sha256 of the content that a rollback took away, or NULL */
} Stamp;

/* The stamp in `meta` (may be NULL); NULL where there is none or it makes no sense. */
Stamp *stamp_read(const json_t *meta);
Stamp *stamp_copy(const Stamp *stamp);
void stamp_free(Stamp *stamp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stamp, stamp_free)

/* The object for meta.owup. Owned by the caller. */
json_t *stamp_to_json(const Stamp *stamp);

#define STAMP_KEY "owup"
