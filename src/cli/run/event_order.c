/* SPDX-License-Identifier: MIT */
#include "event_order.h"

struct EventOrder {
  void (*show)(Event *event, gpointer data);
  gpointer data;
  guint turn;     /* the plugin whose events are shown at once */
  GQueue waiting; /* of Event, as they came */
};

EventOrder *
event_order_new(void (*show)(Event *event, gpointer data), gpointer data)
{
  EventOrder *order = g_new0(EventOrder, 1);
  order->show = show;
  order->data = data;
  g_queue_init(&order->waiting);
  return order;
}

void
event_order_free(EventOrder *order)
{
  if (order == NULL)
    return;
  g_queue_clear_full(&order->waiting, (GDestroyNotify)event_free);
  g_free(order);
}

/* TRUE: the next plugin's turn has come. */
static gboolean
show_event(EventOrder *order, Event *event)
{
  gboolean ends = event->type == EVENT_FINISHED && event->item == order->turn;
  order->show(event, order->data);
  order->turn += ends ? 1 : 0;
  return ends;
}

/* Shows what waited for this turn; TRUE where that ended it. */
static gboolean
show_waiting(EventOrder *order)
{
  GList *next;
  for (GList *at = order->waiting.head; at != NULL; at = next) {
    Event *event = at->data;
    next = at->next;
    if (event->item > order->turn)
      continue;
    g_queue_delete_link(&order->waiting, at);
    if (show_event(order, event))
      return TRUE;
  }
  return FALSE;
}

void
event_order_push(EventOrder *order, Event *event)
{
  if (event->item > order->turn) {
    g_queue_push_tail(&order->waiting, event);
    return;
  }
  gboolean ended = show_event(order, event);
  while (ended)
    ended = show_waiting(order);
}
