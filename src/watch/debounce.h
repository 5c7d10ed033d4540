/* Watched files: when one is being changed, and when a save is complete.
 *
 * A save is complete once the file was left alone for SAVE_QUIET_US. On a busy machine an editor
 * can lose the processor between emptying a file and writing it, so a file that is known to be open
 * for writing, or is empty, is left alone for SAVE_OPEN_US, and one of which no monitor told for
 * SAVE_UNTOLD_US. It is read and checked a bit earlier, so that nothing but sending is left to do
 * then. A file that is gone is gone only after SAVE_GONE_US: some editors delete and write anew.
 */
#pragma once

#include "file_signature.h"
#include "plugin.h"
#include "watch_times.h"

typedef struct Debounce Debounce;

typedef struct {
  Debounce *owner;
  char *path;         /* absolute */
  FileSignature mark; /* of what was read last */
  Plugin *plugin;     /* as read last; NULL: never yet, or unreadable */
  char *digest;  /* SHA-256 of what a server will hold of it, where it was read here; or NULL */
  GError *error; /* why it was unreadable; else NULL */
  gboolean gone;
  gboolean left_out;      /* it is watched no more, until it is added again */
  guint timer;            /* 0: nobody changes it */
  gint64 quiet;           /* while the timer runs: how long it must be left alone */
  FileSignature changing; /* while the timer runs: as seen last */
  gboolean absent;        /* while the timer runs, and in `saved`: it was not there for a while */
  gint64 changed_at; /* while the timer runs: when it was changed last, SAVE_QUIET_US ago at most */
  gint64
      written_at;   /* the same by the file's own times, however long ago; 0: not since the start */
  char *looked;     /* for the owner of the Saves: what was looked for on the server already */
  gboolean queued;  /* the same: it waits to be sent */
  gboolean twinned; /* the same: it was refused for the id that another has, too */
  gboolean moved;   /* the same: it is gone, and where to was told */
  char *settled;    /* the same: SHA-256 of what a server was last seen to hold of it, or NULL */
  char *told;       /* the same: the plugin that the next three are about */
  gboolean conflict; /* the same: one was told */
  gboolean created;  /* the same: a create was told */
  char *live;        /* the same: the id under which the server was seen to hold it, or NULL */
} WatchedFile;

typedef struct {
  /* It is being changed; called again once the new content was read. */
  void (*changing)(WatchedFile *file, gpointer data);
  /* It was saved: `plugin` or `error` is what it holds. */
  void (*saved)(WatchedFile *file, gpointer data);
  void (*gone)(WatchedFile *file, gpointer data);
} DebounceHooks;

/* `hooks` and `data` outlive it. */
Debounce *debounce_new(const DebounceHooks *hooks, gpointer data);
void debounce_free(Debounce *debounce);

/* Watches one more file (absolute), which counts as saved long ago. `plugin` is what it held when
 * it was read after `since` (of clock_wall()), and what it holds else is a save; referenced.
 * NULL: it is read. Owned by `saves`. */
WatchedFile *debounce_add(Debounce *debounce, const char *path, Plugin *plugin, gint64 since);
/* Watches it no more: nothing is told of it. */
void debounce_leave(WatchedFile *file);
/* Takes up again what debounce_leave() left, and reads it. */
void debounce_rejoin(WatchedFile *file);
/* NULL: not watched. */
WatchedFile *debounce_find(const Debounce *debounce, const char *path);

/* Something happened to the file, perhaps; `quiet`: SAVE_QUIET_US, SAVE_OPEN_US, SAVE_UNTOLD_US.
 * Where only its attributes changed nothing did: then no timer runs afterwards. */
void debounce_touch(WatchedFile *file, gint64 quiet);
/* For each file whose mark has changed, though nobody told. */
void debounce_check(Debounce *debounce);
/* Has the file changed since it was read? */
gboolean debounce_is_stale(const WatchedFile *file);
/* Reads it now. */
void debounce_read(WatchedFile *file);

/* Another watched file that is there and holds a plugin of the same id, or NULL. */
WatchedFile *debounce_find_twin(const Debounce *debounce, const WatchedFile *file);
/* Another that held it and is not there any more, though its `gone` was not told yet, or NULL. */
WatchedFile *debounce_find_left(const Debounce *debounce, const WatchedFile *file);
void debounce_foreach(const Debounce *debounce, void (*func)(WatchedFile *file, gpointer data),
                      gpointer data);
/* Does it wait to be sent, or is it being changed? */
gboolean debounce_is_open(const WatchedFile *file);
/* How many do. */
guint debounce_count_open(const Debounce *debounce);
/* Tells nothing any more. */
void debounce_stop(Debounce *debounce);
