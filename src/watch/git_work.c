/* SPDX-License-Identifier: MIT */
#include "git_work.h"

#include "clock.h"
#include "git_checkout.h"
#include "watch_times.h"

#include <glib/gstdio.h>

char *
git_work_dir(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  return git_checkout_dir(folder, NULL);
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
