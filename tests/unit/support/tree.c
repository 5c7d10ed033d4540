/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <dirent.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* In memory where that can be: a history is flushed to its disk at each write, and that takes
 * longer than all the rest. Programs may not run from there. */
static char *
make_root(void)
{
  GError *error = NULL;
  char *path = g_strdup("/dev/shm/owup-test-XXXXXX");
  if (g_mkdtemp(path) != NULL)
    return path;
  g_free(path);
  path = g_dir_make_tmp("owup-test-XXXXXX", &error);
  g_assert_no_error(error);
  return path;
}

Tree *
tree_new(void)
{
  g_autofree char *made = make_root();
  Tree *tree = g_new0(Tree, 1);
  tree->before = g_get_current_dir();
  g_assert_no_errno(g_chdir(made));
  char *real = realpath(made, NULL);
  tree->root = g_strdup(real);
  free(real);
  g_setenv("HOME", tree->root, TRUE);
  g_setenv("PWD", tree->root, TRUE);
  return tree;
}

static void
remove_all(const char *path)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
      g_autofree char *inside = g_build_filename(path, name, NULL);
      remove_all(inside);
    }
  }
  g_remove(path);
}

void
tree_free(Tree *tree)
{
  g_assert_no_errno(g_chdir(tree->before));
  remove_all(tree->root);
  g_free(tree->root);
  g_free(tree->before);
  g_free(tree);
}

void
tree_mkdir(const Tree *tree, const char *path)
{
  g_autofree char *whole = g_build_filename(tree->root, path, NULL);
  g_assert_no_errno(g_mkdir_with_parents(whole, 0700));
}

void
tree_write_bytes(const Tree *tree, const char *path, const void *bytes, gsize len)
{
  g_autofree char *whole = g_build_filename(tree->root, path, NULL);
  g_autofree char *folder = g_path_get_dirname(whole);
  g_assert_no_errno(g_mkdir_with_parents(folder, 0700));
  GError *error = NULL;
  g_file_set_contents(whole, bytes, (gssize)len, &error);
  g_assert_no_error(error);
}

void
tree_write(const Tree *tree, const char *path, const char *text)
{
  tree_write_bytes(tree, path, text, strlen(text));
}

void
tree_write_plugin(const Tree *tree, const char *path, const char *class_name, const char *head)
{
  g_autofree char *text =
      g_strdup_printf("\"\"\"\n%s\"\"\"\n\n\nclass %s:\n    pass\n", head, class_name);
  tree_write(tree, path, text);
}

void
tree_enter(const Tree *tree, const char *path)
{
  g_autofree char *whole = g_build_filename(tree->root, path, NULL);
  g_assert_no_errno(g_chdir(whole));
  g_setenv("PWD", whole, TRUE);
}
