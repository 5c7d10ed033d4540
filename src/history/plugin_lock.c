/* SPDX-License-Identifier: MIT */
#include "plugin_lock.h"

#include "clock.h"
#include "error.h"
#include "history_times.h"
#include "state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

struct PluginLock {
  int fd;
};

/* DIR/locks/DIGEST: an id may be "../x" or longer than a file's name may be. */
static char *
lock_path(const char *dir, const char *server, Family family, const char *id)
{
  g_autofree char *what = g_strjoin("\n", server, family_path(family), id, NULL);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, what, -1);
  return g_build_filename(dir, "locks", digest, NULL);
}

/* The descriptor of the lock's file, which stays for good: without unlinking there is never a
 * second file of that name. */
static int
open_lock(const char *path, GError **error)
{
  int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == ENOENT) {
    g_autofree char *folder = g_path_get_dirname(path);
    if (!state_dir_make(folder, error))
      return -1;
    fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
  if (fd < 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name(path);
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot open the lock %s: %s"), shown,
                   g_strerror(code));
  }
  return fd;
}

/* TRUE with `*held` where somebody else has it; FALSE with `error` where there is no locking. */
static gboolean
try_lock(int fd, const char *path, gboolean *held, GError **error)
{
  int result;
  do
    result = flock(fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  *held = result != 0 && errno == EWOULDBLOCK;
  if (result == 0 || *held)
    return TRUE;
  int code = errno;
  g_autofree char *shown = g_filename_display_name(path);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot lock %s: %s"), shown, g_strerror(code));
  return FALSE;
}

static void
set_stored(const char *server, const char *id, GError **error)
{
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Another owup is at work on '%s' on %s"), id,
                 server);
  if (error != NULL)
    owup_error_set_hint(*error, _("Try again when it has ended."));
}

/* Until `until` or a Ctrl-C. TRUE with the lock taken, or `*held`. */
static gboolean
wait_for_lock(int fd, const char *path, ClockDeadline until, Cancel *cancel, gboolean *held,
              GError **error)
{
  guint pause = PLUGIN_LOCK_FIRST_PAUSE_MS;
  while (*held) {
    gint64 left = clock_left(until);
    if (left == 0)
      return TRUE;
    if (!cancel_wait(cancel, (guint)MIN(pause, left), CANCEL_GENTLY)) {
      owup_error_set(error, OWUP_ERROR_INTERRUPTED, _("Interrupted"));
      return FALSE;
    }
    pause = MIN(pause * 2, PLUGIN_LOCK_LONGEST_PAUSE_MS);
    if (!try_lock(fd, path, held, error))
      return FALSE;
  }
  return TRUE;
}

static PluginLock *
lock_new(int fd)
{
  PluginLock *lock = g_new0(PluginLock, 1);
  lock->fd = fd;
  return lock;
}

PluginLock *
plugin_lock_take(const char *dir, const char *server, Family family, const char *id, guint wait_ms,
                 Cancel *cancel, void (*waiting)(gpointer data), gpointer data, GError **error)
{
  ClockDeadline until = clock_deadline(wait_ms);
  g_autofree char *path = lock_path(dir, server, family, id);
  int fd = open_lock(path, error);
  if (fd < 0)
    return NULL;
  gboolean held = FALSE;
  gboolean ok = try_lock(fd, path, &held, error);
  if (ok && held && wait_ms > 0) {
    if (waiting != NULL)
      waiting(data);
    ok = wait_for_lock(fd, path, until, cancel, &held, error);
  }
  if (ok && !held)
    return lock_new(fd);
  if (ok)
    set_stored(server, id, error);
  close(fd);
  return NULL;
}

PluginLock *
plugin_lock_try(const char *dir, const char *server, Family family, const char *id)
{
  return plugin_lock_take(dir, server, family, id, 0, NULL, NULL, NULL, NULL);
}

void
plugin_lock_free(PluginLock *lock)
{
  if (lock == NULL)
    return;
  close(lock->fd);
  g_free(lock);
}
