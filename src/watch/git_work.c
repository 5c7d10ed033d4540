/* SPDX-License-Identifier: MIT */
#include "git_work.h"

#include "clock.h"
#include "watch_times.h"

#include <glib/gstdio.h>
#include <string.h>

#define POINTER "gitdir:"
/* A path; a file that holds more is none of git's. */
#define POINTER_LIMIT 8192

/* Of a linked work tree or a submodule, .git is a file that names the directory. */
static char *
follow_pointer(const char *file, const char *folder)
{
  g_autofree char *text = NULL;
  gsize size = 0;
  GStatBuf st;
  if (g_stat(file, &st) != 0 || st.st_size > POINTER_LIMIT ||
      !g_file_get_contents(file, &text, &size, NULL) || !g_str_has_prefix(text, POINTER))
    return NULL;
  return g_canonicalize_filename(g_strstrip(text + strlen(POINTER)), folder);
}

char *
git_work_dir(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  for (;;) {
    g_autofree char *git = g_build_filename(folder, ".git", NULL);
    if (g_file_test(git, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&git);
    if (g_file_test(git, G_FILE_TEST_EXISTS))
      return follow_pointer(git, folder);
    char *above = g_path_get_dirname(folder);
    gboolean top = strcmp(above, folder) == 0;
    g_free(folder);
    folder = above;
    if (top)
      return NULL;
  }
}

char *
git_work_lock(const char *dir)
{
  g_autofree char *lock = g_build_filename(dir, "index.lock", NULL);
  GStatBuf st;
  if (g_stat(lock, &st) != 0 ||
      (gint64)st.st_mtime * G_USEC_PER_SEC < clock_wall() - GIT_LOCK_LEFT_US)
    return NULL;
  return g_steal_pointer(&lock);
}

char *
git_work_midway(const char *dir)
{
  static const char *const names[] = {"rebase-merge", "rebase-apply", "MERGE_HEAD",
                                      "CHERRY_PICK_HEAD", "REVERT_HEAD"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(dir, names[i], NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
  return NULL;
}
