/* SPDX-License-Identifier: MIT */
/* One owup at a time for one plugin on one server: a lock file (flock) below the history's folder,
 * held from look to verify. The kernel frees it when its process dies. It holds between threads,
 * too, so nobody may take the same one twice. */
#pragma once

#include "cancel.h"
#include "kind.h"

#include <glib.h>

typedef struct PluginLock PluginLock;

/* Makes `dir` where it is missing. Waits up to `wait_ms` for the lock; `waiting` (may be NULL) is
 * called once when it has to wait. NULL with OWUP_ERROR_LOCAL_STATE (another owup is at work on it;
 * or the folder cannot be written) or OWUP_ERROR_INTERRUPTED. */
PluginLock *plugin_lock_take(const char *dir, const char *server, Family family, const char *id,
                             guint wait_ms, Cancel *cancel, void (*waiting)(gpointer data),
                             gpointer data, GError **error);
/* Without waiting; NULL also where it is held. */
PluginLock *plugin_lock_try(const char *dir, const char *server, Family family, const char *id);
void plugin_lock_free(PluginLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PluginLock, plugin_lock_free)
