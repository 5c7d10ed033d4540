/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include "command_table.h"
#include "support/tree.h"

#include <glib/gstdio.h>
#include <string.h>

/* What bash offers for the last of `words`, one a line. `owup` is a script that knows three
 * plugins, one of them of somebody who means harm. */
static char *
bash_offers(const char *args)
{
  g_autofree char *script = completion_bash(command_table);
  g_autofree char *program =
      g_strconcat(script,
                  "\nCOMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n"
                  "_owup \"$OWUP\" \"${COMP_WORDS[COMP_CWORD]}\" x 2>&1\n"
                  "((${#COMPREPLY[@]})) && printf '%s\\n' \"${COMPREPLY[@]}\"\nexit 0\n",
                  NULL);
  g_auto(GStrv) split = g_strsplit(args, " ", -1);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  const char *const head[] = {"bash", "--norc", "-c", program, "bash"};
  for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
    g_ptr_array_add(argv, (gpointer)head[i]);
  for (char **word = split; *word != NULL; word++)
    g_ptr_array_add(argv, *word);
  g_ptr_array_add(argv, NULL);
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  int status = -1;
  g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
               &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, 0);
  return out;
}

static Tree *
make_tree(void)
{
  Tree *tree = tree_new();
  g_autofree char *owup = g_build_filename(tree->root, "owup", NULL);
  tree_write(tree, "owup",
             "#!/bin/sh\n[ \"$*\" = 'list -q' ] || exit 1\n"
             "printf '%s\\n' my_filter my_tool 'x$(touch harm)'\n");
  g_assert_cmpint(g_chmod(owup, 0700), ==, 0);
  g_setenv("OWUP", owup, TRUE);
  tree_write(tree, "other.env", "");
  tree_write(tree, "folder/x.py", "");
  return tree;
}

static gboolean
have_bash(void)
{
  g_autofree char *bash = g_find_program_in_path("bash");
  if (bash == NULL)
    g_test_skip("no bash here");
  return bash != NULL;
}

static void
assert_offers(const char *args, const char *expected)
{
  g_autofree char *offers = bash_offers(args);
  g_assert_cmpstr(offers, ==, expected);
}

static void
test_bash(void)
{
  if (!have_bash())
    return;
  g_autoptr(Tree) tree = make_tree();
  assert_offers("owup dep", "deploy\n");
  assert_offers("owup --vers", "--version\n");
  assert_offers("owup deploy --dry", "--dry-run\n");
  assert_offers("owup --json deploy --res", "--resend\n");
  assert_offers("owup deploy --url list --res", "--resend\n");
  assert_offers("owup list --url", "");
  assert_offers("owup deploy my_", "my_filter\nmy_tool\n");
  assert_offers("owup check my_t", "my_tool\n");
  assert_offers("owup deploy fol", "folder\n");
  assert_offers("owup list fol", "folder\n");
  assert_offers("owup ls --type p", "pipe\n");
  assert_offers("owup list --type = p", "pipe\n");
  assert_offers("owup list -t ev", "event\n");
  assert_offers("owup sandbox --imitate 0.1", "0.11\n0.12\n");
  assert_offers("owup deploy --env-file oth", "other.env\n");
  assert_offers("owup completion z", "zsh\n");
  assert_offers("owup help sa", "sandbox\n");
  assert_offers("owup version x", "");
  assert_offers("owup bump p", "patch\n");
  assert_offers("owup bump patch my_", "my_filter\nmy_tool\n");
  assert_offers("owup bump patch my_filter my_", "");
  assert_offers("owup valves my_t", "my_tool\n");
  assert_offers("owup valves --url x my_tool u", "unset\n");
  assert_offers("owup valves my_tool set my_", "");
  assert_offers("owup check --all fol", "folder\n");
  assert_offers("owup check --all my_", "");
  assert_offers("owup check my_filter my_t", "my_tool\n");
  assert_offers("owup sandbox -- owup dep", "");
}

/* A plugin's id is a stranger's text: offered quoted, never run. */
static void
test_bash_runs_nothing(void)
{
  if (!have_bash())
    return;
  g_autoptr(Tree) tree = make_tree();
  assert_offers("owup deploy x", "x\\$\\(touch\\ harm\\)\n");
  g_assert_false(g_file_test("harm", G_FILE_TEST_EXISTS));
}

static void
assert_parses(const char *shell, const char *script)
{
  g_autofree char *found = g_find_program_in_path(shell);
  if (found == NULL) {
    g_test_skip("this shell is not here");
    return;
  }
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "script", script);
  const char *argv[] = {found, "-n", "script", NULL};
  g_autofree char *err = NULL;
  int status = -1;
  g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, &err, &status, NULL));
  g_assert_cmpstr(err, ==, "");
  g_assert_cmpint(status, ==, 0);
}

static void
test_bash_syntax(void)
{
  g_autofree char *script = completion_bash(command_table);
  assert_parses("bash", script);
}

static void
test_zsh_syntax(void)
{
  g_autofree char *script = completion_zsh(command_table);
  assert_parses("zsh", script);
  g_assert_nonnull(strstr(script, "--resend"));
}

static void
test_fish_syntax(void)
{
  g_autofree char *script = completion_fish(command_table);
  assert_parses("fish", script);
  g_assert_nonnull(strstr(script, "-l resend"));
}

/* What fish offers for a line: asked for without a terminal. */
static void
assert_fish_offers(const char *fish, const char *line, const char *expected)
{
  g_autofree char *program = g_strdup_printf("source completion; complete -C '%s'", line);
  const char *argv[] = {fish, "--no-config", "-c", program, NULL};
  g_autofree char *out = NULL;
  g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &out, NULL, NULL, NULL));
  g_assert_cmpstr(out, ==, expected);
}

static void
test_fish(void)
{
  g_autofree char *fish = g_find_program_in_path("fish");
  if (fish == NULL) {
    g_test_skip("no fish here");
    return;
  }
  g_autoptr(Tree) tree = make_tree();
  g_autofree char *script = completion_fish(command_table);
  g_autofree char *path = g_strconcat(tree->root, ":", g_getenv("PATH"), NULL);
  g_setenv("PATH", path, TRUE);
  tree_write(tree, "completion", script);
  assert_fish_offers(fish, "owup bump p", "patch\n");
  assert_fish_offers(fish, "owup bump patch my_", "my_filter\nmy_tool\n");
  assert_fish_offers(fish, "owup valves my_t", "my_tool\n");
  assert_fish_offers(fish, "owup valves my_tool u", "unset\n");
  assert_fish_offers(fish, "owup check my_t", "my_tool\n");
  assert_fish_offers(fish, "owup check --all my_", "");
  assert_fish_offers(fish, "owup sandbox -- owup bump p", "patch\n");
}

static void
test_value_words(void)
{
  g_autofree char *kinds = completion_value_words("KIND");
  g_autofree char *args = completion_value_words("0.9|0.11");
  g_autofree char *file = completion_value_words("FILE");
  g_assert_cmpstr(kinds, ==, "pipe filter action event tool");
  g_assert_cmpstr(args, ==, "0.9 0.11");
  g_assert_cmpstr(file, ==, "");
  g_assert_null(completion_value_words("URL"));
  g_assert_null(completion_value_words(NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/complete/bash", test_bash);
  g_test_add_func("/complete/bash_runs_nothing", test_bash_runs_nothing);
  g_test_add_func("/complete/bash_syntax", test_bash_syntax);
  g_test_add_func("/complete/zsh_syntax", test_zsh_syntax);
  g_test_add_func("/complete/fish_syntax", test_fish_syntax);
  g_test_add_func("/complete/fish", test_fish);
  g_test_add_func("/complete/value_words", test_value_words);
  return g_test_run();
}
