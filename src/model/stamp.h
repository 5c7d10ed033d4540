/* SPDX-License-Identifier: MIT */
/* The stamp: what owup writes into meta.owup with each write, so that the next deploy, from
 * whatever machine, can tell an edit of somebody else from its own last work. Unknown keys of a
 * function's meta are kept by every server (0.6.10 to 0.12.4), a tool's only from 0.12 on. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* What rollbacks in a row did: which contents they took away, and where in the plugin's history the
 * last one stopped. */
typedef struct {
  GPtrArray *contents; /* of char *: sha256 of what was taken away, the oldest rollback first */
  char *version_id;    /* the version that was brought back: the server's id (0.12 on), or NULL */
  gint64 at;           /* when that version was made, seconds since 1970; 0: not known */
} RollbackTrail;

RollbackTrail *rollback_trail_new(void);
/* NULL gives NULL. */
RollbackTrail *rollback_trail_copy(const RollbackTrail *trail);
void rollback_trail_free(RollbackTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RollbackTrail, rollback_trail_free)

/* Was a content with this digest taken away? `trail` may be NULL. */
gboolean rollback_trail_holds(const RollbackTrail *trail, const char *sha256);
/* What the last rollback took away. NULL: there was none; `trail` may be NULL. Owned by `trail`.
 */
const char *rollback_trail_last(const RollbackTrail *trail);

typedef struct {
  char *sha256;      /* of the content as the server holds it */
  char *name;        /* the file's title at that deploy, NULL: it had none */
  char *description; /* the file's description, NULL: it had none */
  char *version;
  char *by;             /* "owup X.Y.Z" */
  gint64 at;            /* our clock, seconds since 1970 */
  char *from;           /* commit, or NULL */
  char *blob;           /* git's id of the file's text, or NULL */
  gboolean has_dirty;   /* `dirty` is known */
  gboolean dirty;       /* the commit does not have the file as it was sent */
  char *write;          /* names this write and so the state that it left; NULL: an older stamp */
  char *who;            /* $OWUP_WHO or the CI's run, or NULL */
  RollbackTrail *trail; /* the write was a rollback's; NULL: a deploy's */
} Stamp;

/* The stamp in `meta` (may be NULL); NULL where there is none or it makes no sense. */
Stamp *stamp_read(const json_t *meta);
Stamp *stamp_copy(const Stamp *stamp);
void stamp_free(Stamp *stamp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stamp, stamp_free)

/* The object for meta.owup. Owned by the caller. */
json_t *stamp_to_json(const Stamp *stamp);

#define STAMP_KEY "owup"
