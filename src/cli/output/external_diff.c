/* SPDX-License-Identifier: MIT */
#include "external_diff.h"

#include "error.h"
#include "file.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

/* What a shell says of a command that it cannot start. */
#define NOT_EXECUTABLE 126
#define NOT_FOUND 127

const char *
external_diff_command(void)
{
  const char *command = g_getenv("OWUP_DIFF");
  return command != NULL && *command != '\0' ? command : NULL;
}

/* `side` is the name of a folder below `dir`, so that a program that shows names tells which is
 * which. */
static char *
write_side(const char *dir, const char *side, const Comparison *comparison, GBytes *text,
           GError **error)
{
  g_autofree char *folder = g_build_filename(dir, side, NULL);
  g_autofree char *name = g_path_get_basename(comparison->local->file);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (g_mkdir(folder, 0700) != 0)
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make the folder %s"), folder);
  else if (file_write(path, text, error))
    return g_steal_pointer(&path);
  return NULL;
}

static void
remove_side(const char *dir, const char *side, const Comparison *comparison)
{
  g_autofree char *folder = g_build_filename(dir, side, NULL);
  g_autofree char *name = g_path_get_basename(comparison->local->file);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_unlink(path);
  g_rmdir(folder);
}

static gboolean
run_tool(const char *command, const char *there, const char *here, GError **error)
{
  g_autofree char *script = g_strconcat(command, " \"$@\"", NULL);
  const char *argv[] = {"/bin/sh", "-c", script, "OWUP_DIFF", there, here, NULL};
  g_autoptr(GError) failed = NULL;
  int status = 0;
  gboolean started = g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL,
                                  NULL, NULL, NULL, &status, &failed);
  int exit = started && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  if (started && exit != NOT_FOUND && exit != NOT_EXECUTABLE)
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_SETTINGS, _("OWUP_DIFF cannot be run: %s"), command);
}

gboolean
external_diff_run(const char *command, const Comparison *comparison, GError **error)
{
  const Plugin *local = comparison->local;
  gboolean as_is = g_bytes_equal(local->content, local->stored) && strcmp(local->file, "-") != 0;
  g_autofree char *here = as_is ? g_strdup(local->file) : NULL;
  g_autofree char *dir = g_dir_make_tmp("owup-diff-XXXXXX", NULL);
  if (dir == NULL)
    return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make a folder in %s"),
                          g_get_tmp_dir());
  g_autofree char *there =
      write_side(dir, "server", comparison, comparison->remote->content, error);
  if (there != NULL && here == NULL)
    here = write_side(dir, "here", comparison, local->stored, error);
  gboolean done = there != NULL && here != NULL && run_tool(command, there, here, error);
  remove_side(dir, "server", comparison);
  remove_side(dir, "here", comparison);
  g_rmdir(dir);
  return done;
}
