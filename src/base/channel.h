/* SPDX-License-Identifier: MIT */
/* A queue between threads: any thread pushes, one thread pops.
 *
 * Where the reader is a GMainLoop it watches channel_fd(), which is readable while the queue holds
 * anything. Built on a pthread mutex and a pipe: ThreadSanitizer reports false races in GLib's
 * GAsyncQueue.
 */
#pragma once

#include <glib.h>

typedef struct Channel Channel;

/* `free_item` frees what is still queued when the channel goes; NULL for nothing. */
Channel *channel_new(GDestroyNotify free_item);
void channel_free(Channel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Channel, channel_free)

/* Gives `item` (not NULL) to the reader. */
void channel_push(Channel *channel, gpointer item);

/* Takes the oldest item, or NULL at once when there is none. */
gpointer channel_try_pop(Channel *channel);

/* Takes the oldest item, waiting for one. */
gpointer channel_pop(Channel *channel);

/* Readable (POLLIN) while the queue is not empty. Owned by the channel; never read from it. */
int channel_fd(Channel *channel);
