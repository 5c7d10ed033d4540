/* SPDX-License-Identifier: MIT */
#include "plugin.h"

#include "error.h"
#include "support/tree.h"

#include <string.h>
#include <unistd.h>

#define HEAD "\"\"\"\ntitle: T\n\"\"\"\n"

static Plugin *
from_text(const char *file, const char *text, gsize len)
{
  g_autoptr(GBytes) bytes = g_bytes_new(text, len);
  return plugin_from_bytes(file, bytes, NULL);
}

static Plugin *
from(const char *text)
{
  return from_text("plugins/pipes/x/file.py", text, strlen(text));
}

/* The first diagnostic stands at line:col and has `part` in its message. */
static void
finds(const char *text, gsize len, int line, int col, const char *part)
{
  g_autoptr(Plugin) plugin = from_text("f.py", text, len);
  g_assert_cmpuint(plugin->diagnostics->len, >=, 1);
  const Diagnostic *first = g_ptr_array_index(plugin->diagnostics, 0);
  if (strstr(first->message, part) == NULL)
    g_error("\"%s\" is not in \"%s\"", part, first->message);
  g_assert_cmpstr(first->file, ==, "f.py");
  g_assert_cmpint(first->line, ==, line);
  g_assert_cmpint(first->col, ==, col);
}

#define FINDS(text, line, col, part) finds(text, sizeof(text) - 1, line, col, part)

static void
is_fine(const char *text, Kind kind)
{
  g_autoptr(Plugin) plugin = from(text);
  if (plugin->diagnostics->len > 0)
    g_error("%s", ((Diagnostic *)g_ptr_array_index(plugin->diagnostics, 0))->message);
  g_assert_true(plugin->has_kind);
  g_assert_cmpint(plugin->kind, ==, kind);
}

static void
test_fields(void)
{
  static const char text[] = "\"\"\"\r\ntitle: 精读\r\nid: Deep_Dive\r\nversion: 1.2.3\r\n"
                             "description: |\r\n  One.\r\n  Two.\r\nrequirements: markdown\r\n"
                             "\"\"\"\r\nfrom utils.misc import x\r\n\r\n\r\nclass Action:\r\n"
                             "    pass\r\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
  g_autoptr(Plugin) plugin = plugin_from_bytes("a/b.py", bytes, NULL);
  g_assert_cmpuint(plugin->diagnostics->len, ==, 0);
  g_assert_true(plugin->content == bytes);
  g_assert_cmpstr(plugin->file, ==, "a/b.py");
  g_assert_cmpstr(plugin->title, ==, "精读");
  g_assert_cmpstr(plugin_label(plugin), ==, "精读");
  g_assert_cmpstr(plugin->id, ==, "deep_dive");
  g_assert_cmpint(plugin->id_origin, ==, ID_FROM_FRONTMATTER);
  g_assert_cmpstr(plugin->version, ==, "1.2.3");
  g_assert_cmpstr(plugin->description, ==, "One. Two.");
  g_assert_true(plugin->has_requirements);
  g_assert_true(plugin->is_utf8);
  g_assert_true(plugin->has_kind);
  g_assert_cmpint(plugin->kind, ==, KIND_ACTION);
  g_autofree char *held =
      g_strndup(g_bytes_get_data(plugin->stored, NULL), g_bytes_get_size(plugin->stored));
  g_assert_nonnull(strstr(held, "\r\nfrom open_webui.utils.misc import x\r\n"));
}

static void
test_defaults(void)
{
  g_autoptr(Plugin) plugin = from("class Pipe:\n    pass\n");
  g_assert_null(plugin->title);
  g_assert_null(plugin->version);
  g_assert_null(plugin->description);
  g_assert_false(plugin->has_requirements);
  g_assert_cmpstr(plugin->id, ==, "file");
  g_assert_cmpint(plugin->id_origin, ==, ID_FROM_FILE);
  g_assert_cmpstr(plugin_label(plugin), ==, "file");
  g_assert_true(plugin->stored == plugin->content);
  g_autoptr(Plugin) empty = from("\"\"\"\nrequirements:\ntitle:\n\"\"\"\nclass Pipe:\n    pass\n");
  g_assert_false(empty->has_requirements);
  g_assert_null(empty->title);
}

static void
test_bad_bytes(void)
{
  FINDS("", 1, 1, "empty");
  FINDS(" \n\t\r\n", 1, 1, "empty");
  FINDS("x = 1\ncaf\xE9 = 2\nclass Pipe: pass\n", 2, 4, "0xE9");
  FINDS("é\xED\xA0\x80", 1, 2, "UTF-8");
  FINDS("x\r\n\0y\xFF", 2, 3, "UTF-8");
  FINDS("x\r\n\0y", 2, 1, "NUL");
  FINDS("\xEF\xBB\xBF" HEAD "class Pipe: pass\n", 1, 1, "byte order mark");
  FINDS("\xFF\xFE\"\0\"\0\"\0\n\0", 1, 1, "UTF-16");
  FINDS("\xFE\xFF\0\"\0\"\0\"\0\n", 1, 1, "UTF-16");
  FINDS("c\0l\0a\0s\0s\0 \0P\0i\0p\0e\0:\0", 1, 1, "UTF-16");
}

/* What can be told about a file that cannot be read as it should is told. */
static void
test_bad_bytes_keep_the_rest(void)
{
  static const char latin[] = HEAD "# caf\xE9\nclass Filter:\n    pass\n";
  g_autoptr(Plugin) plugin = from_text("f.py", latin, sizeof latin - 1);
  g_assert_cmpuint(plugin->diagnostics->len, ==, 1);
  g_assert_false(plugin->is_utf8);
  g_assert_cmpstr(plugin_label(plugin), ==, plugin->title);
  static const char gbk[] =
      "\"\"\"\ntitle: \xD2\xEC\nversion: 1\n\"\"\"\nclass Filter:\n    pass\n";
  g_autoptr(Plugin) unreadable = from_text("f.py", gbk, sizeof gbk - 1);
  g_assert_cmpstr(plugin_label(unreadable), ==, "f");
  g_assert_cmpstr(unreadable->version, ==, "1");
  g_assert_cmpstr(plugin->title, ==, "T");
  g_assert_true(plugin->has_kind);
  g_assert_cmpint(plugin->kind, ==, KIND_FILTER);
  static const char marked[] = "\xEF\xBB\xBF" HEAD "class Tools:\n    pass\n";
  g_autoptr(Plugin) bom = from_text("f.py", marked, sizeof marked - 1);
  g_assert_cmpuint(bom->diagnostics->len, ==, 1);
  g_assert_true(bom->is_utf8);
  g_assert_cmpstr(bom->title, ==, "T");
  g_assert_cmpint(bom->kind, ==, KIND_TOOL);
  g_assert_cmpuint(g_bytes_get_size(bom->content), ==, sizeof marked - 1);
}

static void
test_no_class(void)
{
  FINDS("x = 1\n", 0, 0, "no plugin class");
  FINDS("# only a comment\n", 0, 0, "no plugin class");
  FINDS("x = 1\n\nclass Filters:\n    pass\n", 3, 1, "\"class Filter\"");
  FINDS("class filter:\n    pass\n", 1, 1, "\"class Filter\"");
  FINDS("class Tool(object):\n    pass\n", 1, 1, "\"class Tools\"");
  FINDS("class Pipes:\n    pass\n", 1, 1, "\"class Pipe\"");
  FINDS("class Filtre:\n    pass\n", 1, 1, "\"class Filter\"");
  FINDS("class Model:\n    pass\n", 0, 0, "no plugin class");
  FINDS("class A:\n    class Filter:\n        pass\n", 2, 5, "indented");
  FINDS("def f():\n    class Pipe:\n        pass\n\nclass Piep:\n    pass\n", 5, 1,
        "\"class Pipe\"");
  FINDS("\"\"\"\nclass Filter:\n\"\"\"\nx = 'class Pipe:'\n", 0, 0, "no plugin class");
}

static void
test_kinds(void)
{
  is_fine("class Pipe:\n    pass\n", KIND_PIPE);
  is_fine("class Tools:\n    def f(self):\n        pass\n", KIND_TOOL);
  is_fine("from x import Filter\n", KIND_FILTER);
  is_fine("Event = object\n", KIND_EVENT);
  is_fine("from x import Pipe\n\nclass Filter:\n    pass\n", KIND_PIPE);
  is_fine("try:\n    from x import Pipe\nexcept ImportError:\n    class Pipe:\n        pass\n",
          KIND_PIPE);
  /* Helpers that happen to be called like plugin classes. */
  is_fine("class Action(BaseModel):\n    id: str\n    def f(self):\n        pass\n\n"
          "class Pipe:\n    def pipe(self, body):\n        pass\n",
          KIND_PIPE);
  is_fine("class Event(Enum):\n    A = 1\n\n\nclass Filter:\n    pass\n", KIND_FILTER);
  is_fine("from threading import Event\n\n\nclass Tools:\n    pass\n", KIND_TOOL);
  is_fine("class Event(Enum):\n    A = 1\n\n\nclass Tools:\n    pass\n", KIND_TOOL);
  is_fine(
      "@dataclass\nclass Event:\n    a: int\n\n\nclass Pipe:\n    def pipe(self):\n        pass\n",
      KIND_PIPE);
  is_fine(
      "class Action:\n    A = 1\n\n    def f(self):\n        pass\n\n\nclass Filter:\n    pass\n",
      KIND_FILTER);
  is_fine("class Filter:\n    def inlet(self):\n        pass\n\nclass Filter:\n    pass\n",
          KIND_FILTER);
}

/* What is bound where no scan sees it is left to the server; a near miss still is one. */
static void
test_bound_unseen(void)
{
  static const char *const fine[] = {
      "class F:\n    pass\n\nglobals()['Filter'] = F\n",
      "exec('class Filter:\\n    pass')\n",
      "def make():\n    global Filter\n    class Filter:\n        pass\n\n\nmake()\n",
      "def __getattr__(name):\n    return {'Filter': object}[name]\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(fine); i++) {
    g_autoptr(Plugin) plugin = from(fine[i]);
    g_assert_cmpuint(plugin->diagnostics->len, ==, 0);
    g_assert_false(plugin->has_kind);
  }
  FINDS("exec('x')\n\nclass Filters:\n    pass\n", 3, 1, "\"class Filter\"");
  FINDS("exec('x')\n", 0, 0, "no plugin class");
}

static void
test_two_classes(void)
{
  FINDS("class Filter:\n    async def inlet(self, body):\n        return body\n\n\n"
        "class Pipe():\n    def pipe(self, body):\n        return ''\n",
        1, 1, "Pipe (line 6) and Filter (line 1)");
  FINDS("class Filter:\n    pass\n\nclass Action:\n    pass\n", 4, 1, "takes Filter");
  FINDS("class Filter:\n    # later\n    def stream(self, e):\n        return e\n\nclass "
        "Event:\n\n    ...\n",
        6, 1, "takes Filter");
  FINDS("class Pipe:\n    def pipe(self):\n        pass\n\nclass Tools:\n    pass\n", 5, 1,
        "takes Pipe");
}

static void
test_no_kind(void)
{
  g_autoptr(Plugin) star = from("from my_package.filter import *\n");
  g_assert_cmpuint(star->diagnostics->len, ==, 0);
  g_assert_false(star->has_kind);
  g_assert_cmpint(star->kind, ==, KIND_PIPE);
  static const char text[] = "from x import *\n";
  g_autoptr(Plugin) nowhere = from_text("/p/x.py", text, sizeof text - 1);
  g_assert_cmpint(nowhere->kind, ==, KIND_FILTER);
  g_autoptr(Plugin) none = from("x = 1\n");
  g_assert_false(none->has_kind);
  g_assert_cmpint(none->kind, ==, KIND_PIPE);
}

/* A broken file still says what it is, also where its class comes after the break. */
static void
test_broken(void)
{
  g_autoptr(Plugin) plugin = from(HEAD "x = (1\n\n\nclass Action:\n    pass\n");
  g_assert_cmpuint(plugin->diagnostics->len, ==, 1);
  g_assert_true(plugin->has_kind);
  g_assert_cmpint(plugin->kind, ==, KIND_ACTION);
}

static void
id_finds(const char *file, const char *head, const char *option, int line, const char *part)
{
  g_autofree char *text = g_strconcat("\"\"\"\n", head, "\"\"\"\nclass Pipe:\n    pass\n", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  g_autoptr(Plugin) plugin = plugin_from_bytes(file, bytes, option);
  if (part == NULL) {
    g_assert_cmpuint(plugin->diagnostics->len, ==, 0);
    return;
  }
  g_assert_cmpuint(plugin->diagnostics->len, ==, 1);
  const Diagnostic *diagnostic = g_ptr_array_index(plugin->diagnostics, 0);
  if (strstr(diagnostic->message, part) == NULL)
    g_error("\"%s\" is not in \"%s\"", part, diagnostic->message);
  g_assert_cmpint(diagnostic->line, ==, line);
}

static void
test_ids(void)
{
  id_finds("x.py", "title: T\nid: my-filter\n", NULL, 3, "--id my_filter");
  id_finds("x.py", "id: 4o\n", NULL, 2, "--id _4o");
  id_finds("x.py", "id: ---\n", NULL, 2, "give one with --id");
  id_finds("x.py", "id: My_Filter\n", NULL, 0, NULL);
  id_finds("x.py", "id: my-filter\n", "Other", 0, NULL);
  id_finds("x.py", "", "../x", 0, "\"../x\"");
  id_finds("my-filter.1.py", "", NULL, 0, NULL);
  id_finds("---.py", "", NULL, 0, "file's name");
}

static void
test_load(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write_plugin(tree, "sub/a.py", "Filter", "title: A\n");
  g_autofree char *whole = g_build_filename(tree->root, "sub/a.py", NULL);
  GError *error = NULL;
  g_autoptr(Plugin) plugin = plugin_load(whole, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(plugin->file, ==, "sub/a.py");
  tree_enter(tree, "sub");
  g_autoptr(Plugin) near = plugin_load("./a.py", "Given", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(near->file, ==, "a.py");
  g_assert_cmpstr(near->id, ==, "given");
  tree_mkdir(tree, "subway");
  tree_enter(tree, "subway");
  g_autoptr(Plugin) far = plugin_load("../sub/a.py", NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(far->file, ==, whole);
}

static void
test_load_fails(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  g_assert_null(plugin_load("none.py", NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_clear_error(&error);
  tree_write(tree, "huge.py", "x");
  g_assert_no_errno(truncate("huge.py", (off_t)PLUGIN_SIZE_LIMIT + 1));
  g_assert_null(plugin_load("huge.py", NULL, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_PLUGIN);
  g_assert_nonnull(strstr(error->message, "64 MB"));
}

static void
test_references(void)
{
  Plugin *plugin = from("class Pipe:\n    pass\n");
  g_assert_true(plugin_ref(plugin) == plugin);
  plugin_unref(plugin);
  g_assert_cmpstr(plugin->id, ==, "file");
  plugin_unref(plugin);
  plugin_unref(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plugin/fields", test_fields);
  g_test_add_func("/plugin/defaults", test_defaults);
  g_test_add_func("/plugin/bad-bytes", test_bad_bytes);
  g_test_add_func("/plugin/bad-bytes-keep-the-rest", test_bad_bytes_keep_the_rest);
  g_test_add_func("/plugin/no-class", test_no_class);
  g_test_add_func("/plugin/kinds", test_kinds);
  g_test_add_func("/plugin/bound-unseen", test_bound_unseen);
  g_test_add_func("/plugin/two-classes", test_two_classes);
  g_test_add_func("/plugin/no-kind", test_no_kind);
  g_test_add_func("/plugin/broken", test_broken);
  g_test_add_func("/plugin/ids", test_ids);
  g_test_add_func("/plugin/load", test_load);
  g_test_add_func("/plugin/load-fails", test_load_fails);
  g_test_add_func("/plugin/references", test_references);
  return g_test_run();
}
