/* SPDX-License-Identifier: MIT */
/* What owup sent to servers, replaced on them and deleted from them: the local memory that makes
 * every version come back, since servers before 0.12 keep none. One SQLite database,
 * DIR/history.db, content-addressed, 0600, DIR 0700. The newest part of it may stand in
 * DIR/history.db-wal: whoever copies one copies both.
 *
 * It never holds the truth about a server: it only knows what owup saw. Open one History a thread;
 * several processes may write at once, and kill -9 loses at most the statement under way. journal.h
 * and plugin_lock.h are the other two parts of this room.
 */
#pragma once

#include "remote_plugin.h"

#include <glib.h>

typedef struct History History;

/* `dir` NULL or "": $OWUP_HISTORY, else $XDG_STATE_HOME/owup, else ~/.local/state/owup. Absolute;
 * in the file system's encoding, which need not be UTF-8. Owned by the caller. */
char *history_default_dir(const char *dir);

/* Opens, creating folder and database. OWUP_ERROR_LOCAL_STATE with what to do: not writable, disk
 * full, corrupt (the file is left as it is and named), written by a newer owup. */
History *history_open(const char *dir, GError **error);
/* The same for reading only: no folder or file is made; where there is none the history is empty.
 */
History *history_open_readonly(const char *dir, GError **error);
void history_free(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)
/* Owned by `history`. */
const char *history_dir(const History *history);

/* The numbers are stored. */
typedef enum {
  HISTORY_SENT,        /* a deploy of ours that was verified */
  HISTORY_REPLACED,    /* what the server held before a write of ours */
  HISTORY_DELETED,     /* what the server held before a delete of ours */
  HISTORY_ROLLED_BACK, /* a rollback of ours that was verified; also sent */
  HISTORY_PULLED,      /* what the server held when it was taken into the local file */
} HistoryAction;

/* "sent", "replaced", "deleted", "rolled back", "pulled". Static. */
const char *history_action_name(HistoryAction action);

/* One version of one plugin on one server. All strings owned; NULL where unknown. */
typedef struct {
  gint64 row;   /* rises with time; 0 before it was added */
  char *server; /* normalised URL */
  Family family;
  char *id;
  HistoryAction action;
  gint64 at;    /* seconds since 1970 */
  char *digest; /* SHA-256 of the content as the server held it, hexadecimal */
  char
      *sent_digest; /* SHA-256 of the bytes as sent (before import rewriting), NULL where unknown */
  char *name;       /* title on the server */
  char *meta;       /* JSON text of meta */
  char *version;    /* manifest version */
  char *message;    /* -m */
  char *from;       /* git commit or the like */
  char *file;       /* that was sent, absolute, links resolved; never leaves this machine */
  char *version_id; /* the server's (0.12 on) */
  char *valves;     /* JSON text; only with HISTORY_DELETED */
  gboolean is_active, is_global;
  gboolean only_copy; /* for history_add(): nobody else will have the content soon. Not kept */
} HistoryEntry;

HistoryEntry *history_entry_new(const char *server, Family family, const char *id,
                                HistoryAction action);
/* What a server holds, as `remote` tells it; digest, time and the rest are left open. `meta` is
 * what is kept as its meta: remote->meta, or what is better known; NULL: none. */
HistoryEntry *history_entry_of(const char *server, const RemotePlugin *remote, const json_t *meta,
                               HistoryAction action);
void history_entry_free(HistoryEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryEntry, history_entry_free)

/* Keeps `content` (the text as the server holds it) and the entry, in one transaction, then prunes
 * that plugin: what is beyond both `history_set_limits()`, but never our last write or pull. Sets
 * entry->row, and entry->digest and entry->at where they are not set; a digest that is set must be
 * the content's. What looks like an API key in `message` and `from` is masked. A HISTORY_REPLACED
 * entry is not added where the newest one already tells the same (digest, name, meta, version_id),
 * whether it was sent, replaced, pulled or rolled back to; entry->row is then that one's. Where it
 * is the only copy, and new here, it is on the disk when this returns. */
gboolean history_add(History *history, HistoryEntry *entry, GBytes *content, GError **error);

/* Whichever keeps more, each from 1 to HISTORY_MAX; at first HISTORY_VERSIONS and HISTORY_DAYS
 * (history_times.h). Entries in a row with one content are one. */
#define HISTORY_VERSIONS 200
#define HISTORY_MAX 1000000
void history_set_limits(History *history, guint versions, guint days);

/* All of a plugin, newest first, of HistoryEntry. NULL after an error. */
GPtrArray *history_list(History *history, const char *server, Family family, const char *id,
                        GError **error);
/* Every plugin that is known on a server, or was: the newest entry of each, of HistoryEntry. NULL
 * after an error. */
GPtrArray *history_plugins(History *history, const char *server, GError **error);
/* All of every plugin on every server, newest first, of HistoryEntry. NULL after an error. */
GPtrArray *history_all(History *history, GError **error);
/* Our last verified write (sent or rolled back). NULL without an error: none is known. */
HistoryEntry *history_last_write(History *history, const char *server, Family family,
                                 const char *id, GError **error);
/* The same on whatever server. */
HistoryEntry *history_last_anywhere(History *history, Family family, const char *id,
                                    GError **error);
/* The file of our last deploy of a file. NULL without an error: none is known. Owned by the caller.
 */
char *history_last_file(History *history, const char *server, Family family, const char *id,
                        GError **error);
/* history_last_write() or a pull, whichever is newer: when the local file and the server were last
 * the same. */
HistoryEntry *history_last_agreed(History *history, const char *server, Family family,
                                  const char *id, GError **error);
/* The newest entry of the plugin on another server than `server` that tells of the write with this
 * id (Stamp.write) and the content `digest`: the state that it left has been seen under that URL,
 * too. NULL without an error: none. */
HistoryEntry *history_find_write(History *history, const char *server, Family family,
                                 const char *id, const char *write, const char *digest,
                                 GError **error);
/* The `row` of the newest entry of all; 0: none, or it cannot be read. */
gint64 history_newest(History *history);
/* The content of a digest, checked against it. NULL with OWUP_ERROR_NOT_FOUND, or LOCAL_STATE where
 * it is damaged. */
GBytes *history_content(History *history, const char *digest, GError **error);
/* Forgets a plugin on one server (every server with NULL) and what only it used, and gives the
 * space back: this rewrites the database. `*removed` (may be NULL) counts versions. */
gboolean history_purge(History *history, const char *server, Family family, const char *id,
                       guint *removed, GError **error);
