/* SPDX-License-Identifier: MIT */
#include "state_dir.h"

#include "error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHERS (S_IRWXG | S_IRWXO)

static gboolean
refuse(const char *path, const char *why, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, "%s %s", shown, why);
  if (error != NULL)
    owup_error_set_hint(*error,
                        _("What is kept there may be secret. Make it yours, or name another place "
                          "(--history DIR)."));
  return FALSE;
}

static gboolean
is_own(const char *path, const struct stat *st, gboolean folder, gboolean writing, GError **error)
{
  if (S_ISLNK(st->st_mode))
    return refuse(path, _("is a symbolic link, and not used"), error);
  if (folder ? !S_ISDIR(st->st_mode) : !S_ISREG(st->st_mode))
    return refuse(path, folder ? _("is no folder") : _("is no file"), error);
  if (writing && st->st_uid != geteuid())
    return refuse(path, _("belongs to another user, and is not used"), error);
  return TRUE;
}

static gboolean
is_ours(const char *name)
{
  return g_str_has_prefix(name, "history.db") || g_str_has_prefix(name, "trust") ||
         g_str_equal(name, "locks");
}

/* Somebody may have named a folder that serves other ends, too: its mode is not owup's business. */
static gboolean
holds_others(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name = NULL;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL && is_ours(name))
    ;
  return name != NULL;
}

/* A folder that nothing can be changed in needs no care: a failure is none. */
static void
close_to_others(const char *path, const struct stat *st)
{
  if ((st->st_mode & OTHERS) != 0)
    (void)g_chmod(path, (int)(st->st_mode & S_IRWXU));
}

gboolean
state_dir_make(const char *dir, GError **error)
{
  struct stat st;
  if (g_mkdir_with_parents(dir, 0700) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name(dir);
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make the folder %s: %s"), shown,
                   g_strerror(code));
    return FALSE;
  }
  if (lstat(dir, &st) != 0)
    return TRUE;
  if (!is_own(dir, &st, TRUE, TRUE, error))
    return FALSE;
  if ((st.st_mode & OTHERS) != 0 && !holds_others(dir))
    close_to_others(dir, &st);
  return TRUE;
}

/* TRUE where nothing is there. */
static gboolean
guard_file(const char *file, gboolean writing, GError **error)
{
  struct stat st;
  if (lstat(file, &st) != 0)
    return TRUE;
  if (!is_own(file, &st, FALSE, writing, error))
    return FALSE;
  if (writing)
    close_to_others(file, &st);
  return TRUE;
}

gboolean
state_dir_guard(const char *path, gboolean writing, GError **error)
{
  static const char *const behind[] = {"", "-wal", "-shm", "-journal"};
  gboolean own = TRUE;
  for (gsize i = 0; own && i < G_N_ELEMENTS(behind); i++) {
    g_autofree char *file = g_strconcat(path, behind[i], NULL);
    own = guard_file(file, writing, error);
  }
  return own;
}
