/* SPDX-License-Identifier: MIT */
/* Where pulled plugins go, and what of their valves is shown. Ids come from a server, so none of
 * them is trusted. */
#include "error.h"
#include "pull_path.h"
#include "support/tree.h"
#include "valve_mask.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
test_paths(void)
{
  GError *error = NULL;
  g_autofree char *filter = pull_path_new("/r", KIND_FILTER, "my_filter", &error);
  g_autofree char *tool = pull_path_new("/r", KIND_TOOL, "精读", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(filter, ==, "/r/plugins/filters/my_filter/my_filter.py");
  g_assert_cmpstr(tool, ==, "/r/plugins/tools/精读/精读.py");
  g_autofree char *beside = pull_path_beside("a/b.py", FALSE);
  g_autofree char *base = pull_path_beside("a/b.py", TRUE);
  g_autofree char *valves = pull_path_valves("a/b.py", "my_id");
  g_assert_cmpstr(beside, ==, "a/b.server.py");
  g_assert_cmpstr(base, ==, "a/b.base.server.py");
  g_assert_cmpstr(valves, ==, "a/my_id.valves.json");
}

static void
test_bad_ids(void)
{
  g_autofree char *longest = g_strnfill(200, 'x');
  g_autofree char *too_long = g_strnfill(201, 'x');
  const char *bad[] = {"",    ".",   "..",    "../x",     "/etc/x", "a/b",   "a\\b",
                       "con", "nul", "lpt1",  "a\nb",     "a\x1b",  "a\xff", ".hidden",
                       "a b", "-x",  "Upper", "a\u202eb", "C:x",    too_long};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pull_path_new("/r", KIND_FILTER, bad[i], &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_ID_INVALID);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_assert_null(strpbrk(error->message, "\n\x1b"));
  }
  g_assert_true(pull_id_check(longest, NULL));
  g_assert_true(pull_id_check("_console", NULL));
}

static void
resolved(const Tree *tree, const char *file, gboolean make, const char *wanted)
{
  GError *error = NULL;
  g_autofree char *absolute = g_build_filename(tree->root, file, NULL);
  g_autofree char *meant = pull_path_resolve(tree->root, absolute, make, &error);
  g_autofree char *expected = g_build_filename(tree->root, wanted, NULL);
  g_assert_no_error(error);
  g_assert_cmpstr(meant, ==, expected);
}

static void
refused(const char *root, const char *file, gboolean make)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *absolute = g_build_filename(root, file, NULL);
  g_assert_null(pull_path_resolve(root, absolute, make, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

static void
test_folders(void)
{
  g_autoptr(Tree) tree = tree_new();
  resolved(tree, "plugins/filters/x/x.py", FALSE, "plugins/filters/x/x.py");
  g_assert_false(g_file_test("plugins", G_FILE_TEST_EXISTS));
  resolved(tree, "plugins/filters/x/x.py", TRUE, "plugins/filters/x/x.py");
  g_assert_true(g_file_test("plugins/filters/x", G_FILE_TEST_IS_DIR));
  tree_write(tree, "plugins/pipes", "a file in the way");
  refused(tree->root, "plugins/pipes/x/x.py", TRUE);
}

/* Links inside the project are the user's own affair; none leads out of it. */
static void
test_links(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autofree char *root = g_build_filename(tree->root, "project", NULL);
  tree_mkdir(tree, "outside");
  tree_mkdir(tree, "project/real");
  tree_write(tree, "outside/x.py", "");
  tree_write(tree, "project/real/y.py", "");
  g_assert_cmpint(symlink("../outside", "project/out"), ==, 0);
  g_assert_cmpint(symlink("real", "project/in"), ==, 0);
  g_assert_cmpint(symlink("../outside/x.py", "project/x.py"), ==, 0);
  g_assert_cmpint(symlink("real/y.py", "project/y.py"), ==, 0);
  g_assert_cmpint(symlink("../outside/new.py", "project/dangling.py"), ==, 0);
  g_assert_cmpint(symlink("../outside/new", "project/nowhere"), ==, 0);
  for (gboolean make = FALSE; make <= TRUE; make++) {
    refused(root, "out/x/x.py", make);
    refused(root, "out/new.py", make);
    refused(root, "x.py", make);
    refused(root, "dangling.py", make);
    refused(root, "nowhere/x.py", make);
  }
  resolved(tree, "project/in/x/x.py", TRUE, "project/in/x/x.py");
  g_assert_true(g_file_test("project/real/x", G_FILE_TEST_IS_DIR));
  resolved(tree, "project/y.py", TRUE, "project/real/y.py");
  g_autoptr(GDir) outside = g_dir_open("outside", 0, NULL);
  g_assert_cmpstr(g_dir_read_name(outside), ==, "x.py");
  g_assert_null(g_dir_read_name(outside));
}

static const char spec[] =
    "{\"properties\":{\"hidden\":{\"format\":\"password\",\"type\":\"string\",\"writeOnly\":true},"
    "\"maybe\":{\"anyOf\":[{\"format\":\"password\",\"type\":\"string\"},{\"type\":\"null\"}]},"
    "\"plain\":{\"type\":\"string\"}}}";

static void
masked(const char *valves, const char *wanted)
{
  json_auto_t *schema = json_loads(spec, 0, NULL);
  json_auto_t *before = json_loads(valves, 0, NULL);
  json_auto_t *kept = json_deep_copy(before);
  json_auto_t *after = valve_mask(before, schema);
  char *text = json_dumps(after, JSON_COMPACT);
  g_assert_cmpstr(text, ==, wanted);
  g_assert_true(json_equal(before, kept));
  free(text);
}

static void
test_masks(void)
{
  masked("{}", "{}");
  masked("{\"plain\":\"x\",\"n\":3,\"b\":true,\"z\":null}",
         "{\"plain\":\"x\",\"n\":3,\"b\":true,\"z\":null}");
  masked("{\"hidden\":\"x\",\"maybe\":\"y\"}",
         "{\"hidden\":\"" MASKED "\",\"maybe\":\"" MASKED "\"}");
  masked("{\"OPENAI_API_KEY\":\"x\",\"bot_token\":\"y\",\"Password\":\"z\",\"max_tokens\":4096}",
         "{\"OPENAI_API_KEY\":\"" MASKED "\",\"bot_token\":\"" MASKED "\",\"Password\":\"" MASKED
         "\",\"max_tokens\":4096}");
  masked("{\"api_key\":\"\"}", "{\"api_key\":\"\"}");
  masked("{\"keys\":[\"a\",{\"b\":\"c\"}],\"deep\":{\"secret\":{\"x\":\"y\"},\"o\":\"p\"}}",
         "{\"keys\":[\"" MASKED "\",{\"b\":\"" MASKED "\"}],\"deep\":{\"secret\":{\"x\":\"" MASKED
         "\"},\"o\":\"p\"}}");
  masked("{\"plain\":\"sk-0123456789abcdef0123456789abcdef\"}", "{\"plain\":\"***\"}");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pull/paths", test_paths);
  g_test_add_func("/pull/bad-ids", test_bad_ids);
  g_test_add_func("/pull/folders", test_folders);
  g_test_add_func("/pull/links", test_links);
  g_test_add_func("/pull/masks", test_masks);
  return g_test_run();
}
