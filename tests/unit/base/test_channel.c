/* SPDX-License-Identifier: MIT */
#include "channel.h"

#include <poll.h>

#define SENDERS 4
#define ITEMS 2000

static gboolean
is_readable(Channel *channel)
{
  struct pollfd fd = {channel_fd(channel), POLLIN, 0};
  return poll(&fd, 1, 0) == 1 && (fd.revents & POLLIN) != 0;
}

static void
test_order(void)
{
  g_autoptr(Channel) channel = channel_new(g_free);
  g_assert_null(channel_try_pop(channel));
  channel_push(channel, g_strdup("a"));
  channel_push(channel, g_strdup("b"));
  channel_push(channel, g_strdup("c"));
  g_autofree char *a = channel_pop(channel), *b = channel_try_pop(channel);
  g_assert_cmpstr(a, ==, "a");
  g_assert_cmpstr(b, ==, "b");
  /* "c" is freed with the channel; the leak check of the sanitizer sees to it. */
}

static void
test_descriptor(void)
{
  g_autoptr(Channel) channel = channel_new(NULL);
  int one, two;
  g_assert_false(is_readable(channel));
  for (int round = 0; round < 3; round++) {
    channel_push(channel, &one);
    g_assert_true(is_readable(channel));
    channel_push(channel, &two);
    g_assert_true(channel_pop(channel) == &one);
    g_assert_true(is_readable(channel));
    g_assert_true(channel_try_pop(channel) == &two);
    g_assert_false(is_readable(channel));
  }
}

/* More than a pipe holds, while nobody reads. */
static void
test_many_unread(void)
{
  g_autoptr(Channel) channel = channel_new(NULL);
  for (gsize i = 1; i <= 200000; i++)
    channel_push(channel, GSIZE_TO_POINTER(i));
  for (gsize i = 1; i <= 200000; i++)
    g_assert_cmpuint(GPOINTER_TO_SIZE(channel_try_pop(channel)), ==, i);
  g_assert_false(is_readable(channel));
}

typedef struct {
  Channel *channel;
  gsize sender;
} Sender;

static gpointer
send_all(gpointer data)
{
  Sender *sender = data;
  for (gsize i = 1; i <= ITEMS; i++)
    channel_push(sender->channel, GSIZE_TO_POINTER(sender->sender * 10000 + i));
  return NULL;
}

/* All items of all threads arrive, each thread's in its order. */
static void
test_threads(void)
{
  g_autoptr(Channel) channel = channel_new(NULL);
  Sender senders[SENDERS];
  GThread *threads[SENDERS];
  gsize last[SENDERS] = {0};
  for (gsize i = 0; i < SENDERS; i++) {
    senders[i] = (Sender){channel, i};
    threads[i] = g_thread_new("sender", send_all, &senders[i]);
  }
  for (gsize n = 0; n < SENDERS * ITEMS; n++) {
    gsize item = GPOINTER_TO_SIZE(channel_pop(channel));
    gsize sender = item / 10000;
    g_assert_cmpuint(sender, <, SENDERS);
    g_assert_cmpuint(item % 10000, ==, ++last[sender]);
  }
  for (gsize i = 0; i < SENDERS; i++)
    g_thread_join(threads[i]);
  g_assert_null(channel_try_pop(channel));
  g_assert_false(is_readable(channel));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/channel/order", test_order);
  g_test_add_func("/channel/descriptor", test_descriptor);
  g_test_add_func("/channel/many-unread", test_many_unread);
  g_test_add_func("/channel/threads", test_threads);
  return g_test_run();
}
