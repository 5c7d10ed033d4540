/* SPDX-License-Identifier: MIT */
#include "trust_store.h"

#include "clock.h"
#include "error.h"
#include "file.h"
#include "json_text.h"
#include "state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "trust.json"
#define FILE_LIMIT (4u << 20)
/* Of the file: a newer owup's is not rewritten. */
#define SCHEMA 1

void
trusted_free(Trusted *trusted)
{
  g_free(trusted->project);
  g_free(trusted->destination);
  g_free(trusted->secret);
  g_free(trusted);
}

static GPtrArray *
list_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)trusted_free);
}

static void
add_row(GPtrArray *list, const char *project, const char *destination, const char *secret,
        gint64 at)
{
  Trusted *trusted = g_new0(Trusted, 1);
  trusted->project = g_strdup(project);
  trusted->destination = g_strdup(destination);
  trusted->secret = g_strdup(secret);
  trusted->at = at;
  g_ptr_array_add(list, trusted);
}

static gboolean
fail(const char *path, const char *why, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("%s: %s"), shown, why);
  return FALSE;
}

/* Nobody but this user may have written there. */
static gboolean
is_own(int fd, mode_t type)
{
  struct stat st;
  return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type && st.st_uid == geteuid() &&
         (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static gboolean
check_folder(const char *dir, GError **error)
{
  int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean own = fd >= 0 && is_own(fd, S_IFDIR);
  if (fd >= 0)
    close(fd);
  return own || fail(dir, _("others may write there, so nothing in it can be trusted"), error);
}

/* The file's text. NULL without an error where there is none. */
static GBytes *
read_text(const char *dir, const char *path, GError **error)
{
  int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return NULL;
  if (fd < 0) {
    fail(path, g_strerror(errno), error);
    return NULL;
  }
  GBytes *bytes = NULL;
  if (!is_own(fd, S_IFREG))
    fail(path, _("others may write it, so it is not trusted"), error);
  else if (check_folder(dir, error))
    bytes = file_read_fd(fd, path, FILE_LIMIT, error);
  close(fd);
  return bytes;
}

static gboolean
read_rows(const json_t *root, GPtrArray *list)
{
  json_int_t schema = 0;
  json_t *rows = NULL;
  gsize i;
  json_t *row;
  if (json_unpack((json_t *)root, "{s:I, s:o}", "schema", &schema, "trusted", &rows) != 0 ||
      schema != SCHEMA || !json_is_array(rows))
    return FALSE;
  json_array_foreach(rows, i, row)
  {
    const char *project, *destination, *secret;
    json_int_t at = 0;
    if (json_unpack(row, "{s:s, s:s, s:s, s?I}", "project", &project, "destination", &destination,
                    "secret", &secret, "at", &at) != 0)
      return FALSE;
    add_row(list, project, destination, secret, at);
  }
  return TRUE;
}

GPtrArray *
trust_store_list(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, FILE_NAME, NULL);
  g_autoptr(GPtrArray) list = list_new();
  GError *reason = NULL;
  g_autoptr(GBytes) bytes = read_text(dir, path, &reason);
  if (reason != NULL) {
    g_propagate_error(error, reason);
    return NULL;
  }
  if (bytes == NULL)
    return g_steal_pointer(&list);
  gsize len;
  const char *text = g_bytes_get_data(bytes, &len);
  json_t *root = json_loadb(text != NULL ? text : "", len, JSON_REJECT_DUPLICATES, NULL);
  gboolean understood = root != NULL && read_rows(root, list);
  json_decref(root);
  if (understood)
    return g_steal_pointer(&list);
  fail(path, _("not understood; move it away to begin anew"), error);
  return NULL;
}

/* A project that brings its own state folder must not vouch for itself. */
static gboolean
lies_in(const char *dir, const char *project)
{
  char *found = realpath(dir, NULL);
  const char *home = g_get_home_dir();
  gsize len = strlen(project);
  gboolean inside = found != NULL && strncmp(found, project, len) == 0 &&
                    (found[len] == '/' || found[len] == '\0');
  free(found);
  return inside && !g_str_equal(project, home);
}

static Trusted *
find(const GPtrArray *list, const char *project, const char *destination, const char *secret)
{
  for (guint i = 0; i < list->len; i++) {
    Trusted *one = g_ptr_array_index(list, i);
    if (g_str_equal(one->project, project) && g_str_equal(one->destination, destination) &&
        g_str_equal(one->secret, secret))
      return one;
  }
  return NULL;
}

gboolean
trust_store_has(const char *dir, const char *project, const char *destination, const char *secret,
                GError **error)
{
  if (lies_in(dir, project))
    return FALSE;
  g_autoptr(GPtrArray) list = trust_store_list(dir, error);
  return list != NULL && find(list, project, destination, secret) != NULL;
}

static gboolean
write_list(const char *dir, const GPtrArray *list, GError **error)
{
  json_auto_t *root = json_pack("{s:i, s:[]}", "schema", SCHEMA, "trusted");
  json_t *rows = json_object_get(root, "trusted");
  for (guint i = 0; i < list->len; i++) {
    const Trusted *one = g_ptr_array_index(list, i);
    json_t *row = json_pack("{s:s, s:s, s:s, s:I}", "project", one->project, "destination",
                            one->destination, "secret", one->secret, "at", (json_int_t)one->at);
    if (row == NULL)
      return fail(one->project, _("its name is no UTF-8 and cannot be remembered"), error);
    json_array_append_new(rows, row);
  }
  g_autofree char *path = g_build_filename(dir, FILE_NAME, NULL);
  g_autofree char *text = json_text(root, JSON_INDENT(2));
  g_autofree char *lines = g_strconcat(text, "\n", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new(lines, strlen(lines));
  return file_write_private(path, bytes, error);
}

gboolean
trust_store_add(const char *dir, const char *project, const char *destination, const char *secret,
                GError **error)
{
  if (!state_dir_make(dir, error) || !check_folder(dir, error))
    return FALSE;
  if (lies_in(dir, project))
    return fail(dir, _("lies in the project itself, so nothing in it can be trusted"), error);
  g_autoptr(GPtrArray) list = trust_store_list(dir, error);
  if (list == NULL || find(list, project, destination, secret) != NULL)
    return list != NULL;
  add_row(list, project, destination, secret, clock_wall_seconds());
  return write_list(dir, list, error);
}

gboolean
trust_store_forget(const char *dir, const char *project, guint *n, GError **error)
{
  g_autoptr(GPtrArray) list = trust_store_list(dir, error);
  *n = 0;
  if (list == NULL)
    return FALSE;
  for (guint i = list->len; i > 0; i--) {
    const Trusted *one = g_ptr_array_index(list, i - 1);
    if (!g_str_equal(one->project, project))
      continue;
    g_ptr_array_remove_index(list, i - 1);
    ++*n;
  }
  return *n == 0 || write_list(dir, list, error);
}
