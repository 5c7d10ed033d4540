/* SPDX-License-Identifier: MIT */
/* Events of plugins that are deployed side by side, put into the order of the command line: what
 * one plugin tells comes together, and after all of those before it. */
#pragma once

#include "event.h"

typedef struct EventOrder EventOrder;

/* `show` takes the event over. */
EventOrder *event_order_new(void (*show)(Event *event, gpointer data), gpointer data);
void event_order_free(EventOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventOrder, event_order_free)

/* Takes `event` over: shows it now where it is its plugin's turn, else once those before it have
 * finished. */
void event_order_push(EventOrder *order, Event *event);
