/* SPDX-License-Identifier: MIT */
/* The files that are watched: what each holds, and what was said of it. */
#pragma once

#include "debounce.h"
#include "outcome.h"
#include "plugin.h"
#include "watch.h"

typedef struct {
  GHashTable *table; /* path -> WatchedFile */
  DebounceHooks hooks;
  gpointer owner;
} WatchedFiles;

/* What becomes of a file's saves; watch.c's own. */
typedef struct {
  char *looked;     /* the id that was looked for on the server already; or NULL */
  gboolean queued;  /* it waits to be sent */
  gboolean twinned; /* it was refused for the id that another has, too */
  gboolean moved;   /* it is gone, and where to was told */
  gboolean held;    /* it waits for git, or did */
  gboolean alone;   /* while it waited, it was saved alone */
  gint64 saved_at;  /* when its last save was complete; 0: none was */
  Plugin *sent;     /* what is on its way, or NULL */
} WatchedSending;

/* `save` and `sending` are written by debounce.c and watch.c, the rest by watched_file.c. */
typedef struct {
  WatchedFiles *files;
  Debounce *save;
  WatchedSending sending;
  gboolean left_out; /* it is watched no more, until it is added again */
  Plugin *plugin;    /* as read last; NULL: never yet, or unreadable */
  char *digest;      /* SHA-256 of what a server will hold of it, where it was read here; or NULL */
  GError *error;     /* why it was unreadable; else NULL */
  GBytes *known;     /* what it held at the start, or when it was last told of; NULL: neither */
  char *settled;     /* SHA-256 of what a server was last seen to hold of it, or NULL */
  char *told;        /* the plugin that the next three are about; or NULL */
  gboolean conflict; /* one was told */
  gboolean created;  /* a create was told */
  char *live;        /* the id under which the server was seen to hold it, or NULL */
} WatchedFile;

/* Of `hooks`, which are given a WatchedFile, those up to `read` are set here. `owner` is the hooks'
 * own. */
WatchedFiles *watched_files_new(const DebounceHooks *hooks, gpointer owner);
void watched_files_free(WatchedFiles *files);

/* Watches one more file (absolute), which counts as saved long ago. `plugin` is what it held when
 * it was read after `since` (of clock_wall()), and what it holds else is a save; referenced.
 * NULL: it is read. Owned by `files`. */
WatchedFile *watched_files_add(WatchedFiles *files, const char *path, Plugin *plugin, gint64 since);
/* NULL: not watched. */
WatchedFile *watched_files_find(const WatchedFiles *files, const char *path);
void watched_files_foreach(const WatchedFiles *files,
                           void (*func)(WatchedFile *file, gpointer data), gpointer data);
/* Touches each file whose mark has changed, though nobody told. */
void watched_files_check(const WatchedFiles *files);

/* debounce_touch(), but for a file that is left out. */
void watched_file_touch(WatchedFile *file, gint64 quiet);
/* Watches it no more: nothing is told of it. */
void watched_file_leave(WatchedFile *file);
/* Takes up again what watched_file_leave() left, and reads it. */
void watched_file_rejoin(WatchedFile *file);

/* What it holds as `content` was dealt with, and is no save when it is there again; NULL: whatever
 * it holds is one. */
void watched_file_settle(WatchedFile *file, GBytes *content);
/* `plugin`, from this file, was told of: the same for each file of that plugin, since what the
 * server holds is now this. */
void watched_file_settle_plugin(WatchedFile *file, const Plugin *plugin);
/* Does it hold what was dealt with already? */
gboolean watched_file_is_settled(const WatchedFile *file);
/* `file` is what `left` was: what is known of that one holds for it. */
void watched_file_follow(WatchedFile *file, const WatchedFile *left);

/* Another watched file that is there and holds a plugin of the same id, or NULL. */
WatchedFile *watched_file_twin(const WatchedFile *file);
/* Another that held it and is not there any more, though its `gone` was not told yet, or NULL. */
WatchedFile *watched_file_left(const WatchedFile *file);

/* How a save ends that cannot be sent: the file is unreadable, or broken (and `no_check` does not
 * send it all the same), or another has the same id. NULL: it can be sent. `server` is the
 * outcome's own. */
Outcome *watched_file_invalid(const WatchedFile *file, gboolean no_check, const char *server);
/* `outcome` is told now: what need not be said again? */
WatchSaid watched_file_announce(WatchedFile *file, const Outcome *outcome);
