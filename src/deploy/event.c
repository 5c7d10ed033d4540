/* SPDX-License-Identifier: MIT */
#include "event.h"

Event *
event_new(EventType type, Plugin *plugin, int status, const char *text)
{
  Event *event = g_new0(Event, 1);
  event->type = type;
  event->plugin = plugin != NULL ? plugin_ref(plugin) : NULL;
  event->status = status;
  event->text = g_strdup(text);
  return event;
}

Event *
event_note(Plugin *plugin, NoteLevel level, const char *text)
{
  Event *event = event_new(EVENT_NOTE, plugin, 0, text);
  event->level = level;
  return event;
}

Event *
event_finished(Outcome *outcome)
{
  Event *event = event_new(EVENT_FINISHED, outcome->plugin, outcome->http_status, NULL);
  event->outcome = outcome;
  return event;
}

Outcome *
event_steal_outcome(Event *event)
{
  return g_steal_pointer(&event->outcome);
}

void
event_free(Event *event)
{
  if (event == NULL)
    return;
  g_clear_pointer(&event->plugin, plugin_unref);
  g_clear_pointer(&event->outcome, outcome_free);
  g_free(event->text);
  g_free(event);
}
