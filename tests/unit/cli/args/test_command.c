/* SPDX-License-Identifier: MIT */
#include "command_line.h"
#include "error.h"
#include "support/tree.h"

#include <string.h>
#include <unistd.h>

typedef struct {
  gboolean all, dry_run, resend, yes;
  char *id, *type, *port;
} Options;

static const Option deploy_options[] = {
    OPTION_FLAG("all", 'a', all, "All"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Send nothing"),
    OPTION_FLAG("resend", 0, resend, "Send again"),
    OPTION_TEXT("id", 0, id, "Under this id", "ID"),
    {NULL},
};
static const Option list_options[] = {OPTION_TEXT("type", 't', type, "One kind", "KIND"), {NULL}};
static const Option delete_options[] = {OPTION_FLAG("yes", 'y', yes, "Do not ask"), {NULL}};
static const Option sandbox_options[] = {OPTION_TEXT("port", 0, port, "The port", "N"), {NULL}};

static const Command command_deploy = {
    .name = "deploy",
    .summary = "Update plugins",
    .args = ARGS_PLUGINS_ALL,
    .needs_server = TRUE,
    COMMAND_OPTIONS(deploy_options),
};
static const Command command_list = {
    .name = "list",
    .alias = "ls",
    .summary = "List plugins",
    .args = ARGS_FOLDERS,
    COMMAND_OPTIONS(list_options),
};
static const Command command_delete = {
    .name = "delete",
    .summary = "Delete plugins",
    .args = ARGS_PLUGINS,
    .needs_server = TRUE,
    COMMAND_OPTIONS(delete_options),
};
static const Command command_rollback = {
    .name = "rollback",
    .summary = "Bring back",
    .args = ARGS_PLUGINS,
    .needs_server = TRUE,
};
static const Command command_sandbox = {
    .name = "sandbox",
    .summary = "Imitate",
    .takes_command = TRUE,
    COMMAND_OPTIONS(sandbox_options),
};
static const Command command_help = {.name = "help", .summary = "Help", .args = ARGS_COMMANDS};
static const Command command_version = {.name = "version", .summary = "Version"};

static const Command *const commands[] = {
    &command_deploy,  &command_list, &command_delete,  &command_rollback,
    &command_sandbox, &command_help, &command_version, NULL,
};

/* The command line after "owup", words separated by single blanks. */
static gboolean
parse(CommandLine *line, const char *text, GError **error)
{
  g_autofree char *whole = g_strconcat("owup", *text != '\0' ? " " : "", text, NULL);
  g_auto(GStrv) argv = g_strsplit(whole, " ", -1);
  *line = (CommandLine){0};
  return command_line_parse(line, commands, (int)g_strv_length(argv), argv, error);
}

static void
parse_good(CommandLine *line, const char *text)
{
  g_autoptr(GError) error = NULL;
  gboolean parsed = parse(line, text, &error);
  g_assert_no_error(error);
  g_assert_true(parsed);
}

static void
assert_args(const char *text, const Command *command, const char *args)
{
  g_auto(CommandLine) line = {0};
  parse_good(&line, text);
  g_autofree char *joined = g_strjoinv(" ", line.args);
  g_assert_true(line.command == command);
  g_assert_cmpstr(joined, ==, args);
}

static void
test_args(void)
{
  assert_args("list", &command_list, "");
  assert_args("ls", &command_list, "");
  assert_args("list a b", &command_list, "a b");
  assert_args("list -q a --type pipe b", &command_list, "a b");
  assert_args("--json list a", &command_list, "a");
  assert_args("--url http://x deploy a", &command_deploy, "a");
  assert_args("--url=http://x deploy a", &command_deploy, "a");
  assert_args("-qt pipe list a", &command_list, "a");
  assert_args("deploy - --id x", &command_deploy, "-");
  assert_args("list -- -q --json", &command_list, "-q --json");
  assert_args("list a -- list", &command_list, "a list");
}

static void
test_top(void)
{
  assert_args("-V", &command_version, "");
  assert_args("--version -v", &command_version, "");
  assert_args("-h", &command_help, "");
  assert_args("--help", &command_help, "");
  assert_args("", NULL, "");
  assert_args("--json", NULL, "");
  assert_args("-- list", NULL, "list");
}

static void
test_global_options(void)
{
  g_auto(CommandLine) line = {0};
  parse_good(&line,
             "deploy --url u --env-file e a --timeout 7 --header A:1 --header=B:2 --cacert c "
             "--insecure -qv --json -h");
  g_assert_cmpstr(line.global.url, ==, "u");
  g_assert_cmpstr(line.global.env_files[0], ==, "e");
  g_assert_cmpstr(line.global.cacert, ==, "c");
  g_assert_cmpuint(line.idle_timeout_ms, ==, 7000);
  g_assert_cmpuint(g_strv_length(line.global.headers), ==, 2);
  g_assert_cmpstr(line.global.headers[1], ==, "B:2");
  g_assert_true(line.global.insecure && line.global.quiet && line.global.verbose);
  g_assert_true(line.global.json && line.global.help);
}

/* A value that begins with a dash, or that no locale knows. */
static void
test_values_as_typed(void)
{
  g_auto(CommandLine) line = {0};
  parse_good(&line, "deploy --url -x --env-file \xff\xfe 精");
  g_assert_cmpstr(line.global.url, ==, "-x");
  g_assert_cmpstr(line.global.env_files[0], ==, "\xff\xfe");
  g_assert_cmpstr(line.args[0], ==, "精");
}

static void
test_tail(void)
{
  g_auto(CommandLine) with = {0}, without = {0}, empty = {0}, other = {0};
  parse_good(&with, "sandbox --port 1 -- ls -l -- x");
  g_autofree char *joined = g_strjoinv(" ", with.trailing_args);
  g_assert_cmpstr(joined, ==, "ls -l -- x");
  g_assert_null(with.args[0]);
  parse_good(&without, "sandbox --port 1");
  g_assert_null(without.trailing_args);
  parse_good(&empty, "sandbox --");
  g_assert_nonnull(empty.trailing_args);
  g_assert_null(empty.trailing_args[0]);
  parse_good(&other, "list -- x");
  g_assert_null(other.trailing_args);
}

static void
assert_usage(const char *text, const char *message, const char *hint)
{
  g_auto(CommandLine) line = {0};
  g_autoptr(GError) error = NULL;
  g_assert_false(parse(&line, text, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
  g_assert_cmpstr(error->message, ==, message);
  g_assert_cmpstr(owup_error_hint(error), ==, hint);
}

static void
test_unknown_options(void)
{
  assert_usage("deploy --resnd x", "Unknown option --resnd",
               "Did you mean --resend? See: owup help deploy");
  assert_usage("deploy --api-key=sk-123", "Unknown option --api-key",
               "The key is no option, since other users can see a program's options: put "
               "api_key=... into .env, or into the variable OPENWEBUI_API_KEY.");
  assert_usage("list --resend", "Unknown option --resend",
               "--resend is an option of owup deploy. See: owup help list");
  assert_usage("list --url=http://x", "Unknown option --url",
               "--url is an option of owup deploy. See: owup help list");
  assert_usage("list -Z", "Unknown option -Z", "See: owup help list");
  assert_usage("list -qZ", "Unknown option -Z", "See: owup help list");
  assert_usage("--frobnicate", "Unknown option --frobnicate", "See: owup help");
  assert_usage("--resend", "Unknown option --resend",
               "--resend is an option of owup deploy. See: owup help");
  assert_usage("list --json=no", "--json takes no value", "See: owup help list");
  assert_usage("--version=2", "--version takes no value", "See: owup help");
}

static void
test_unknown_commands(void)
{
  assert_usage("deplyo x", "Unknown command \"deplyo\"", "Did you mean: owup deploy");
  assert_usage("lst", "Unknown command \"lst\"", "Did you mean: owup list");
  assert_usage("push my_filter", "Unknown command \"push\"", "Did you mean: owup deploy my_filter");
  assert_usage("update", "Unknown command \"update\"", "Did you mean: owup deploy NAME");
  assert_usage("create -n my_filter", "Unknown command \"create\"",
               "Did you mean: owup deploy my_filter");
  assert_usage("rm -y my_filter", "Unknown command \"rm\"", "Did you mean: owup delete my_filter");
  assert_usage("undo", "Unknown command \"undo\"", "Did you mean: owup rollback NAME");
  assert_usage("login", "Unknown command \"login\"", "See: owup help");
  g_autoptr(Tree) tree = tree_new();
  assert_usage("my_filter", "Unknown command \"my_filter\"", "See: owup help");
  tree_write_plugin(tree, "plugins/my_filter.py", "Filter", "");
  assert_usage("my_filter", "Unknown command \"my_filter\"", "Did you mean: owup deploy my_filter");
  assert_usage("./list", "Unknown command \"./list\"", "Did you mean: owup deploy ./list");
}

static void
test_wrong_values(void)
{
  static const char *const texts[] = {"deploy --url",
                                      "deploy --timeout 0",
                                      "deploy --timeout -1",
                                      "deploy --timeout 1s",
                                      "deploy --timeout 99999999999999999999",
                                      "deploy --timeout ",
                                      "deploy --id --",
                                      "list --type -- a"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_auto(CommandLine) line = {0};
    g_autoptr(GError) error = NULL;
    g_test_message("%s", texts[i]);
    g_assert_false(parse(&line, texts[i], &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
  }
}

/* The error itself must know how it is to be printed. */
static void
test_json_of_a_wrong_line(void)
{
  static const char *const texts[] = {"deploy --frobnicate --json", "--json nonsense",
                                      "nonsense a b --json", "deploy --json --timeout x"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_auto(CommandLine) line = {0};
    g_assert_false(parse(&line, texts[i], NULL));
    g_assert_true(line.global.json);
  }
  g_auto(CommandLine) line = {0};
  g_assert_false(parse(&line, "nonsense -- --json", NULL));
  g_assert_false(line.global.json);
}

static void
test_option_number(void)
{
  g_autoptr(GError) error = NULL;
  int value = 5;
  g_assert_true(command_option_number("--port", NULL, 0, 9, &value, &error));
  g_assert_cmpint(value, ==, 5);
  g_assert_true(command_option_number("--port", "0", 0, 9, &value, &error));
  g_assert_cmpint(value, ==, 0);
  g_assert_false(command_option_number("--port", "10", 0, 9, &value, &error));
  g_assert_cmpstr(error->message, ==, "--port takes a whole number from 0 to 9, not \"10\"");
}

static void
test_option_kind(void)
{
  g_autoptr(GError) error = NULL;
  gboolean has = TRUE;
  Kind kind = KIND_PIPE;
  g_assert_true(command_option_kind(NULL, &has, &kind, &error));
  g_assert_false(has);
  g_assert_true(command_option_kind("tools", &has, &kind, &error));
  g_assert_true(has && kind == KIND_TOOL);
  g_assert_false(command_option_kind("x", &has, &kind, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
}

static void
test_check_args(void)
{
  g_auto(CommandLine) line = {0};
  g_autoptr(GError) error = NULL;
  parse_good(&line, "list a b");
  g_assert_true(command_line_check_args(&line, 2, &error));
  g_assert_false(command_line_check_args(&line, 1, &error));
  g_assert_cmpstr(error->message, ==, "owup list does not take \"b\"");
}

static void
test_root(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GError) error = NULL;
  tree_write(tree, "plugins/filters/x.py", "");
  g_assert_cmpint(chdir("plugins/filters"), ==, 0);
  g_autofree char *root = command_line_root(&error);
  g_assert_no_error(error);
  g_assert_cmpstr(root, ==, tree->root);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command/args", test_args);
  g_test_add_func("/command/top", test_top);
  g_test_add_func("/command/global_options", test_global_options);
  g_test_add_func("/command/values_as_typed", test_values_as_typed);
  g_test_add_func("/command/tail", test_tail);
  g_test_add_func("/command/unknown_options", test_unknown_options);
  g_test_add_func("/command/unknown_commands", test_unknown_commands);
  g_test_add_func("/command/wrong_values", test_wrong_values);
  g_test_add_func("/command/json_of_a_wrong_line", test_json_of_a_wrong_line);
  g_test_add_func("/command/option_number", test_option_number);
  g_test_add_func("/command/option_kind", test_option_kind);
  g_test_add_func("/command/check_args", test_check_args);
  g_test_add_func("/command/root", test_root);
  return g_test_run();
}
