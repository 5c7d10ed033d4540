/* SPDX-License-Identifier: MIT */
#include "disk_turn.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <unistd.h>

/* The threads of a batch commit at the same time: who comes while the disk writes waits for the
 * next turn, and one turn serves all that wait. */
static struct {
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  gboolean busy;
  guint64 begun, done; /* turns */
} turns = {.mutex = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

/* 0, or the system's reason. */
static int
sync_path(const char *path, int flags)
{
  int fd = g_open(path, O_RDONLY | O_CLOEXEC | flags, 0);
  if (fd < 0)
    return errno == ENOENT ? 0 : errno;
  int code = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
  close(fd);
  return code;
}

/* Only the log: SQLite syncs what it folds in by itself, and opening the database file would cost
 * its locks. Its name must last, too. */
static int
sync_log(const char *database)
{
  g_autofree char *log = g_strconcat(database, "-wal", NULL);
  g_autofree char *folder = g_path_get_dirname(database);
  int code = sync_path(log, 0);
  return code != 0 ? code : sync_path(folder, O_DIRECTORY);
}

int
disk_turn_take(const char *database)
{
  int code = 0;
  pthread_mutex_lock(&turns.mutex);
  guint64 wanted = turns.begun + 1;
  while (turns.busy && turns.done < wanted)
    pthread_cond_wait(&turns.ended, &turns.mutex);
  if (turns.done < wanted) {
    guint64 turn = ++turns.begun;
    turns.busy = TRUE;
    pthread_mutex_unlock(&turns.mutex);
    code = sync_log(database);
    pthread_mutex_lock(&turns.mutex);
    turns.busy = FALSE;
    turns.done = code == 0 ? turn : turns.done;
    pthread_cond_broadcast(&turns.ended);
  }
  pthread_mutex_unlock(&turns.mutex);
  return code;
}
