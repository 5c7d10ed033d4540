/* SPDX-License-Identifier: MIT */
/* One deploy under way: what the steps of a deploy or rollback share. Not for other rooms. */
#pragma once

#include "confirmed_write.h"
#include "deploy.h"
#include "drift.h"
#include "git_process.h"
#include "journal.h"
#include "payload.h"
#include "plugin_lock.h"
#include "preflight.h"
#include "restore.h"

#include <jansson.h>

typedef struct {
  const DeployContext *context;
  const DeployOptions *options;
  Client *client;
  Plugin *plugin;
  Outcome *outcome;
  Family family;
  char *id;               /* the plugin's, or the one found on the server by its openwebui_id */
  gint64 start;           /* clock_stopwatch() */
  GitBudget git;          /* what was spent on asking it */
  struct {                /* from the look on, before anything is written */
    PluginLock *lock;     /* from look to verify; of `id` */
    gboolean waited;      /* for the lock: what was seen before is old */
    Snapshot *snapshot;   /* made before; NULL: none, or used up */
    gint64 snapshot_at;   /* clock_now() of the look that `before` is from */
    RemotePlugin *before; /* what the look found; NULL: nothing */
    char *digest_before;
    char *digest_stored; /* of the plugin's held content, where the look brought it; else NULL */
    Stamp *stamp;        /* in `before`, or NULL */
    HistoryEntry *last;  /* our last write or pull known here, or NULL */
  } seen;
  struct {                /* what is to be written, and how it is told of */
    HistoryAction action; /* what is written: sent, or rolled back */
    RollbackTrail *trail; /* what the stamp is to remember of rollbacks; NULL: nothing */
    char *from;           /* a rollback's: the commit that the old version came from, or NULL */
    char *blob;           /* a rollback's: git's id of the old version's text, or NULL */
    char *headline;       /* what begins, where it is no deploy of a file; else NULL */
    Payload *payload;
    PreflightVerdict verdict;
    const HistoryEntry *undelete; /* how it was last seen, where a rollback brings back what is
                                     gone; the journal's row is left to it. Else NULL */
    char *once; /* what the code does that a server's process bears only once, or NULL */
  } plan;
  struct {                   /* what became of it */
    gboolean installing;     /* EVENT_INSTALLING was told: once, for update and create together */
    JournalRow *row;         /* NULL: none open */
    GError *update_error;    /* of the update that failed because nothing is there */
    RemotePlugin *confirmed; /* what the server holds after our write, seen in its own answer */
    gint64 at_write;         /* the server's Date before the write, seconds since 1970, 0 unknown */
    gboolean lost;           /* an answer to a write was lost */
    gboolean late; /* nobody answered it in time: it may still be on its way to the server */
  } done;
} Deployment;

/* `plugin` is referenced, `context` outlives it. */
Deployment *deployment_new(const DeployContext *context, Plugin *plugin);
/* The same for what is on the server, or was; the plugin comes later, with
 * deployment_take_plugin(). */
Deployment *deployment_new_of(const DeployContext *context, Family family, const char *id);
/* Takes `plugin` over. */
void deployment_take_plugin(Deployment *d, Plugin *plugin);
/* Frees it, the lock too, and gives the outcome to the caller. */
Outcome *deployment_end(Deployment *d);

/* Ends the deploy with `result`; takes `error` over. Always FALSE, so that a step can return it. */
gboolean deployment_finish(Deployment *d, Result result, GError *error);
/* The same where something else than a write failed: skipped by an interrupt, else failed. */
gboolean deployment_fail(Deployment *d, GError *error);
gboolean deployment_finish_interrupted(Deployment *d);
gboolean deployment_interrupted(const Deployment *d);

/* How long a write may be silent, in milliseconds: the server may be installing the plugin's
 * requirements. */
guint deployment_idle_timeout(const Deployment *d);

void deployment_observe(const Deployment *d, EventType type, int status, const char *text);
/* A note whose text calls the plugin `name`, so that nobody need put its name before it; NULL: by
 * no name. */
void deployment_note_naming(const Deployment *d, const char *name, NoteLevel level,
                            const char *format, ...) G_GNUC_PRINTF(4, 5);
#define deployment_note(d, level, ...) deployment_note_naming(d, NULL, level, __VA_ARGS__)

/* A pipe that is to be, or no longer to be, among the models that people chat with: makes it so and
 * notes what is not. */
void deployment_renew_models(Deployment *d, gboolean listed, gboolean renewed);

/* Where and as what `before`, which must be there, is put back. */
Restore deployment_restore(const Deployment *d);

/* Up to 0.11 a failed update switches a live function off. From 0.12 on it never does, and each
 * plugin has a version_id: the upgrade gives one to those that were there. */
static inline gboolean
deployment_may_be_switched_off(const Deployment *d)
{
  return d->seen.before != NULL && d->family == FAMILY_FUNCTION &&
         d->seen.before->version_id == NULL;
}

/* The name a person knows it by, as far as it is known. Owned by `d`. */
const char *deployment_label(const Deployment *d);

/* The stamp that was sent with what the server holds: its own, else, where the server loses a
 * tool's (before 0.12), the one that the local history remembers. NULL: none. Owned by the caller.
 */
Stamp *deployment_stamp(const Deployment *d);

/* Steps before the first write; each returns TRUE to go on, else the outcome is decided.
 * deploy_plan.c */
gboolean deploy_take_lock(Deployment *d);
/* Notes what the look found: takes `before` over. */
void deploy_take_before(Deployment *d, RemotePlugin *before);
/* Just before a write that comes long after the look: is there still what the look found? FALSE:
 * the outcome is decided, a conflict. */
gboolean deploy_snapshot_holds(Deployment *d);
/* Our last write as the local history knows it. */
gboolean deploy_recall(Deployment *d);
/* Servers before 0.12 keep no versions: what is replaced must be kept here, or nowhere. */
gboolean deploy_check_history(Deployment *d);
/* FALSE after an interrupt, and in a dry run. TRUE: a connection is reserved, and free at the
 * latest at the end. */
gboolean deploy_may_write(Deployment *d);

/* Check, lock, look, compare, conflicts: everything before the first write. TRUE: there is
 * something to write; else the outcome is decided. deploy_plan.c */
gboolean deploy_plan(Deployment *d);

/* Update, create, verify, restore the flags; the outcome is decided. deploy_apply.c */
void deploy_apply(Deployment *d);
/* Is the journal's row left to the next owup? What became of the write is not known, could not be
 * restored, or may yet undo that: what was lost on its way may arrive later. */
gboolean deploy_is_open(const Deployment *d);

/* Puts back what was there before deploy_apply() succeeded, unless somebody changed it
 * meanwhile: the outcome becomes reverted, or names what could not be undone. deploy_undo.c */
void deploy_undo(Deployment *d);
