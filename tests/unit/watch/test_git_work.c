/* SPDX-License-Identifier: MIT */
#include "git_work.h"

#include "support/tree.h"

#include <glib/gstdio.h>
#include <utime.h>

static void
test_git_at_work(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "repo/.git/HEAD", "ref: refs/heads/main\n");
  tree_write(tree, "repo/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
  tree_write(tree, "linked/.git", "gitdir: ../repo/.git/worktrees/w\n");
  tree_write(tree, "strange/.git", "what is this\n");
  g_autofree char *git = g_build_filename(tree->root, "repo/.git", NULL);
  g_autofree char *own = g_build_filename(git, "worktrees/w", NULL);
  g_autofree char *file = g_build_filename(tree->root, "repo/a/b/c.py", NULL);
  g_autofree char *linked = g_build_filename(tree->root, "linked/c.py", NULL);
  g_autofree char *strange = g_build_filename(tree->root, "strange/c.py", NULL);
  g_autofree char *of_file = git_work_dir(file), *of_linked = git_work_dir(linked);
  g_assert_cmpstr(of_file, ==, git);
  g_assert_cmpstr(of_linked, ==, own);
  g_assert_null(git_work_dir(strange));
  g_assert_null(git_work_lock(git));
  g_assert_null(git_work_midway(git));
  tree_write(tree, "repo/.git/index.lock", "");
  tree_write(tree, "repo/.git/MERGE_HEAD", "0\n");
  g_autofree char *lock = git_work_lock(git), *midway = git_work_midway(git);
  g_assert_true(g_str_has_suffix(lock, "/index.lock"));
  g_assert_true(g_str_has_suffix(midway, "/MERGE_HEAD"));
  struct utimbuf old = {0, 0};
  g_assert_cmpint(g_utime("repo/.git/index.lock", &old), ==, 0);
  g_assert_null(git_work_lock(git));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/git_work/at-work", test_git_at_work);
  return g_test_run();
}
