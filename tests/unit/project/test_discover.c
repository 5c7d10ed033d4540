/* SPDX-License-Identifier: MIT */
#include "discover.h"

#include "error.h"
#include "support/tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The paths found, joined by spaces; " [T]" and " [L]" after templates and localized copies. */
static char *
list(GPtrArray *found)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < found->len; i++) {
    const Found *one = g_ptr_array_index(found, i);
    g_assert_cmpstr(one->path, ==, one->plugin->file);
    g_string_append_printf(text, "%s%s%s%s", i > 0 ? " " : "", one->path,
                           one->template ? "[T]" : "", one->localized ? "[L]" : "");
  }
  return g_string_free(text, FALSE);
}

static void
finds(const char *dir, const char *const *excludes, const char *want)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) found = discover_plugins(dir, excludes, &error);
  g_assert_no_error(error);
  g_autofree char *got = list(found);
  g_assert_cmpstr(got, ==, want);
}

static void
test_what_is_left_out(void)
{
  g_autoptr(Tree) tree = tree_new();
  static const char *const paths[] = {
      "b.py",         "a/deep/er/c.py", ".hidden.py",          ".git/d.py",
      ".venv/e.py",   "env/lib/f.py",   "node_modules/x/g.py", "tests/h.py",
      "a/tests/i.py", "test_j.py",      "k.server.py",         "__pycache__/l.py",
      "m.txt",        "n.py.bak",       "mytest_o.py",         "latest/p.py"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
    tree_write_plugin(tree, paths[i], "Filter", "");
  tree_write(tree, "env/pyvenv.cfg", "");
  tree_write(tree, "plain.py", "import os\n");
  tree_write(tree, "words.py", "# Filter, Pipe\nx = 'class Filter:'\n");
  tree_write(tree, "empty.py", "");
  finds(".", NULL, "a/deep/er/c.py b.py latest/p.py mytest_o.py");
  finds("a", NULL, "a/deep/er/c.py");
  finds("tests", NULL, "tests/h.py");
}

static void
test_broken_files_are_found(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "broken.py", "x = (1\n\nclass Filter:\n    pass\n");
  tree_write(tree, "latin.py", "# caf\xE9\nclass Pipe:\n    pass\n");
  tree_write(tree, "other.py", "x = (1  # Filter\n");
  finds(".", NULL, "broken.py latin.py");
}

/* A server would take each of these modules for a plugin. */
static void
test_helpers(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "events.py", "from enum import Enum\n\n\nclass Event(Enum):\n    A = 1\n");
  tree_write(tree, "log.py", "from logging import Filter\n");
  tree_write(tree, "said.py", "\"\"\"\ntitle: T\n\"\"\"\nfrom my_package import Pipe\n");
  tree_write(tree, "hidden.py", "\"\"\"\ntitle: Filter\n\"\"\"\nfrom my_package import *\n");
  tree_write(tree, "stars.py", "from my_package import *  # Filter\n");
  tree_write(tree, "shown.py", "class Pipe:\n    def pipe(self, body):\n        return ''\n");
  tree_write(tree, "toolbox.py", "class Tools:\n    def f(self):\n        return 1\n");
  finds(".", NULL, "hidden.py said.py shown.py toolbox.py");
}

/* A slip in the class's name must not make a plugin disappear; other texts have a title, too. */
static void
test_slips(void)
{
  static const char header[] = "\"\"\"\ntitle: T\nversion: 1.0.0\n\"\"\"\n\n\n";
  static const char title[] = "\"\"\"\ntitle: T\n\"\"\"\n\n\n";
  static const struct {
    const char *file, *header, *text;
  } files[] = {
      {"fliter.py", header, "class Fliter:\n    def inlet(self, body):\n        return body\n"},
      {"lower.py", title, "class filter:\n    x = 1\n"},
      {"method.py", title, "class My:\n    async def pipe(self, body):\n        return ''\n"},
      {"none.py", header, "x = 1\n"},
      {"broken.py", header, "x = (1\n"},
      {"gbk.py", "\"\"\"\ntitle: \xD2\xEC\nversion: 1\n\"\"\"\n", "class Fliter:\n    x = 1\n"},
      {"star.py", header, "from my_package import *\n"},
      {"helper.py", title, "class Helper:\n    def help(self):\n        pass\n"},
      {"stub.py", title, "class Helper:\n    pass\n"},
      {"script.py", "\"\"\"\ntitle: T\ndescription: d\nlicense: MIT\n\"\"\"\n", "x = 1\n"},
      {"late.py", "\"\"\"T\ntitle: T\nversion: 1\n\"\"\"\n", "x = 1\n"},
      {"nothing.py", "", "def title(x: 'title: x'):\n    return x\n"},
      {"bare.py", "", "class Fliter:\n    def inlet(self, body):\n        return body\n"},
  };
  g_autoptr(Tree) tree = tree_new();
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *text = g_strconcat(files[i].header, files[i].text, NULL);
    tree_write(tree, files[i].file, text);
  }
  finds(".", NULL, "broken.py fliter.py gbk.py lower.py method.py none.py star.py");
}

static void
test_marks(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "ACTION_PLUGIN_TEMPLATE.py", "Action", "");
  tree_write_plugin(tree, "ACTION_PLUGIN_TEMPLATE_CN.py", "Action", "");
  tree_write_plugin(tree, "draft.py", "Pipe", "title: [Name]\n");
  tree_write_plugin(tree, "my_template.py", "Pipe", "title: A [b]\n");
  tree_write_plugin(tree, "x.py", "Pipe", "");
  tree_write_plugin(tree, "x_cn.py", "Pipe", "");
  tree_write_plugin(tree, "x_zh.py", "Pipe", "");
  tree_write_plugin(tree, "x_de.py", "Pipe", "");
  tree_write_plugin(tree, "y_cn.py", "Pipe", "");
  tree_write_plugin(tree, "sub/x_cn.py", "Pipe", "");
  finds(".", NULL,
        "ACTION_PLUGIN_TEMPLATE.py[T] ACTION_PLUGIN_TEMPLATE_CN.py[T][L] draft.py[T] "
        "my_template.py sub/x_cn.py x.py x_cn.py[L] x_de.py x_zh.py[L] y_cn.py");
}

static void
test_ignore_files(void)
{
  g_autoptr(Tree) tree = tree_new();
  static const char *const paths[] = {"a.py",       "b.py",     "drafts/c.py",
                                      "sub/a.py",   "sub/d.py", "sub/e/f.py",
                                      "sub/e/g.py", "old/h.py", "old/i.py"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
    tree_write_plugin(tree, paths[i], "Tools", "");
  tree_mkdir(tree, ".git");
  tree_write(tree, ".owupignore", "# mine\n/a.py\ndrafts/\n[gh].py\n");
  tree_write(tree, "sub/.owupignore", "d.py\n!g.py\n");
  finds(".", NULL, "b.py old/i.py sub/a.py sub/e/f.py sub/e/g.py");
  /* The rules of the project hold from within it too; a folder that is named is taken. */
  finds("old", NULL, "old/i.py");
  finds("sub/e", NULL, "sub/e/f.py sub/e/g.py");
  finds("drafts", NULL, "drafts/c.py");
  tree_enter(tree, "old");
  finds(".", NULL, "i.py");
}

static void
test_excludes(void)
{
  g_autoptr(Tree) tree = tree_new();
  static const char *const paths[] = {"a.py", "a_cn.py", "sub/a.py", "sub/b/c.py"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
    tree_write_plugin(tree, paths[i], "Event", "");
  finds(".", (const char *const[]){"*_cn.py", NULL}, "a.py sub/a.py sub/b/c.py");
  finds(".", (const char *const[]){"sub/", NULL}, "a.py a_cn.py[L]");
  finds(".", (const char *const[]){"sub/*.py", "/a*", NULL}, "sub/b/c.py");
  finds("sub", (const char *const[]){"b", NULL}, "sub/a.py");
  tree_write(tree, ".owupignore", "!a_cn.py\n");
  finds(".", (const char *const[]){"*_cn.py", NULL}, "a.py sub/a.py sub/b/c.py");
}

static void
test_links(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "a/real.py", "Pipe", "");
  g_assert_no_errno(symlink("real.py", "a/link.py"));
  g_assert_no_errno(symlink("nowhere.py", "a/dead.py"));
  g_assert_no_errno(symlink(".", "a/loop"));
  g_assert_no_errno(symlink("a", "b"));
  tree_write_plugin(tree, "outside/far.py", "Pipe", "");
  g_assert_no_errno(symlink("../outside/far.py", "a/far.py"));
  finds("a", NULL, "a/far.py a/real.py");
  finds("b", NULL, "b/far.py b/real.py");
  finds(".", NULL, "a/real.py outside/far.py");
}

static void
test_outside(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "p/a.py", "Pipe", "");
  tree_mkdir(tree, "elsewhere");
  tree_enter(tree, "elsewhere");
  g_autofree char *want = g_build_filename(tree->root, "p/a.py", NULL);
  finds("../p", NULL, want);
}

static void
test_errors(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "a.py", "Pipe", "");
  g_autoptr(GError) error = NULL;
  g_assert_null(discover_plugins("none", NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "none"));
  g_clear_error(&error);
  g_assert_null(discover_plugins("a.py", NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_clear_error(&error);
  tree_mkdir(tree, ".owupignore");
  g_assert_null(discover_plugins(".", NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, ".owupignore"));
}

/* The messages, joined by "; ". */
static char *
list_unread(const GPtrArray *unread)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < unread->len; i++) {
    const Unread *one = g_ptr_array_index(unread, i);
    g_assert_true(g_path_is_absolute(one->path));
    g_string_append_printf(text, "%s%s%s", i > 0 ? "; " : "", one->is_folder ? "[D] " : "",
                           one->error->message);
  }
  return g_string_free(text, FALSE);
}

static void
leaves_unread(const char *want_found, const char *want_unread)
{
  g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_free);
  g_autoptr(GPtrArray) found = discover_readable(".", NULL, unread, NULL);
  g_autofree char *got = list(found);
  g_autofree char *left = list_unread(unread);
  g_assert_cmpstr(got, ==, want_found);
  g_assert_cmpstr(left, ==, want_unread);
}

static void
test_too_big(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "a.py", "Pipe", "");
  tree_write(tree, "big.py", "");
  tree_write(tree, "big.txt", "");
  tree_write(tree, "tests/big.py", "");
  for (const char *const *at = (const char *const[]){"big.py", "big.txt", "tests/big.py", NULL};
       *at != NULL; at++)
    g_assert_cmpint(truncate(*at, (off_t)PLUGIN_SIZE_LIMIT + 1), ==, 0);
  leaves_unread("a.py", "big.py is larger than 64 MB; no plugin is");
  finds(".", NULL, "a.py");
}

/* What is no file is no plugin, however it is called. */
static void
test_no_files(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "a.py", "Pipe", "");
  tree_mkdir(tree, "folder.py");
  g_assert_cmpint(symlink("nothing", "dangling.py"), ==, 0);
  g_assert_cmpint(symlink("loop.py", "loop.py"), ==, 0);
  g_assert_cmpint(mkfifo("fifo.py", 0600), ==, 0);
  leaves_unread("a.py", "");
}

/* Modes mean nothing to root. */
static void
test_no_permission(void)
{
  g_autoptr(Tree) tree = tree_new();
  uid_t user = geteuid();
  tree_write_plugin(tree, "a.py", "Pipe", "");
  tree_write_plugin(tree, "closed.py", "Pipe", "");
  tree_write_plugin(tree, "closed/b.py", "Pipe", "");
  tree_write_plugin(tree, "ignored/c.py", "Pipe", "");
  tree_write(tree, ".owupignore", "/ignored\n");
  g_assert_no_errno(g_chmod(tree->root, 0755));
  for (const char *const *at = (const char *const[]){"closed.py", "closed", "ignored", NULL};
       *at != NULL; at++)
    g_assert_no_errno(g_chmod(*at, 0));
  if (user == 0)
    g_assert_no_errno(seteuid(65534));
  leaves_unread("a.py", "[D] Cannot read closed: Permission denied; "
                        "Cannot read closed.py: Permission denied");
  g_assert_no_errno(seteuid(user));
  g_assert_no_errno(g_chmod("closed", 0700));
  g_assert_no_errno(g_chmod("ignored", 0700));
}

static void
test_folder(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "a.py", "Pipe", "");
  tree_write_plugin(tree, "test_a.py", "Pipe", "");
  tree_write_plugin(tree, "sub/b.py", "Pipe", "");
  g_autoptr(GPtrArray) found = discover_folder(".", NULL);
  g_autofree char *got = list(found);
  g_assert_cmpstr(got, ==, "a.py");
  g_assert_null(discover_folder("none", NULL));
}

static void
root_is(const Tree *tree, const char *dir, const char *want)
{
  g_autofree char *root = discover_root(dir);
  g_autofree char *whole =
      *want != '\0' ? g_build_filename(tree->root, want, NULL) : g_strdup(tree->root);
  g_assert_cmpstr(root, ==, whole);
}

static void
test_root(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_mkdir(tree, "p/q/r/s");
  root_is(tree, "p/q/r/s", "p/q/r/s");
  tree_mkdir(tree, "p/q/plugins");
  root_is(tree, "p/q/r/s", "p/q");
  tree_write(tree, "p/.git", "gitdir: elsewhere\n");
  root_is(tree, "p/q/r/s", "p");
  tree_write(tree, "p/q/r/owup.yaml", "");
  root_is(tree, "p/q/r/s", "p/q/r");
  root_is(tree, "p/q", "p");
  root_is(tree, "p/q/../q/r/s/.", "p/q/r");
  tree_write(tree, "f/plugins", "a file\n");
  root_is(tree, "f", "f");
}

/* The user's home may be a project, what is above it never. */
static void
test_root_stops_at_home(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_mkdir(tree, "home/user/work");
  tree_mkdir(tree, ".git");
  root_is(tree, "home/user/work", "");
  g_autofree char *home = g_build_filename(tree->root, "home/user", NULL);
  g_setenv("HOME", home, TRUE);
  root_is(tree, "home/user/work", "home/user/work");
  tree_mkdir(tree, "home/user/plugins");
  root_is(tree, "home/user/work", "home/user");
  root_is(tree, "home", "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/discover/what-is-left-out", test_what_is_left_out);
  g_test_add_func("/discover/too-big", test_too_big);
  g_test_add_func("/discover/no-files", test_no_files);
  g_test_add_func("/discover/no-permission", test_no_permission);
  g_test_add_func("/discover/broken-files-are-found", test_broken_files_are_found);
  g_test_add_func("/discover/helpers", test_helpers);
  g_test_add_func("/discover/slips", test_slips);
  g_test_add_func("/discover/marks", test_marks);
  g_test_add_func("/discover/ignore-files", test_ignore_files);
  g_test_add_func("/discover/excludes", test_excludes);
  g_test_add_func("/discover/links", test_links);
  g_test_add_func("/discover/outside", test_outside);
  g_test_add_func("/discover/errors", test_errors);
  g_test_add_func("/discover/folder", test_folder);
  g_test_add_func("/discover/root", test_root);
  g_test_add_func("/discover/root-stops-at-home", test_root_stops_at_home);
  return g_test_run();
}
