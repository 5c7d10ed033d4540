#include "file_signature.h"

#include <sys/stat.h>

#ifdef __APPLE__
#define MODIFIED(st) (st).st_mtimespec
#define CHANGED(st) (st).st_ctimespec
#else
#define MODIFIED(st) (st).st_mtim
#define CHANGED(st) (st).st_ctim
#endif

#define ROUNDED_US (2 * G_USEC_PER_SEC)

static gint64
microseconds(struct timespec time)
{
  return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

FileMark
file_mark_of(const char *path)
{
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
    return (FileMark){0};
  return (FileMark){
      .there = TRUE,
      .device = (guint64)st.st_dev,
      .inode = (guint64)st.st_ino,
      .size = (guint64)st.st_size,
      .modified = microseconds(MODIFIED(st)),
      .changed = microseconds(CHANGED(st)),
  };
}

gboolean
file_mark_alike(const FileMark *a, const FileMark *b)
{
  return a->there == b->there && a->device == b->device && a->inode == b->inode &&
         a->size == b->size && a->modified == b->modified;
}

gboolean
file_mark_equal(const FileMark *a, const FileMark *b)
{
  return file_mark_alike(a, b) && a->changed == b->changed;
}

gboolean
file_mark_since(const FileMark *mark, gint64 when)
{
  return mark->there && MAX(mark->modified, mark->changed) >= when - ROUNDED_US;
}

gint64
file_mark_when(const FileMark *mark, gint64 now, gint64 reach)
{
  gint64 age = g_get_real_time() - MAX(mark->modified, mark->changed);
  return now - CLAMP(age, 0, reach);
}
