/* SPDX-License-Identifier: MIT */
/* What is remembered as trusted, and whom it believes. */
#include "trust_store.h"

#include "error.h"
#include "support/tree.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER "https://owui.example"
#define SECRET "OPENWEBUI_API_KEY"

static void
assert_has(const char *dir, const char *project, const char *server, const char *secret,
           gboolean expected)
{
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(trust_store_has(dir, project, server, secret, &error), ==, expected);
  g_assert_no_error(error);
}

static void
test_remember(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_build_filename(tree->root, "a", "b", NULL);
  guint n = 9;
  assert_has(dir, "/p", SERVER, SECRET, FALSE);
  g_assert_true(trust_store_forget(dir, "/p", &n, &error));
  g_assert_cmpuint(n, ==, 0);
  g_assert_true(trust_store_add(dir, "/p", SERVER, SECRET, &error));
  g_assert_true(trust_store_add(dir, "/p", SERVER, SECRET, &error));
  g_assert_true(trust_store_add(dir, "/q", SERVER, SECRET, &error));
  assert_has(dir, "/p", SERVER, SECRET, TRUE);
  assert_has(dir, "/p", SERVER ":1", SECRET, FALSE);
  assert_has(dir, "/p", SERVER, "OWUI_TOKEN", FALSE);
  assert_has(dir, "/p/q", SERVER, SECRET, FALSE);
  g_assert_true(trust_store_forget(dir, "/p", &n, &error));
  g_assert_cmpuint(n, ==, 1);
  assert_has(dir, "/p", SERVER, SECRET, FALSE);
  assert_has(dir, "/q", SERVER, SECRET, TRUE);
  g_autoptr(GPtrArray) list = trust_store_list(dir, &error);
  g_assert_cmpuint(list->len, ==, 1);
}

static void
test_private(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_build_filename(tree->root, "state", NULL);
  g_autofree char *path = g_build_filename(dir, "trust.json", NULL);
  struct stat st;
  g_assert_true(trust_store_add(dir, "/p", SERVER, SECRET, &error));
  g_assert_cmpint(stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  g_chmod(path, 0620);
  g_assert_false(trust_store_has(dir, "/p", SERVER, SECRET, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_clear_error(&error);
  g_assert_false(trust_store_add(dir, "/q", SERVER, SECRET, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

/* A project that brings the folder has no say. */
static void
test_in_the_project(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *project = g_build_filename(tree->root, "p", NULL);
  g_autofree char *dir = g_build_filename(project, "state", NULL);
  g_assert_true(trust_store_add(dir, "/elsewhere", SERVER, SECRET, &error));
  g_assert_false(trust_store_add(dir, project, SERVER, SECRET, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

/* JSON holds no such name; nothing is written by halves. */
static void
test_name_of_other_bytes(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_build_filename(tree->root, "state", NULL);
  g_assert_true(trust_store_add(dir, "/p", SERVER, SECRET, &error));
  g_assert_false(trust_store_add(dir, "/\xff", SERVER, SECRET, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  assert_has(dir, "/p", SERVER, SECRET, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/trust-store/remember", test_remember);
  g_test_add_func("/trust-store/private", test_private);
  g_test_add_func("/trust-store/in-the-project", test_in_the_project);
  g_test_add_func("/trust-store/name-of-other-bytes", test_name_of_other_bytes);
  return g_test_run();
}
