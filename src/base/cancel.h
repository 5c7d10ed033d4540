/* SPDX-License-Identifier: MIT */
/* The interrupted flag, with two levels and a way to wake whoever waits.
 *
 * First Ctrl-C (CANCEL_GENTLY): reads that prepare a write stop, a running write ends and is
 * verified, no other is started. Second (CANCEL_NOW): everything stops. A Cancel is shared between
 * threads and outlives them; the thread that takes the signals raises, workers look and wait. Built
 * on pthreads: ThreadSanitizer reports false races in GLib's futex-based mutex.
 */
#pragma once

#include <glib.h>

typedef enum { CANCEL_NONE, CANCEL_GENTLY, CANCEL_NOW } CancelLevel;

typedef struct Cancel Cancel;

Cancel *cancel_new(void);
void cancel_free(Cancel *cancel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cancel, cancel_free)

/* Raises the level by one, at most to CANCEL_NOW, and calls every registered wake function. Any
 * thread. */
CancelLevel cancel_raise(Cancel *cancel);

/* The level now. Any thread; NULL is never cancelled. */
CancelLevel cancel_level(Cancel *cancel);

/* `wake` is called from the raising thread at each raise, until the handle is removed. It must only
 * poke (curl_multi_wakeup, a byte into a pipe), never block. After cancel_remove_wake() it no
 * longer runs. Returns a handle > 0. With NULL as `cancel`, does nothing and returns 0. */
typedef void (*CancelWake)(gpointer data);
guint cancel_add_wake(Cancel *cancel, CancelWake wake, gpointer data);
void cancel_remove_wake(Cancel *cancel, guint handle);

/* Waits `ms` milliseconds, less if the level reaches `until` meanwhile. TRUE when the whole time
 * passed. */
gboolean cancel_wait(Cancel *cancel, guint ms, CancelLevel until);
