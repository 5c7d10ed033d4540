/* SPDX-License-Identifier: MIT */
/* What a deploy tells while it runs. Immutable; made in a worker, seen by the observer on the main
 * thread. */
#pragma once

#include "note_level.h"
#include "outcome.h"
#include "plugin.h"

#include <glib.h>

typedef enum {
  EVENT_STARTED,       /* the plugin was read: its first line; `text`: what that says where it is no
                          deploy's */
  EVENT_REQUEST,       /* a request begins; `text` says which, for the progress line */
  EVENT_UPDATE_FAILED, /* the update of a missing plugin answered `status`, a create follows */
  EVENT_CREATED_MEANWHILE, /* the look found nothing, yet the update succeeded: somebody else
                              created it */
  EVENT_INSTALLING, /* the server may be installing the plugin's requirements, listed in `text` */
  EVENT_SETTLING,   /* the answer was lost (`text`: how); owup finds out what became of the write */
  EVENT_NOTE,       /* something worth a line: `text`, with its `level` */
  EVENT_TRACE,      /* -v: an exchange, as `text` */
  EVENT_PREPARED,   /* --atomic: it waits until all are */
  EVENT_HELD,       /* --atomic: the server holds it; its outcome comes when all have theirs */
  EVENT_FINISHED,   /* `outcome` */
} EventType;

typedef struct {
  EventType type;
  guint item;     /* the plugin's place on the command line, from 0 */
  Plugin *plugin; /* a reference, or NULL */
  int status;
  gboolean looks_denied; /* EVENT_UPDATE_FAILED only: `status` elsewhere speaks of the key */
  NoteLevel level;       /* EVENT_NOTE only */
  gboolean names_plugin; /* EVENT_NOTE only: `text` names the plugin by itself */
  char *text;            /* or NULL */
  Outcome *outcome;      /* EVENT_FINISHED only */
} Event;

/* Takes a reference to `plugin` and a copy of `text`; both may be NULL. */
Event *event_new(EventType type, Plugin *plugin, int status, const char *text);
/* EVENT_NOTE, about `plugin` or, with NULL, about none. */
Event *event_note(Plugin *plugin, NoteLevel level, const char *text);
/* EVENT_FINISHED; takes `outcome` over. */
Event *event_finished(Outcome *outcome);
/* Gives the outcome away; the event no longer has it. */
Outcome *event_steal_outcome(Event *event);
void event_free(Event *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)
