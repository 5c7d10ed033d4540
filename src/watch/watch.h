/* SPDX-License-Identifier: MIT */
/* Save to deploy, again and again.
 *
 * The main thread runs a GMainLoop and owns everything but the server: the monitors of the folders
 * (an editor that renames over a file is seen by its folder only), a quiet timer for each file,
 * what waits to be sent, and --run's command. A worker thread owns the server session and the
 * history and takes jobs from a channel; a job never changes once it is there.
 *
 *   watch_new()                      main: nothing is watched yet
 *   watch_add(), watch_project()     main: what is watched
 *   watch_work()                     the worker, until watch_stop()
 *   watch_start()                    main: what counts as saved at the start is sent
 *   watch_finished()                 main: each outcome that the worker told with EVENT_FINISHED
 *   watch_stop()                     main, after Ctrl-C
 *   watch_free()                     main, once the worker has ended
 *
 * 50 ms without a change are a save, measured from the file's own time of change, so that late
 * events do not count. Within them the server is looked at and the file is read and checked. At
 * most one deploy is under way; a file that is saved meanwhile waits, and what is sent in the end
 * is what it holds then. While the server can't be reached everything waits, and is tried again
 * after half a second, one, two … at most ten, and at once after a save. A broken file needs no
 * server and is told at once.
 *
 * What is there again with the bytes that were dealt with last (a folder that came back, a file
 * that was renamed) is no save. While git is at work nothing is sent (git_hold.h).
 *
 * Besides the events, each watched file's mark is read once a second: for what no monitor tells
 * (network and shared folders, another system's monitors that see names and not contents, a queue
 * of events that ran over).
 */
#pragma once

#include "deploy.h"

typedef struct Watch Watch;

typedef enum {
  WATCH_APPEARED, /* a new plugin file: it is sent, too, unless it is older than the watch */
  WATCH_MOVED,    /* the same, and it is the plugin of `other`, which is gone */
  WATCH_DELETED,  /* the file is gone; the server keeps its plugin */
  WATCH_GIT,      /* it waits, and perhaps others, until git has ended what `other` shows */
  WATCH_LEFT_OUT, /* a new rule in .owupignore names it: its saves are not sent any more */
} WatchNoticeType;

typedef struct {
  WatchNoticeType type;
  const Plugin *plugin;
  const char
      *other; /* WATCH_DELETED: a file that holds the same plugin, or NULL; WATCH_GIT: git's file */
  const char *live; /* WATCH_DELETED: the id under which this run has seen it on the server, where
                       no other file has that plugin; or NULL */
} WatchNotice;

typedef enum {
  WATCH_FIRST_CREATE = 1 << 0, /* new on the server, and this run has not said so before */
  WATCH_REPEATED = 1 << 1,     /* a conflict that lasts: a person was told already */
} WatchSaid;

/* On the main thread. */
typedef struct {
  /* A save was dealt with. */
  void (*saved)(const Outcome *outcome, WatchSaid said, gpointer data);
  /* The server can't be reached; `label` and what is saved from now on wait. Once an outage. */
  void (*waiting)(const char *label, const GError *error, gpointer data);
  void (*noticed)(const WatchNotice *notice, gpointer data);
  /* A folder that cannot be watched, a command that failed. */
  void (*trouble)(const GError *error, gpointer data);
} WatchHooks;

typedef struct {
  const char *run;     /* --run: for sh -c, after each success; NULL: none */
  gboolean run_to_err; /* its standard output goes to standard error (--json) */
  gboolean no_check;   /* as in DeployOptions */
  gint64 since;        /* clock_wall() before the plugins were read: what changed later is a save */
} WatchOptions;

/* Which new files below a folder are taken in, too. */
typedef struct {
  const char *folder;
  const char *const *excludes; /* as for discover_plugins() */
  gboolean localized;
  gboolean has_type;
  Kind type;
} WatchScope;

typedef struct {
  guint saves;     /* dealt with */
  guint updated;   /* created ones, too */
  guint unchanged; /* the server held it already */
  guint failed;
  guint unsent; /* saved, and not sent when the watch ended */
} WatchCounts;

/* All of them, `data` too, outlive the watch. */
Watch *watch_new(const WatchOptions *options, const WatchHooks *hooks, gpointer data);
void watch_free(Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watch, watch_free)

/* Watches the plugin's file; `send`: what it holds now counts as a save. FALSE with
 * OWUP_ERROR_LOCAL_STATE where its folder cannot be watched. */
gboolean watch_add(Watch *watch, Plugin *plugin, gboolean send, GError **error);

/* Takes in every plugin that appears below a folder from now on. Once, after watch_add() of those
 * that are there. FALSE with OWUP_ERROR_LOCAL_STATE. `scope` outlives the watch. */
gboolean watch_project(Watch *watch, const WatchScope *scope, GError **error);

/* From now on what is wrong is told, with `server` as the outcomes' own, and saves are sent. */
void watch_start(Watch *watch, const char *server);

/* In the worker: does the jobs until watch_stop(). */
void watch_work(Watch *watch, const DeployContext *context);

/* Takes `outcome` over. */
void watch_finished(Watch *watch, Outcome *outcome);

/* Nothing is started any more; watch_work() returns when what runs has ended. */
void watch_stop(Watch *watch);
/* Is a deploy under way? */
gboolean watch_is_busy(const Watch *watch);
/* What a deploy tells while it runs. */
void watch_see(Watch *watch, const Event *event);
/* Is it beyond its look, so that something may be written? */
gboolean watch_is_writing(const Watch *watch);

WatchCounts watch_counts(const Watch *watch);
