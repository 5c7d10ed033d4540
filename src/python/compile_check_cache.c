/* SPDX-License-Identifier: MIT */
#include "compile_check_cache.h"
#include "file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES_LIMIT 400
#define ENTRIES_AFTER_CLEANING 300
#define ENTRY_LIMIT 16384

/* Raised when the script or the form of its answers changes. */
#define GENERATION "1"

static gboolean
is_script(const char *path)
{
  char head[2] = "#!";
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return TRUE;
  gboolean readable = read(fd, head, sizeof head) == sizeof head;
  close(fd);
  return !readable || memcmp(head, "#!", 2) == 0;
}

char *
compile_check_cache_key(const char *python, GBytes *text)
{
  GStatBuf status;
  char *real = realpath(python, NULL);
  if (real == NULL)
    return NULL;
  char *key = NULL;
  if (g_stat(real, &status) == 0 && !is_script(real)) {
    g_autofree char *identity =
        g_strdup_printf("%s\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n", GENERATION, real,
                        (gint64)status.st_size, (gint64)status.st_mtime);
    gsize len;
    const guchar *data = g_bytes_get_data(text, &len);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)identity, (gssize)strlen(identity));
    g_checksum_update(checksum, data, (gssize)len);
    key = g_strdup(g_checksum_get_string(checksum));
  }
  free(real);
  return key;
}

static char *
folder(void)
{
  return g_build_filename(g_get_user_cache_dir(), "owup", "pycheck", NULL);
}

char *
compile_check_cache_load(const char *key)
{
  g_autofree char *dir = folder();
  g_autofree char *path = g_build_filename(dir, key, NULL);
  g_autoptr(GBytes) bytes = file_read(path, ENTRY_LIMIT, NULL);
  if (bytes == NULL)
    return NULL;
  gsize len;
  const char *data = g_bytes_get_data(bytes, &len);
  return g_strndup(data, len);
}

typedef struct {
  char *path;
  gint64 time;
} Entry;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->path);
  g_free(entry);
}

static int
compare_age(gconstpointer a, gconstpointer b)
{
  gint64 x = (*(Entry *const *)a)->time, y = (*(Entry *const *)b)->time;
  return (x > y) - (x < y);
}

/* Deletes the oldest entries where there are too many. */
static void
clean(const char *dir)
{
  GDir *listing = g_dir_open(dir, 0, NULL);
  if (listing == NULL)
    return;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
  const char *name;
  while ((name = g_dir_read_name(listing)) != NULL) {
    Entry *entry = g_new0(Entry, 1);
    entry->path = g_build_filename(dir, name, NULL);
    g_ptr_array_add(entries, entry);
  }
  g_dir_close(listing);
  if (entries->len <= ENTRIES_LIMIT)
    return;
  for (guint i = 0; i < entries->len; i++) {
    Entry *entry = entries->pdata[i];
    GStatBuf status;
    entry->time = g_lstat(entry->path, &status) == 0 ? (gint64)status.st_mtime : 0;
  }
  g_ptr_array_sort(entries, compare_age);
  for (guint i = 0; i < entries->len - ENTRIES_AFTER_CLEANING; i++)
    g_unlink(((Entry *)entries->pdata[i])->path);
}

void
compile_check_cache_store(const char *key, const char *answer)
{
  g_autofree char *dir = folder();
  if (g_mkdir_with_parents(dir, 0700) != 0)
    return;
  clean(dir);
  g_autofree char *path = g_build_filename(dir, key, NULL);
  g_autoptr(GBytes) content = g_bytes_new_static(answer, strlen(answer));
  file_write_private(path, content, NULL);
}
