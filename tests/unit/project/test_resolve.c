/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "error.h"
#include "support/tree.h"

#include <string.h>
#include <unistd.h>

static const ResolveOptions plain = {.command = "deploy", .has_all = TRUE};

static void
picks_with(const char *word, const ResolveOptions *options, const char *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Plugin) plugin = resolve_names(word, options, &error);
  if (error != NULL)
    g_error("%s: %s", word, error->message);
  g_assert_cmpstr(plugin->file, ==, file);
}

static void
picks(const char *word, const char *file)
{
  picks_with(word, &plain, file);
}

/* The error's message has `part`, its hint `hint` (NULL: not looked at). */
static void
fails_with(const char *word, const ResolveOptions *options, const char *part, const char *hint)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Plugin) plugin = resolve_names(word, options, &error);
  if (plugin != NULL)
    g_error("%s: picked %s", word, plugin->file);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
  if (strstr(error->message, part) == NULL)
    g_error("\"%s\" is not in \"%s\"", part, error->message);
  if (hint != NULL && g_strcmp0(owup_error_hint(error), hint) != 0)
    g_error("hint \"%s\", not \"%s\"", owup_error_hint(error), hint);
}

static void
fails(const char *word, const char *part, const char *hint)
{
  fails_with(word, &plain, part, hint);
}

/* One id is all theirs: no choice of a name would help. */
static void
fails_as_twins(const char *word, const ResolveOptions *options, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(resolve_names(word, options, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_PLUGIN);
  g_assert_cmpstr(error->message, ==, message);
}

static Tree *
project(void)
{
  Tree *tree = tree_new();
  tree_mkdir(tree, ".git");
  tree_write_plugin(tree, "plugins/filters/async-context/async_context.py", "Filter",
                    "title: Async Context Compression\nid: async_context_compression\n");
  tree_write_plugin(tree, "plugins/filters/folder-memory/folder_memory.py", "Filter",
                    "title: 📂 Folder Memory\n");
  tree_write_plugin(tree, "plugins/filters/folder-memory/folder_memory_cn.py", "Filter",
                    "title: 文件夹记忆\n");
  tree_write_plugin(tree, "plugins/actions/deep-dive/deep_dive.py", "Action", "title: Deep Dive\n");
  tree_write_plugin(tree, "plugins/actions/deep-dive/deep_dive_cn.py", "Action", "title: 精读\n");
  tree_write_plugin(tree, "plugins/actions/export_to_docx/export_to_word.py", "Action", "");
  tree_write_plugin(tree, "plugins/actions/export_to_docx/export_to_word_cn.py", "Action", "");
  tree_write_plugin(tree, "plugins/tools/weather.py", "Tools", "title: Weather\n");
  tree_write_plugin(tree, "plugins/pipes/weather.py", "Pipe", "title: Weather\n");
  tree_write_plugin(tree, "plugins/pipes/flux.1_dev.py", "Pipe", "");
  tree_write_plugin(tree, "plugins/pipes/my-pipe/main.py", "Pipe", "");
  tree_write(tree, "plugins/pipes/helper/helper.py", "PIPE = 'Pipe'\n");
  tree_write_plugin(tree, "plugins/TEMPLATE.py", "Pipe", "title: [Name]\n");
  tree_write(tree, "README.md", "# x\n");
  return tree;
}

static void
test_names(void)
{
  g_autoptr(Tree) tree = project();
  picks("async_context_compression", "plugins/filters/async-context/async_context.py");
  picks("Async Context Compression", "plugins/filters/async-context/async_context.py");
  picks("ASYNC-CONTEXT.compression", "plugins/filters/async-context/async_context.py");
  picks("async_context", "plugins/filters/async-context/async_context.py");
  picks("async-context", "plugins/filters/async-context/async_context.py");
  picks("folder-memory", "plugins/filters/folder-memory/folder_memory.py");
  picks("folder_memory", "plugins/filters/folder-memory/folder_memory.py");
  picks("Folder.Memory", "plugins/filters/folder-memory/folder_memory.py");
  picks("folder-memory-cn", "plugins/filters/folder-memory/folder_memory_cn.py");
  picks("精读", "plugins/actions/deep-dive/deep_dive_cn.py");
  picks("deep-dive-cn", "plugins/actions/deep-dive/deep_dive_cn.py");
  picks("export_to_docx", "plugins/actions/export_to_docx/export_to_word.py");
  picks("flux.1_dev", "plugins/pipes/flux.1_dev.py");
  picks("flux_1_dev", "plugins/pipes/flux.1_dev.py");
  picks("my_pipe", "plugins/pipes/my-pipe/main.py");
  picks("template", "plugins/TEMPLATE.py");
  picks("[Name]", "plugins/TEMPLATE.py");
  tree_enter(tree, "plugins/filters");
  picks("folder-memory", "folder-memory/folder_memory.py");
}

static void
test_paths(void)
{
  g_autoptr(Tree) tree = project();
  const char *acc = "plugins/filters/async-context/async_context.py";
  picks(acc, acc);
  picks("./plugins/filters/async-context", acc);
  picks("plugins/filters/async-context/", acc);
  picks("plugins/filters/folder-memory", "plugins/filters/folder-memory/folder_memory.py");
  picks("plugins/actions/export_to_docx", "plugins/actions/export_to_docx/export_to_word.py");
  picks("plugins/pipes/helper/helper.py", "plugins/pipes/helper/helper.py");
  picks("plugins/pipes/my-pipe", "plugins/pipes/my-pipe/main.py");
  tree_enter(tree, "plugins/filters/folder-memory");
  picks(".", "folder_memory.py");
  picks("folder_memory_cn.py", "folder_memory_cn.py");
}

static void
test_no_such_path(void)
{
  g_autoptr(Tree) tree = project();
  fails("plugins/none.py", "There is no plugins/none.py", "See what is here: owup list");
  fails("plugins/async_contxt.py", "There is no plugins/async_contxt.py",
        "Did you mean async_context_compression?");
  fails("plugins/none/", "There is no plugins/none/", NULL);
  fails("README.md", "README.md is no Python file", NULL);
  fails("./README.md", "README.md is no Python file", NULL);
  fails("/dev/null", "/dev/null is no Python file", NULL);
  fails("plugins/filters", "plugins/filters holds no plugin itself",
        "Below it are 3: owup deploy --all plugins/filters");
  fails("plugins/pipes/helper", "holds no plugin itself", NULL);
  fails("plugins/pipes", "several plugins:\nowup deploy flux_1_dev   (plugins/pipes/flux.1_dev.py)",
        NULL);
}

static void
test_several(void)
{
  g_autoptr(Tree) tree = project();
  fails("weather",
        "weather fits several plugins:\n"
        "owup deploy pipe/weather   (plugins/pipes/weather.py)\n"
        "owup deploy tool/weather   (plugins/tools/weather.py)",
        NULL);
  picks("pipe/weather", "plugins/pipes/weather.py");
  picks("tools/Weather", "plugins/tools/weather.py");
  ResolveOptions pipes = {.command = "deploy", .has_type = TRUE, .type = KIND_PIPE};
  picks_with("weather", &pipes, "plugins/pipes/weather.py");
  tree_write_plugin(tree, "plugins/pipes/new pipe/weather.py", "Pipe", "");
  fails("weather",
        "several plugins:\n"
        "owup deploy 'plugins/pipes/new pipe/weather.py'\n"
        "owup deploy plugins/pipes/weather.py\n"
        "owup deploy tool/weather",
        NULL);
  fails_as_twins("weather", &pipes,
                 "plugins/pipes/new pipe/weather.py and plugins/pipes/weather.py have the same id "
                 "'weather'");
}

/* One id in both languages: the plain one is meant. */
static void
test_shared_id(void)
{
  g_autoptr(Tree) tree = project();
  tree_write_plugin(tree, "plugins/x/one.py", "Filter", "id: shared\n");
  tree_write_plugin(tree, "plugins/x/one_cn.py", "Filter", "id: shared\n");
  picks("shared", "plugins/x/one.py");
  tree_write_plugin(tree, "plugins/y/two.py", "Filter", "id: shared\n");
  fails_as_twins("shared", &plain,
                 "plugins/x/one.py and plugins/y/two.py have the same id 'shared'");
}

/* A name that fits exactly is not in doubt because others fit nearly. */
static void
test_exact_before_alike(void)
{
  g_autoptr(Tree) tree = project();
  tree_write_plugin(tree, "a/my_tool.py", "Tools", "");
  tree_write_plugin(tree, "b/x.py", "Tools", "title: My Tool\n");
  picks("my_tool", "a/my_tool.py");
  picks("My Tool", "b/x.py");
  fails("my-tool", "several", NULL);
}

static void
test_none(void)
{
  g_autoptr(Tree) tree = project();
  fails("fodler-memory", "is called \"fodler-memory\"", "Did you mean folder_memory?");
  fails("compression", "is called", "Did you mean async_context_compression?");
  fails("zzz", "is called \"zzz\"", "See what is here: owup list");
  fails("", "is called", NULL);
  fails("pipe/folder-memory", "No pipe below", "Did you mean filter/folder_memory?");
  fails("helper", "is called", NULL);
  fails("nonsense/name", "There is no nonsense/name", NULL);
  g_autoptr(Tree) empty = tree_new();
  fails("x", "is called \"x\"",
        "A plugin is a .py file with a class Pipe, Filter, Action, Event or Tools.");
}

static void
test_options(void)
{
  g_autoptr(Tree) tree = project();
  ResolveOptions with_id = {.id = "Other", .command = "deploy"};
  GError *error = NULL;
  g_autoptr(Plugin) plugin = resolve_names("folder-memory", &with_id, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(plugin->id, ==, "other");
  g_assert_cmpint(plugin->id_origin, ==, ID_FROM_OPTION);
  ResolveOptions tools = {.command = "deploy", .has_type = TRUE, .type = KIND_TOOL};
  fails_with("plugins/pipes/weather.py", &tools, "pipe, not tool", NULL);
  picks_with("plugins/tools/weather.py", &tools, "plugins/tools/weather.py");
  fails_with("pipe/weather", &tools, "There is no pipe/weather", NULL);
}

/* Runs `f` with `text` as standard input. */
static Plugin *
resolve_standard_input(const char *text, const ResolveOptions *options, GError **error)
{
  int ends[2], before = dup(STDIN_FILENO);
  g_assert_no_errno(pipe(ends));
  g_assert_cmpint(write(ends[1], text, strlen(text)), ==, (gssize)strlen(text));
  close(ends[1]);
  g_assert_no_errno(dup2(ends[0], STDIN_FILENO));
  close(ends[0]);
  Plugin *plugin = resolve_names("-", options, error);
  g_assert_no_errno(dup2(before, STDIN_FILENO));
  close(before);
  return plugin;
}

static void
test_standard_input(void)
{
  GError *error = NULL;
  ResolveOptions options = {.id = "given", .command = "deploy"};
  g_autoptr(Plugin) plugin = resolve_standard_input("class Filter:\n    pass\n", &options, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(plugin->file, ==, "-");
  g_assert_cmpstr(plugin->id, ==, "given");
  g_assert_cmpint(plugin->kind, ==, KIND_FILTER);
  fails("-", "--id", NULL);
}

static void
finds(const char *word, const char *file)
{
  GError *error = NULL;
  g_autoptr(Plugin) plugin = resolve_find(word, &plain, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(plugin != NULL ? plugin->file : NULL, ==, file);
}

/* What may be a name on the server is no error where no file here has it. */
static void
test_find(void)
{
  g_autoptr(Tree) tree = project();
  finds("folder-memory", "plugins/filters/folder-memory/folder_memory.py");
  finds("pipe/weather", "plugins/pipes/weather.py");
  finds("only_on_the_server", NULL);
  finds("pipe/folder-memory", NULL);
  tree_mkdir(tree, "docs");
  finds("docs", NULL);
  finds("README.md", NULL);
  static const char *const wrong[] = {"none.py", "./none", "plugins/filters", "weather", "-"};
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(resolve_find(wrong[i], &plain, &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
  }
}

static void
here_fails(const ResolveOptions *options, const char *part)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(resolve_names_here(options, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
  if (strstr(error->message, part) == NULL)
    g_error("\"%s\" is not in \"%s\"", part, error->message);
}

static void
here_ends(const ResolveOptions *options, const char *end)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(resolve_names_here(options, &error));
  if (!g_str_has_suffix(error->message, end))
    g_error("\"%s\" does not end with \"%s\"", error->message, end);
}

static void
test_here(void)
{
  g_autoptr(Tree) tree = project();
  here_fails(&plain, "Which plugin?\nowup deploy deep_dive ");
  here_fails(&plain, "\nAll of them: owup deploy --all");
  tree_enter(tree, "plugins/filters/folder-memory");
  GError *error = NULL;
  g_autoptr(Plugin) plugin = resolve_names_here(&plain, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(plugin->file, ==, "folder_memory.py");
  ResolveOptions tools = {.command = "check", .has_type = TRUE, .type = KIND_TOOL};
  here_fails(&tools, "Which plugin?\nowup check weather   (");
  tree_enter(tree, "plugins/pipes");
  here_fails(&plain, "Which plugin?\nowup deploy flux_1_dev   (flux.1_dev.py)\n"
                     "owup deploy my_pipe      (my-pipe/main.py)\n"
                     "owup deploy weather      (weather.py)");
  here_fails(&plain, "(weather.py)\nAll of them: owup deploy --all .");
  ResolveOptions pipes = {
      .command = "deploy", .has_all = TRUE, .has_type = TRUE, .type = KIND_PIPE};
  here_fails(&pipes, "\nAll of them: owup deploy --all . --type pipe");
  here_ends(&(ResolveOptions){.command = "bump patch"},
            "owup bump patch weather      (weather.py)");
  tree_enter(tree, "plugins/filters/folder-memory");
  tree_write_plugin(tree, "plugins/filters/folder-memory/other.py", "Filter", "");
  here_fails(&plain, "Which plugin?\nowup deploy folder_memory   (folder_memory.py)\n"
                     "owup deploy other           (other.py)");
  g_autoptr(Tree) empty = tree_new();
  here_fails(&plain, "No plugin found below");
}

static void
test_many_choices(void)
{
  g_autoptr(Tree) tree = tree_new();
  for (int i = 0; i < 23; i++) {
    g_autofree char *path = g_strdup_printf("plugins/p%02d.py", i);
    tree_write_plugin(tree, path, "Pipe", "");
  }
  here_fails(&plain, "owup deploy p19   (plugins/p19.py)\n… and 3 more: owup list");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/names/names", test_names);
  g_test_add_func("/names/paths", test_paths);
  g_test_add_func("/names/no-such-path", test_no_such_path);
  g_test_add_func("/names/several", test_several);
  g_test_add_func("/names/shared-id", test_shared_id);
  g_test_add_func("/names/exact-before-alike", test_exact_before_alike);
  g_test_add_func("/names/none", test_none);
  g_test_add_func("/names/options", test_options);
  g_test_add_func("/names/standard-input", test_standard_input);
  g_test_add_func("/names/find", test_find);
  g_test_add_func("/names/here", test_here);
  g_test_add_func("/names/many-choices", test_many_choices);
  return g_test_run();
}
