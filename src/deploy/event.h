/* What a deploy tells while it runs. Immutable; made in a worker, seen by the observer on the main
 * thread. */
#pragma once

#include "plugin.h"

#include <glib.h>

typedef enum {
  EVENT_STARTED,           /* the plugin was read and checked: 📦 */
  EVENT_UPDATE_FAILED,     /* update answered `status`, a create follows */
  EVENT_TOOL_401,          /* that 401 is a tool's "not there" */
  EVENT_CREATED_MEANWHILE, /* the look found nothing, the update succeeded */
  EVENT_INSTALLING,        /* the server may be installing `requirements`; `text` lists them */
  EVENT_SETTLING, /* the answer was lost; owup finds out what became of it. `text`: the reason */
  EVENT_WAITING,  /* the server stands still; polling on */
  EVENT_REQUEST,  /* a request begins; `text` says which, for the progress line */
  EVENT_TRACE,    /* -v: `text` */
} EventType;

typedef struct {
  EventType type;
  Plugin *plugin; /* a reference */
  int status;
  char *text; /* or NULL */
} Event;

Event *event_new(EventType type, Plugin *plugin, int status, const char *text);
void event_free(Event *event);
