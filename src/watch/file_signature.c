/* SPDX-License-Identifier: MIT */
#include "file_signature.h"

#include "clock.h"
#include "watch_times.h"

#include <sys/stat.h>

#ifdef __APPLE__
#define MODIFIED(st) (st).st_mtimespec
#define CHANGED(st) (st).st_ctimespec
#else
#define MODIFIED(st) (st).st_mtim
#define CHANGED(st) (st).st_ctim
#endif

static gint64
microseconds(struct timespec time)
{
  return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

FileSignature
file_signature_of(const char *path)
{
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
    return (FileSignature){0};
  return (FileSignature){
      .there = TRUE,
      .device = (guint64)st.st_dev,
      .inode = (guint64)st.st_ino,
      .size = (guint64)st.st_size,
      .modified = microseconds(MODIFIED(st)),
      .changed = microseconds(CHANGED(st)),
  };
}

gboolean
file_signature_alike(const FileSignature *a, const FileSignature *b)
{
  return a->there == b->there && a->device == b->device && a->inode == b->inode &&
         a->size == b->size && a->modified == b->modified;
}

gboolean
file_signature_equal(const FileSignature *a, const FileSignature *b)
{
  return file_signature_alike(a, b) && a->changed == b->changed;
}

gboolean
file_signature_since(const FileSignature *mark, gint64 when)
{
  return mark->there && MAX(mark->modified, mark->changed) >= when - FILE_ROUNDED_US;
}

gboolean
file_signature_linked_since(const char *path, gint64 when)
{
  struct stat st;
  return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
         microseconds(CHANGED(st)) >= when - FILE_ROUNDED_US;
}

gint64
file_signature_when(const FileSignature *mark, gint64 now, gint64 reach)
{
  gint64 age = clock_of_real(clock_wall() - MAX(mark->modified, mark->changed));
  return now - CLAMP(age, 0, reach);
}
