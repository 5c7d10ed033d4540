/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is read at once where the size is not known. */
#define CHUNK (64u << 10)

static GBytes *
read_failed(const char *name, int code, GError **error)
{
  return owup_error_null(error, OWUP_ERROR_LOCAL_STATE, _("Cannot read %s: %s"), name,
                         g_strerror(code));
}

static GBytes *
too_big(const char *name, gsize limit, GError **error)
{
  g_autofree char *size = g_format_size_full(limit, G_FORMAT_SIZE_IEC_UNITS);
  return owup_error_null(error, OWUP_ERROR_TOO_BIG, _("%s is larger than %s"), name, size);
}

GBytes *
file_read_fd(int fd, const char *name, gsize limit, GError **error)
{
  struct stat st;
  gsize expected = 0;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    if ((guint64)st.st_size > limit)
      return too_big(name, limit, error);
    expected = (gsize)st.st_size;
  }
  g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)expected + 1);
  for (;;) {
    guint have = bytes->len;
    /* A file as large as it said takes one read, and one of a byte that finds its end. */
    gsize room = have <= expected ? expected - have + 1 : CHUNK;
    g_byte_array_set_size(bytes, have + (guint)room);
    gssize got = read(fd, bytes->data + have, bytes->len - have);
    int code = errno;
    g_byte_array_set_size(bytes, have + (guint)MAX(got, 0));
    if (got < 0 && code != EINTR)
      return read_failed(name, code, error);
    if (got == 0)
      return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    if (bytes->len > limit)
      return too_big(name, limit, error);
  }
}

GBytes *
file_read(const char *path, gsize limit, GError **error)
{
  /* O_NONBLOCK: opening a FIFO by mistake must not hang. */
  int fd = g_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    return read_failed(path, errno, error);
  struct stat st;
  GBytes *bytes = NULL;
  if (fstat(fd, &st) < 0)
    read_failed(path, errno, error);
  else if (S_ISDIR(st.st_mode))
    read_failed(path, EISDIR, error);
  else if (!S_ISREG(st.st_mode))
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot read %s: not a regular file"), path);
  else
    bytes = file_read_fd(fd, path, limit, error);
  close(fd);
  return bytes;
}

gboolean
file_write_fd(int fd, GBytes *content)
{
  gsize left;
  const char *at = g_bytes_get_data(content, &left);
  while (left > 0) {
    gssize written = write(fd, at, left);
    if (written < 0 && errno != EINTR)
      return FALSE;
    if (written > 0) {
      at += written;
      left -= (gsize)written;
    }
  }
  return TRUE;
}

static gboolean
keep_mode(int fd, const char *path)
{
  struct stat st;
  return lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || fchmod(fd, st.st_mode & 07777) == 0;
}

/* `mode` is a new file's, less the umask; `lasting`: what it replaces is worth a wait for the disk.
 */
static gboolean
replace(const char *path, GBytes *content, int mode, gboolean lasting, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *beside = g_build_filename(folder, ".owup-XXXXXX", NULL);
  int fd = g_mkstemp_full(beside, O_RDWR | O_CLOEXEC, mode);
  gboolean written =
      fd >= 0 && file_write_fd(fd, content) && keep_mode(fd, path) && (!lasting || fsync(fd) == 0);
  int code = errno;
  /* A network file system may tell only here that it is full. */
  if (fd >= 0 && close(fd) != 0 && written) {
    written = FALSE;
    code = errno;
  }
  if (written && g_rename(beside, path) == 0)
    return TRUE;
  if (written)
    code = errno;
  if (fd >= 0)
    g_unlink(beside);
  return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot write %s: %s"), path,
                        g_strerror(code));
}

gboolean
file_write(const char *path, GBytes *content, GError **error)
{
  return replace(path, content, 0666, TRUE, error);
}

gboolean
file_write_private(const char *path, GBytes *content, GError **error)
{
  return replace(path, content, 0600, FALSE, error);
}
