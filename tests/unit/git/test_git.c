/* SPDX-License-Identifier: MIT */
/* What is read of a checkout without git; tests/e2e/test_deploy_two_people.py asks git itself. */
#include "git_blob.h"
#include "git_checkout.h"
#include "git_known.h"
#include "git_tree.h"
#include "source_commit.h"

#include "support/tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define LONG "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
/* git hash-object of nothing, in a repository of each kind. */
#define NOTHING "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
#define NOTHING_SHA256 "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"

/* A git that notes what it was asked and says `answer`. */
static void
give_git(const Tree *tree, const char *answer)
{
  g_autofree char *program =
      g_strdup_printf("#!/bin/sh\necho \"$@\" >>%s/asked\n%s\n", tree->root, answer);
  tree_write(tree, "bin/git", program);
  g_autofree char *path = g_build_filename(tree->root, "bin", "git", NULL);
  g_autofree char *bin = g_path_get_dirname(path);
  g_chmod(path, 0700);
  g_setenv("PATH", bin, TRUE);
}

static void
heads(const char *file, const char *wanted)
{
  g_autofree char *commit = source_commit(file);
  g_assert_cmpstr(commit, ==, wanted);
}

static void
test_checkout(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_unsetenv("CI");
  tree_write(tree, "top/a/p.py", "");
  g_assert_null(git_checkout_find("top/a/p.py"));
  g_assert_null(git_checkout_find("-"));
  g_assert_null(git_checkout_find(NULL));
  tree_write(tree, "top/.git/HEAD", "ref: refs/heads/main\n");
  heads("top/a/p.py", NULL);
  tree_write(tree, "top/.git/packed-refs", "# pack-refs\n" A " refs/heads/main\n");
  heads("top/a/p.py", A);
  tree_write(tree, "top/.git/refs/heads/main", B "\n");
  heads("top/a/p.py", B);
  heads("top/a/missing.py", NULL);
  tree_write(tree, "top/.git/HEAD", LONG "\n");
  g_autoptr(GitCheckout) checkout = git_checkout_find("top/a/p.py");
  g_assert_cmpstr(checkout->path, ==, "a/p.py");
  g_assert_cmpstr(checkout->name, ==, "p.py");
  g_assert_true(git_checkout_is_sha256(checkout));
  g_assert_false(checkout->shallow || checkout->partial);
  tree_write(tree, "top/.git/HEAD", "ref: ../../secret\n");
  heads("top/a/p.py", NULL);
}

static void
test_worktree(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "main/.git/refs/heads/work", A "\n");
  tree_write(tree, "main/.git/shallow", A "\n");
  tree_write(tree, "main/.git/config", "[remote \"origin\"]\n\tpromisor = true\n");
  tree_write(tree, "main/.git/worktrees/w/HEAD", "ref: refs/heads/work\n");
  tree_write(tree, "main/.git/worktrees/w/commondir", "../..\n");
  tree_write(tree, "w/.git", "gitdir: ../main/.git/worktrees/w\n");
  tree_write(tree, "w/p.py", "");
  g_assert_cmpint(symlink("w/p.py", "link.py"), ==, 0);
  g_autoptr(GitCheckout) checkout = git_checkout_find("link.py");
  g_assert_cmpstr(checkout->head, ==, A);
  g_assert_true(checkout->shallow && checkout->partial);
}

static void
test_hash(void)
{
  g_autofree char *sha1 = git_blob_hash("", 0, FALSE);
  g_autofree char *sha256 = git_blob_hash("", 0, TRUE);
  g_assert_cmpstr(sha1, ==, NOTHING);
  g_assert_cmpstr(sha256, ==, NOTHING_SHA256);
}

static void
blobs(const char *file, const char *text, const char *wanted)
{
  GitBudget budget = {0};
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  g_autofree char *blob = git_blob_of_file(&budget, file, bytes);
  g_assert_cmpstr(blob, ==, wanted);
}

/* git is asked only where the text may not be stored as it is. */
static void
test_conversion(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autofree char *asked = g_build_filename(tree->root, "asked", NULL);
  give_git(tree,
           "case \"$*\" in *check-attr*) echo p.py: filter: unspecified;; *) echo " A ";; esac");
  tree_write(tree, "top/.git/HEAD", B "\n");
  tree_write(tree, "top/a/p.py", "");
  blobs(NULL, "", NOTHING);
  blobs("-", "", NOTHING);
  blobs("top/a/p.py", "", NOTHING);
  tree_write(tree, "top/.gitattributes", "*.py text eol=lf\n");
  blobs("top/a/p.py", "", NOTHING);
  g_assert_false(g_file_test(asked, G_FILE_TEST_EXISTS));
  blobs("top/a/p.py", "a\r\n", A);
  tree_write(tree, "top/.gitattributes", "*.py ident\n");
  blobs("top/a/p.py", "", A);
  give_git(tree, "echo p.py: filter: lfs");
  blobs("top/a/p.py", "", NULL);
  give_git(tree, "exit 1");
  blobs("top/a/p.py", "", NULL);
}

static GitKnown
known(const char *blob)
{
  GitBudget budget = {0};
  g_autoptr(GBytes) text = g_bytes_new_static("", 0);
  return git_known(&budget, "p.py", blob, text);
}

static void
test_known(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "p.py", "");
  g_assert_cmpint(known(A), ==, GIT_KNOWN_NOT);
  tree_write(tree, ".git/HEAD", B "\n");
  give_git(tree, "case \"$*\" in *" A "*) echo :000000 100644 0 " A " A p.py;; esac");
  g_assert_cmpint(known(A), ==, GIT_KNOWN_HISTORY);
  g_assert_cmpint(known(B), ==, GIT_KNOWN_NOT);
  /* An id of another kind of repository says nothing here; the text's own is asked for. */
  g_assert_cmpint(known(LONG), ==, GIT_KNOWN_NOT);
  give_git(tree, "case \"$*\" in *cat-file*) echo blob;; esac");
  g_assert_cmpint(known(A), ==, GIT_KNOWN_ELSEWHERE);
  tree_write(tree, ".git/shallow", B "\n");
  g_assert_cmpint(known(A), ==, GIT_KNOWN_NOT);
  give_git(tree, "exit 128");
  g_assert_cmpint(known(A), ==, GIT_KNOWN_NOT);
  g_setenv("PATH", "/nonexistent", TRUE);
  g_assert_cmpint(known(A), ==, GIT_KNOWN_NOT);
}

static GitTreeState
state_of(const char *file, const char *blob)
{
  GitBudget budget = {0};
  return git_tree_state(&budget, file, blob);
}

/* One question for all files of a commit. */
static void
test_tree(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "a/p.py", "");
  tree_write(tree, "new.py", "");
  g_assert_cmpint(state_of("a/p.py", A), ==, GIT_TREE_UNKNOWN);
  tree_write(tree, ".git/HEAD", B "\n");
  give_git(tree, "printf '%b\\0' '100644 blob " A "\\ta/p.py' '100644 blob " B "\\tb.py'");
  g_assert_cmpint(state_of("a/p.py", A), ==, GIT_TREE_CLEAN);
  g_assert_cmpint(state_of("a/p.py", B), ==, GIT_TREE_DIRTY);
  g_assert_cmpint(state_of("new.py", A), ==, GIT_TREE_DIRTY);
  g_assert_cmpint(state_of("a/p.py", NULL), ==, GIT_TREE_UNKNOWN);
  g_autofree char *asked = NULL;
  g_autofree char *path = g_build_filename(tree->root, "asked", NULL);
  g_assert_true(g_file_get_contents(path, &asked, NULL, NULL));
  g_assert_cmpint(strchr(asked, '\n') - asked, ==, (int)strlen(asked) - 1);
  tree_write(tree, ".git/HEAD", A "\n");
  give_git(tree, "exit 1");
  g_assert_cmpint(state_of("a/p.py", A), ==, GIT_TREE_UNKNOWN);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/git/checkout", test_checkout);
  g_test_add_func("/git/worktree", test_worktree);
  g_test_add_func("/git/hash", test_hash);
  g_test_add_func("/git/conversion", test_conversion);
  g_test_add_func("/git/known", test_known);
  g_test_add_func("/git/tree", test_tree);
  return g_test_run();
}
