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

#define SAVE_QUIET_US (50 * 1000)
#define SAVE_UNTOLD_US (200 * 1000)
#define SAVE_OPEN_US (1000 * 1000)
#define SAVE_GONE_US (1000 * 1000)
/* So much of SAVE_QUIET_US is left for reading and checking. */
#define SAVE_READ_US (30 * 1000)

typedef struct Saves Saves;

typedef struct {
  Saves *owner;
  char *path;     /* absolute */
  FileMark mark;  /* of what was read last */
  Plugin *plugin; /* as read last; NULL: never yet, or unreadable */
  char *digest;   /* SHA-256 of what a server will hold of it, where it was read here; or NULL */
  GError *error;  /* why it was unreadable; else NULL */
  gboolean gone;
  gboolean left_out; /* it is watched no more, until it is added again */
  guint timer;       /* 0: nobody changes it */
  gint64 quiet;      /* while the timer runs: how long it must be left alone */
  FileMark changing; /* while the timer runs: as seen last */
  gboolean absent;   /* while the timer runs, and in `saved`: it was not there for a while */
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
} SavesHooks;

/* `hooks` and `data` outlive it. */
Saves *saves_new(const SavesHooks *hooks, gpointer data);
void saves_free(Saves *saves);

/* Watches one more file (absolute), which counts as saved long ago. `plugin` is what it held when
 * it was read after `since` (of g_get_real_time()), and what it holds else is a save; referenced.
 * NULL: it is read. Owned by `saves`. */
WatchedFile *saves_add(Saves *saves, const char *path, Plugin *plugin, gint64 since);
/* Watches it no more: nothing is told of it. */
void saves_leave(WatchedFile *file);
/* Takes up again what saves_leave() left, and reads it. */
void saves_rejoin(WatchedFile *file);
/* NULL: not watched. */
WatchedFile *saves_find(const Saves *saves, const char *path);

/* Something happened to the file, perhaps; `quiet`: SAVE_QUIET_US, SAVE_OPEN_US, SAVE_UNTOLD_US.
 * Where only its attributes changed nothing did: then no timer runs afterwards. */
void saves_touch(WatchedFile *file, gint64 quiet);
/* For each file whose mark has changed, though nobody told. */
void saves_check(Saves *saves);
/* Has the file changed since it was read? */
gboolean saves_is_stale(const WatchedFile *file);
/* Reads it now. */
void saves_read(WatchedFile *file);

/* Another watched file that is there and holds a plugin of the same id, or NULL. */
WatchedFile *saves_find_twin(const Saves *saves, const WatchedFile *file);
/* Another that held it and is not there any more, though its `gone` was not told yet, or NULL. */
WatchedFile *saves_find_left(const Saves *saves, const WatchedFile *file);
void saves_foreach(const Saves *saves, void (*func)(WatchedFile *file, gpointer data),
                   gpointer data);
/* Does it wait to be sent, or is it being changed? */
gboolean saves_is_open(const WatchedFile *file);
/* How many do. */
guint saves_count_open(const Saves *saves);
/* Tells nothing any more. */
void saves_stop(Saves *saves);
