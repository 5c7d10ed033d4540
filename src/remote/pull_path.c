/* SPDX-License-Identifier: MIT */
#include "pull_path.h"

#include "error.h"
#include "plugin_id.h"
#include "terminal_text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A file's name has 255 bytes on every usual file system; ".server.py" and what an unfinished file
 * is called must fit as well. */
#define ID_BYTES_MAX 200
/* Characters of a bad id in a message. */
#define SHOWN_MAX 60

/* Names that Windows has taken, with any suffix: a checkout there would fail. */
static const char *const devices[] = {
    "con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", NULL};

gboolean
pull_id_check(const char *id, GError **error)
{
  const char *why = NULL;
  if (!plugin_id_valid(id))
    why = _("it is no identifier in lower case");
  else if (g_strv_contains(devices, id))
    why = _("it is a device's name on some systems");
  else if (strlen(id) > ID_BYTES_MAX)
    why = _("it is too long");
  if (why == NULL)
    return TRUE;
  g_autofree char *safe = terminal_text_safe(id, FALSE);
  g_autofree char *shown = g_utf8_substring(safe, 0, MIN(g_utf8_strlen(safe, -1), SHOWN_MAX));
  return owup_error_set(
      error, OWUP_ERROR_ID_INVALID,
      _("The server's id '%s' cannot be a file's name: %s. Nothing was written for it."), shown,
      why);
}

char *
pull_path_new(const char *root, Kind kind, const char *id, GError **error)
{
  if (!pull_id_check(id, error))
    return NULL;
  g_autofree char *name = g_strconcat(id, ".py", NULL);
  return g_build_filename(root, "plugins", kind_folder(kind), id, name, NULL);
}

char *
pull_path_beside(const char *file, gboolean base)
{
  gsize len = g_str_has_suffix(file, ".py") ? strlen(file) - strlen(".py") : strlen(file);
  g_autofree char *stem = g_strndup(file, len);
  return g_strconcat(stem, base ? ".base" : "", ".server.py", NULL);
}

char *
pull_path_kept(const char *file)
{
  char *path = g_strconcat(file, ".orig", NULL);
  for (guint n = 2; g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK); n++) {
    g_free(path);
    path = g_strdup_printf("%s.orig%u", file, n);
  }
  return path;
}

char *
pull_path_valves(const char *file, const char *id)
{
  g_autofree char *folder = g_path_get_dirname(file);
  g_autofree char *name = g_strconcat(id, ".valves.json", NULL);
  return g_build_filename(folder, name, NULL);
}

/* All links followed; NULL where it does not exist. */
static char *
real_path(const char *path)
{
  char *real = realpath(path, NULL);
  char *copy = g_strdup(real);
  free(real);
  return copy;
}

static gboolean
is_below(const char *path, const char *folder)
{
  gsize len = strlen(folder);
  if (strcmp(folder, G_DIR_SEPARATOR_S) == 0)
    return TRUE;
  return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == G_DIR_SEPARATOR);
}

/* The deepest folder above `path` that exists, or a link there that leads nowhere. */
static char *
existing_above(const char *path)
{
  char *at = g_path_get_dirname(path);
  while (!g_file_test(at, G_FILE_TEST_EXISTS) && !g_file_test(at, G_FILE_TEST_IS_SYMLINK)) {
    char *above = g_path_get_dirname(at);
    g_free(at);
    at = above;
  }
  return at;
}

static gboolean
fail_outside(const char *path, const char *root, GError **error)
{
  return owup_error_set(error, OWUP_ERROR_LOCAL_STATE,
                        _("%s is a symbolic link that leads out of %s; it is not followed"), path,
                        root);
}

/* Do the folders above `file` stay below `root`? */
static gboolean
check_folders(const char *root, const char *file, GError **error)
{
  g_autofree char *above = existing_above(file);
  g_autofree char *real = real_path(above);
  g_autofree char *real_root = real_path(root);
  /* Without a root there is nothing below it that could lead out. */
  if (real_root == NULL || (real != NULL && is_below(real, real_root)))
    return TRUE;
  return fail_outside(above, root, error);
}

static gboolean
make_folders(const char *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(file);
  if (g_mkdir_with_parents(folder, 0777) == 0)
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make the folder %s: %s"), folder,
                        g_strerror(errno));
}

/* A link of the user's own is followed within the project, not beyond. */
static char *
follow_link(const char *root, const char *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(file);
  g_autofree char *real = real_path(file);
  g_autofree char *real_root = real_path(root);
  g_autofree char *real_folder = real_path(folder);
  if (real != NULL && ((real_root != NULL && is_below(real, real_root)) ||
                       (real_folder != NULL && is_below(real, real_folder))))
    return g_steal_pointer(&real);
  fail_outside(file, root, error);
  return NULL;
}

char *
pull_path_resolve(const char *root, const char *file, gboolean make, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename(file, NULL);
  if (is_below(absolute, root) && !check_folders(root, absolute, error))
    return NULL;
  if (make && !make_folders(absolute, error))
    return NULL;
  if (g_file_test(absolute, G_FILE_TEST_IS_SYMLINK))
    return follow_link(root, absolute, error);
  return g_steal_pointer(&absolute);
}
