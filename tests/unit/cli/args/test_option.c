/* SPDX-License-Identifier: MIT */
#include "option.h"

#include "error.h"

#include <string.h>

typedef struct {
  int before; /* so that no field's offset is 0 */
  gboolean all, dry_run;
  char *type, *message;
  char **excludes;
} Options;

static const Option table[] = {
    OPTION_FLAG("all", 'a', all, "All"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Send nothing"),
    OPTION_TEXT("type", 't', type, "Only these", "KIND"),
    OPTION_TEXT("message", 'm', message, "Why", "TEXT"),
    OPTION_TEXTS("exclude", 'x', excludes, "Not these", "GLOB"),
    {NULL},
};

/* Known, but not meant here. */
static const Option elsewhere[] = {
    OPTION_FLAG("force", 'f', all, "Elsewhere"),
    OPTION_TEXT("output", 'o', type, "Elsewhere", "DIR"),
    {NULL},
};

static GArray *
make_slots(Options *options)
{
  GArray *slots = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
  option_add_table(slots, table, options);
  option_add_table(slots, elsewhere, NULL);
  option_add_table(slots, NULL, options);
  return slots;
}

/* The words of `line`, separated by single blanks, after the program's name. */
static GPtrArray *
split(const char *line)
{
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) parts = g_strsplit(line, " ", -1);
  g_ptr_array_add(words, g_strdup("owup"));
  for (char **part = parts; *part != NULL; part++)
    g_ptr_array_add(words, g_strdup(*part));
  return words;
}

/* "all type=pipe exclude=a,b | word word", or what is wrong. */
static char *
describe(const Options *options, char **args)
{
  GString *text = g_string_new(NULL);
  g_autofree char *joined = g_strjoinv(" ", args);
  g_autofree char *excludes = options->excludes != NULL ? g_strjoinv(",", options->excludes) : NULL;
  g_string_append(text, options->all ? "all " : "");
  g_string_append(text, options->dry_run ? "dry-run " : "");
  if (options->type != NULL)
    g_string_append_printf(text, "type=%s ", options->type);
  if (options->message != NULL)
    g_string_append_printf(text, "message=%s ", options->message);
  if (excludes != NULL)
    g_string_append_printf(text, "exclude=%s ", excludes);
  g_string_append_printf(text, "|%s%s", args[0] != NULL ? " " : "", joined);
  return g_string_free(text, FALSE);
}

static char *
parse(const char *line)
{
  Options options = {0};
  g_autoptr(GArray) slots = make_slots(&options);
  g_autoptr(GPtrArray) words = split(line);
  g_autoptr(GStrvBuilder) args = g_strv_builder_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *unknown = NULL;
  gboolean parsed = option_parse(slots, words, args, &unknown, &error);
  g_auto(GStrv) rest = g_strv_builder_end(args);
  g_assert_true(parsed == (error == NULL && unknown == NULL));
  g_assert_true(error == NULL || unknown == NULL);
  g_assert_true(error == NULL || g_error_matches(error, OWUP_ERROR, OWUP_ERROR_USAGE));
  char *text = parsed          ? describe(&options, rest)
               : error != NULL ? g_strdup(error->message)
                               : g_strconcat("unknown: ", unknown, NULL);
  option_clear(table, &options);
  g_assert_true(options.type == NULL && options.message == NULL && options.excludes == NULL);
  return text;
}

static const struct {
  const char *line, *expected;
} cases[] = {
    {"a b", "| a b"},
    {"-", "| -"},
    {"--all", "all |"},
    {"-a", "all |"},
    {"-an", "all dry-run |"},
    {"--all --all -aa", "all |"},
    {"a --all b -n c", "all dry-run | a b c"},
    {"--type pipe x", "type=pipe | x"},
    {"--type=pipe x", "type=pipe | x"},
    {"--type=", "type= |"},
    {"--type=a=b", "type=a=b |"},
    {"--type  x", "type= | x"},
    {"-t pipe", "type=pipe |"},
    {"--type a --type b -t c", "type=c |"},
    {"--exclude a --exclude=b -x c", "exclude=a,b,c |"},
    {"--exclude=", "exclude= |"},
    /* A value may look like an option. */
    {"--type --all", "type=--all |"},
    {"-t -a", "type=-a |"},
    {"-t -5", "type=-5 |"},
    {"--message=-1 x", "message=-1 | x"},
    {"--message \xff精", "message=\xff精 |"},
    /* The value of a letter is the next word, wherever the letter stands. */
    {"-nt pipe x", "dry-run type=pipe | x"},
    {"-tn pipe x", "dry-run type=pipe | x"},
    {"-tpipe x", "unknown: -pipe"},
    {"-tm a b", "Error parsing option -m"},
    {"-tt a b", "Error parsing option -t"},
    {"--type", "Missing argument for --type"},
    {"-t", "Missing argument for -t"},
    {"-at", "Missing argument for -t"},
    {"--exclude a --exclude", "Missing argument for --exclude"},
    {"--all=yes", "--all takes no value"},
    {"--all=", "--all takes no value"},
    {"--force=x", "--force takes no value"},
    /* No abbreviations, no other case, no other dashes. */
    {"--al", "unknown: --al"},
    {"--allx", "unknown: --allx"},
    {"--typ=pipe", "unknown: --typ=pipe"},
    {"--All", "unknown: --All"},
    {"---all", "unknown: ---all"},
    {"--=x", "unknown: --=x"},
    {"-=", "unknown: -="},
    {"-A", "unknown: -A"},
    {"-aZnY", "unknown: -ZY"},
    {"-é", "unknown: -é"},
    {"-5", "unknown: -5"},
    {"-all", "unknown: -all"},
    {"-type=pipe", "unknown: -type=pipe"},
    {"-dry-run", "unknown: -dry-run"},
    /* Known, but of another command: its value is not read. */
    {"--force", "unknown: --force"},
    {"-f", "unknown: -f"},
    {"--output x", "unknown: --output"},
    /* What is told where several things are wrong. */
    {"--one --two", "unknown: --one"},
    {"--one --type", "Missing argument for --type"},
    {"--one -tt a", "Error parsing option -t"},
    {"--type --one --all=x", "--all takes no value"},
    {"--one -tt a --all=x", "--all takes no value"},
    {"--all=x -all", "--all takes no value"},
};

static void
test_parse(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *found = parse(cases[i].line);
    g_autofree char *shown = g_strescape(cases[i].line, NULL);
    g_test_message("%s", shown);
    g_assert_cmpstr(found, ==, cases[i].expected);
  }
}

/* No word at all, not even the program's name. */
static void
test_no_words(void)
{
  Options options = {0};
  g_autoptr(GArray) slots = make_slots(&options);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autoptr(GStrvBuilder) args = g_strv_builder_new();
  g_autofree char *unknown = NULL;
  g_assert_true(option_parse(slots, words, args, &unknown, NULL));
}

static void
test_span(void)
{
  static const struct {
    const char *word;
    guint span;
  } spans[] = {
      {"--all", 1}, {"--type", 2},   {"--type=x", 1}, {"--type=", 1}, {"--exclude", 2}, {"--x", 1},
      {"-a", 1},    {"-t", 2},       {"-at", 2},      {"-ta", 1},     {"-tpipe", 1},    {"-Zt", 2},
      {"-Z", 1},    {"--output", 2}, {"-o", 2},       {"-", 1},       {"", 1},          {"t", 1},
  };
  Options options = {0};
  g_autoptr(GArray) slots = make_slots(&options);
  for (gsize i = 0; i < G_N_ELEMENTS(spans); i++) {
    g_test_message("%s", spans[i].word);
    g_assert_cmpuint(option_span(slots, spans[i].word), ==, spans[i].span);
  }
}

static void
test_find(void)
{
  g_autoptr(GArray) slots = make_slots(NULL);
  g_assert_cmpstr(option_find(slots, "type=x", 4)->option->argument, ==, "KIND");
  g_assert_null(option_find(slots, "type", 3));
  g_assert_null(option_find(slots, "", 0));
  g_assert_null(option_find(slots, "type", 4)->place);
  g_assert_true(option_is("-a") && option_is("--"));
  g_assert_false(option_is("-") || option_is("a") || option_is(""));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/option/parse", test_parse);
  g_test_add_func("/option/no_words", test_no_words);
  g_test_add_func("/option/span", test_span);
  g_test_add_func("/option/find", test_find);
  return g_test_run();
}
