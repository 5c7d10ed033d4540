/* SPDX-License-Identifier: MIT */
#include "event_order.h"

static void
note(Event *event, gpointer data)
{
  g_string_append_printf(data, "%u%s ", event->item, event->type == EVENT_FINISHED ? "." : "");
  event_free(event);
}

/* "1" is something that plugin 1 tells, "1." its end. */
static void
check(const char *in, const char *want)
{
  g_autoptr(GString) shown = g_string_new(NULL);
  g_autoptr(EventOrder) order = event_order_new(note, shown);
  g_auto(GStrv) args = g_strsplit(in, " ", -1);
  for (char **word = args; *word != NULL; word++) {
    Event *event = event_new((*word)[1] == '.' ? EVENT_FINISHED : EVENT_NOTE, NULL, 0, NULL);
    event->item = (guint)((*word)[0] - '0');
    event_order_push(order, event);
  }
  g_assert_cmpstr(shown->str, ==, want);
}

static void
test_order(void)
{
  check("0 0. 1 1.", "0 0. 1 1. ");
  check("1 0 1. 0.", "0 0. 1 1. ");
  check("2 2. 1 0 1. 0 0.", "0 0 0. 1 1. 2 2. ");
  check("1 0 0. 1 1.", "0 0. 1 1 1. ");
  check("0. 1. 0 2", "0. 1. 0 2 ");
  check("1 1. 2", "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/event-order/order", test_order);
  return g_test_run();
}
