/* SPDX-License-Identifier: MIT */
#include "plugin_id.h"

#include <string.h>

static void
test_valid(void)
{
  static const char *const good[] = {
      "a",     "_", "_1", "folder_memory", "x1",  "压缩", "фильтр", "flux_1_dev",
      "class", "é", "ªb", "a\u0301",       "a·b", "℘"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(plugin_id_valid(good[i]));
  static const char *const bad[] = {"",    "1a",   "a-b",  "a.b",     "a b",    " a",
                                    "a\n", "A",    "fooB", "Ф",       "É",      "\u0301a",
                                    "a/b", "../x", "\xFF", "a\xC3",   "Ⅷ",      "ᾈ",
                                    "a€",  "📂",    "·a",   "\uFF9Ea", "\u037A", "İ"};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(plugin_id_valid(bad[i]));
}

static void
name_gives(const char *name, const char *want)
{
  g_autofree char *id = plugin_id_from_name(name);
  g_assert_cmpstr(id, ==, want);
  if (id != NULL)
    g_assert_true(plugin_id_valid(id));
}

static void
test_from_name(void)
{
  name_gives("folder_memory", "folder_memory");
  name_gives("flux.1_dev", "flux_1_dev");
  name_gives("My-Filter", "my_filter");
  name_gives("a -- b", "a_b");
  name_gives("a_-b", "a__b");
  name_gives("4o", "_4o");
  name_gives("-4o", "_4o");
  name_gives("foo (1)", "foo_1_");
  name_gives("精读", "精读");
  name_gives("ФИЛЬТР", "фильтр");
  name_gives("Cafe\u0301", "café");
  name_gives("a\xFF"
             "b",
             "a_b");
  name_gives("📂 Folder", "_folder");
  name_gives("Ⅷ", "ⅷ");
  name_gives("", NULL);
  name_gives("---", NULL);
  name_gives("___", NULL);
  name_gives("📂", NULL);
}

static void
test_lower(void)
{
  static const char *const pairs[][2] = {
      {"ABC", "abc"}, {"my-Filter", "my-filter"}, {"ÄÖ", "äö"}, {"İ", "i̇"}, {"Ⅻ", "ⅻ"}, {"", ""}};
  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autofree char *lower = plugin_id_lower(pairs[i][0]);
    g_assert_cmpstr(lower, ==, pairs[i][1]);
  }
}

static void
chosen(const char *option, const char *frontmatter, const char *path, const char *want,
       IdOrigin want_origin)
{
  IdOrigin origin = ID_FROM_OPTION;
  g_autofree char *id = plugin_id_choose(option, frontmatter, path, &origin);
  g_assert_cmpstr(id, ==, want);
  g_assert_cmpint(origin, ==, want_origin);
}

static void
test_choose(void)
{
  chosen("Opt", "fm", "/p/file.py", "opt", ID_FROM_OPTION);
  chosen("", "FM", "/p/file.py", "fm", ID_FROM_FRONTMATTER);
  chosen(NULL, "my-id", "/p/file.py", "my-id", ID_FROM_FRONTMATTER);
  chosen(NULL, "", "/p/File-Name.py", "file_name", ID_FROM_FILE);
  chosen(NULL, NULL, "/p/a.b.PY", "a_b", ID_FROM_FILE);
  chosen(NULL, NULL, "/p/Folder-Memory/main.py", "folder_memory", ID_FROM_FOLDER);
  chosen(NULL, NULL, "/p/x/__init__.py", "x", ID_FROM_FOLDER);
  chosen(NULL, NULL, "/p/x/tool.py", "x", ID_FROM_FOLDER);
  chosen(NULL, NULL, "/p/x/Function.py", "x", ID_FROM_FOLDER);
  chosen(NULL, NULL, "/p/filters/filter.py", "filter", ID_FROM_FILE);
  chosen(NULL, NULL, "/main.py", "main", ID_FROM_FILE);
  chosen(NULL, NULL, "/p/---/main.py", "main", ID_FROM_FILE);
  chosen(NULL, NULL, "/p/---.py", "", ID_FROM_FILE);
}

static void
test_alike(void)
{
  g_assert_true(plugin_names_alike("Flash Card", "flash_card"));
  g_assert_true(plugin_names_alike("deep-dive.cn", "Deep_Dive CN"));
  g_assert_true(plugin_names_alike("ФИЛЬТР", "фильтр"));
  g_assert_true(plugin_names_alike("Cafe\u0301", "café"));
  g_assert_true(plugin_names_alike("straße", "STRASSE"));
  g_assert_false(plugin_names_alike("flashcard", "flash_card"));
  g_assert_false(plugin_names_alike("a", "b"));
  g_assert_false(plugin_names_alike("a", ""));
  g_assert_true(plugin_names_alike("a\xFF", "A\xFF"));
}

static void
test_parts_of_paths(void)
{
  g_autofree char *stem = plugin_file_stem("a/b.c.py");
  g_assert_cmpstr(stem, ==, "b.c");
  g_autofree char *other = plugin_file_stem("a/b.txt");
  g_assert_cmpstr(other, ==, "b.txt");
  g_autofree char *folder = plugin_file_folder("/x/y/z.py");
  g_assert_cmpstr(folder, ==, "y");
  g_autofree char *top = plugin_file_folder("/z.py");
  g_assert_cmpstr(top, ==, "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plugin-id/valid", test_valid);
  g_test_add_func("/plugin-id/from-name", test_from_name);
  g_test_add_func("/plugin-id/lower", test_lower);
  g_test_add_func("/plugin-id/choose", test_choose);
  g_test_add_func("/plugin-id/alike", test_alike);
  g_test_add_func("/plugin-id/parts-of-paths", test_parts_of_paths);
  return g_test_run();
}
