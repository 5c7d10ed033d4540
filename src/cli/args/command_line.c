#include "command_line.h"

#include "args_times.h"
#include "closest_word.h"
#include "did_you_mean.h"
#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the rows' fields are in. */
typedef GlobalOptions Options;

static const GOptionEntry common[] = {
    OPTION_FLAG("json", 0, json, "One JSON object a line, for programs"),
    OPTION_FLAG("quiet", 'q', quiet, "Only what went wrong"),
    OPTION_FLAG("verbose", 'v', verbose, "Requests, and where each setting came from"),
    OPTION_FLAG("help", 'h', help, "This help"),
    {NULL},
};

static const GOptionEntry client[] = {
    OPTION_TEXT("url", 0, url, "The server (http://localhost:3000)", "URL"),
    OPTION_TEXTS("env-file", 0, env_files, "Take url= and api_key= from this file first", "FILE"),
    OPTION_TEXT("timeout", 0, timeout_text,
                "Wait so long without a byte (10; 300 where the server installs packages)",
                "SECONDS"),
    OPTION_TEXTS("header", 0, headers, "Send this header too, for a proxy; may be repeated",
                 "'NAME: VALUE'"),
    OPTION_TEXT("cacert", 0, cacert, "Trust the certificate authorities in this PEM file", "FILE"),
    OPTION_FLAG("insecure", 0, insecure, "Do not check the server's certificate"),
    {NULL},
};

static const GOptionEntry top[] = {
    {"version", 'V', 0, G_OPTION_ARG_NONE, NULL, N_("The version of owup"), NULL},
    {NULL},
};

static const GOptionEntry none[] = {{NULL}};

const GOptionEntry *
command_line_common_options(void)
{
  return common;
}

const GOptionEntry *
command_line_server_options(void)
{
  return client;
}

const GOptionEntry *
command_line_top_options(void)
{
  return top;
}

gboolean
command_line_option_takes_value(const GOptionEntry *entry)
{
  return entry->arg != G_OPTION_ARG_NONE;
}

/* The tables whose options a command takes, NULL-terminated; all of them for NULL. */
static GPtrArray *
tables_of(const Command *command)
{
  GPtrArray *tables = g_ptr_array_new();
  g_ptr_array_add(tables,
                  (gpointer)(command != NULL && command->options ? command->options : none));
  g_ptr_array_add(tables, (gpointer)common);
  if (command == NULL || command->needs_server)
    g_ptr_array_add(tables, (gpointer)client);
  if (command != NULL)
    return tables;
  g_ptr_array_add(tables, (gpointer)top);
  for (const Command *const *at = command_table(); *at != NULL; at++)
    if ((*at)->options != NULL)
      g_ptr_array_add(tables, (gpointer)(*at)->options);
  return tables;
}

/* By its long name (`len` bytes), or by the letter where `len` is 0. */
static const GOptionEntry *
find_in(GPtrArray *tables, const char *name, gsize len, char letter)
{
  for (guint i = 0; i < tables->len; i++)
    for (const GOptionEntry *at = tables->pdata[i]; at->long_name != NULL; at++)
      if (len > 0 ? strlen(at->long_name) == len && strncmp(at->long_name, name, len) == 0
                  : at->short_name == letter)
        return at;
  return NULL;
}

/* How many words the option `word` spans: 2 where its value is the next one. */
static guint
option_span(GPtrArray *tables, const char *word)
{
  if (word[1] == '-') {
    gsize len = strcspn(word + 2, "=");
    const GOptionEntry *entry = len > 0 ? find_in(tables, word + 2, len, 0) : NULL;
    return entry != NULL && command_line_option_takes_value(entry) && word[2 + len] == '\0' ? 2 : 1;
  }
  for (const char *at = word + 1; *at != '\0'; at++) {
    const GOptionEntry *entry = find_in(tables, NULL, 0, *at);
    if (entry != NULL && command_line_option_takes_value(entry))
      return at[1] == '\0' ? 2 : 1;
  }
  return 1;
}

static gboolean
is_option(const char *word)
{
  return word[0] == '-' && word[1] != '\0';
}

/* Takes the first word that is no option out of `head` (argv[0] stays); NULL: there is none. */
static char *
take_command_word(GPtrArray *head)
{
  g_autoptr(GPtrArray) tables = tables_of(NULL);
  for (guint i = 1; i < head->len; i++) {
    const char *word = head->pdata[i];
    if (is_option(word))
      i += option_span(tables, word) - 1;
    else
      return g_ptr_array_steal_index(head, i);
  }
  return NULL;
}

/* The same table with its values going to `base` instead of to offsets. */
static void
add_entries(GOptionContext *context, const GOptionEntry *table, gpointer base)
{
  g_autoptr(GArray) placed = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
  for (const GOptionEntry *at = table; at->long_name != NULL; at++) {
    GOptionEntry entry = *at;
    entry.arg_data = (char *)base + GPOINTER_TO_SIZE(at->arg_data);
    g_array_append_val(placed, entry);
  }
  g_option_context_add_main_entries(context, (GOptionEntry *)(void *)placed->data, NULL);
}

static void
free_values(const GOptionEntry *table, gpointer base)
{
  for (const GOptionEntry *at = table; at->long_name != NULL; at++) {
    gpointer place = (char *)base + GPOINTER_TO_SIZE(at->arg_data);
    if (at->arg == G_OPTION_ARG_FILENAME)
      g_clear_pointer((char **)place, g_free);
    else if (at->arg == G_OPTION_ARG_FILENAME_ARRAY)
      g_clear_pointer((char ***)place, g_strfreev);
  }
}

/* The command that knows the option, other than `command`. */
static const Command *
other_owner(const Command *command, const char *name, gsize len)
{
  for (const Command *const *at = command_table(); *at != NULL; at++) {
    g_autoptr(GPtrArray) tables = tables_of(*at);
    if (*at != command && find_in(tables, name, len, 0) != NULL)
      return *at;
  }
  return NULL;
}

static const char *
nearest_option(const Command *command, const char *name)
{
  g_autoptr(GPtrArray) tables = tables_of(command);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < tables->len; i++)
    for (const GOptionEntry *at = tables->pdata[i]; at->long_name != NULL; at++)
      g_ptr_array_add(names, (gpointer)at->long_name);
  g_ptr_array_add(names, NULL);
  return closest_word(name, (const char *const *)names->pdata);
}

static char *
see_help(const Command *command)
{
  return command != NULL ? g_strdup_printf(_("See: owup help %s"), command->name)
                         : g_strdup(_("See: owup help"));
}

/* `word` is no option of the command: says which was meant. What follows "=" may be a secret. */
static GError *
unknown_option(const Command *command, const char *word)
{
  gsize dashes = strspn(word, "-");
  gsize len = strcspn(word + dashes, "=");
  g_autofree char *shown = g_strndup(word, dashes + len);
  g_autofree char *name = g_strndup(word + dashes, len);
  g_autofree char *see = see_help(command);
  gboolean is_long = dashes == 2 && len > 0;
  const Command *owner = is_long ? other_owner(command, name, len) : NULL;
  const char *nearest = dashes == 2 || len > 1 ? nearest_option(command, name) : NULL;
  const char *instead = did_you_mean_instead_of_option(command, name);
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown option %s"), shown);
  if (instead != NULL)
    owup_error_set_hint(error, "%s", instead);
  else if (owner != NULL)
    owup_error_set_hint(error, _("%s is an option of owup %s. %s"), shown, owner->name, see);
  else if (nearest != NULL)
    owup_error_set_hint(error, _("Did you mean --%s? %s"), nearest, see);
  else
    owup_error_set_hint(error, "%s", see);
  return error;
}

/* "-all": the letters of an option's name after one dash. */
static gboolean
lacks_a_dash(GPtrArray *tables, const char *word, gsize len)
{
  return word[1] != '-' && len > 2 && find_in(tables, word + 1, len - 1, 0) != NULL;
}

/* GOptionContext takes --json=no for --json, and -all for -a -l -l. */
static GError *
check_flags(const Command *command, GPtrArray *tables, GPtrArray *head)
{
  for (guint i = 1; i < head->len; i++) {
    const char *word = head->pdata[i];
    gsize len = strcspn(word, "=");
    if (!is_option(word))
      continue;
    if (lacks_a_dash(tables, word, len))
      return unknown_option(command, word);
    i += option_span(tables, word) - 1;
    const GOptionEntry *entry = g_str_has_prefix(word, "--") && len > 2 && word[len] == '='
                                    ? find_in(tables, word + 2, len - 2, 0)
                                    : NULL;
    if (entry != NULL && !command_line_option_takes_value(entry)) {
      g_autofree char *see = see_help(command);
      GError *error = owup_error_new(OWUP_ERROR_USAGE, _("--%s takes no value"), entry->long_name);
      owup_error_set_hint(error, "%s", see);
      return error;
    }
  }
  return NULL;
}

/* Whoever names two means two servers: the last one alone would be a surprise. */
static gboolean
check_env_files(char **files, GError **error)
{
  if (files == NULL || files[1] == NULL)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_USAGE, _("--env-file stands there twice"));
  if (error != NULL)
    owup_error_set_hint(*error, _("For two servers, run owup twice, with one each."));
  return FALSE;
}

/* Options into their places; what is left in `head` are words. */
static gboolean
parse_options(CommandLine *line, const GOptionEntry *own, GPtrArray *head, GError **error)
{
  g_autoptr(GPtrArray) tables = tables_of(line->command);
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) reason = check_flags(line->command, tables, head);
  if (reason != NULL) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
  }
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_ignore_unknown_options(context, TRUE);
  add_entries(context, common, &line->global);
  if (line->command == NULL || line->command->needs_server)
    add_entries(context, client, &line->global);
  add_entries(context, own, line->options);
  g_ptr_array_add(head, NULL);
  char **left = (char **)g_ptr_array_steal(head, NULL);
  gboolean parsed = g_option_context_parse_strv(context, &left, &reason);
  for (char **at = left; *at != NULL; at++)
    g_ptr_array_add(head, *at);
  g_free(left);
  if (!parsed) {
    g_autofree char *see = see_help(line->command);
    owup_error_set(error, OWUP_ERROR_USAGE, "%s", reason->message);
    if (error != NULL)
      owup_error_set_hint(*error, "%s", see);
    return FALSE;
  }
  for (guint i = 1; i < head->len; i++) {
    if (is_option(head->pdata[i])) {
      g_propagate_error(error, unknown_option(line->command, head->pdata[i]));
      return FALSE;
    }
  }
  return check_env_files(line->global.env_files, error) &&
         command_option_number("--timeout", line->global.timeout_text, 1, LONGEST_TIMEOUT_S,
                               &line->global.timeout, error);
}

/* The option that was to carry a key: what follows it must not be taken for a command, which would
 * be shown. */
static const char *
find_key_option(GPtrArray *head)
{
  g_autoptr(GPtrArray) tables = tables_of(NULL);
  for (guint i = 1; i < head->len; i++) {
    const char *word = head->pdata[i];
    if (g_str_has_prefix(word, "--") && did_you_mean_as_key(word + 2, strcspn(word + 2, "=")))
      return word;
    if (is_option(word))
      i += option_span(tables, word) - 1;
  }
  return NULL;
}

/* The first word of a command to run that lacks its "--", or 0. */
static guint
find_stray_command(const Command *command, GPtrArray *head)
{
  g_autoptr(GPtrArray) tables = tables_of(command);
  for (guint i = 1; command->takes_command && i < head->len; i++) {
    if (!is_option(head->pdata[i]))
      return i;
    i += option_span(tables, head->pdata[i]) - 1;
  }
  return 0;
}

/* What is wrong with the line before its options are read, or NULL. `word`: the command's, or NULL.
 */
static GError *
check_line(CommandLine *line, const char *word, GPtrArray *head)
{
  line->command = word != NULL ? command_find(word) : NULL;
  const char *key = find_key_option(head);
  if (key != NULL)
    return unknown_option(line->command, key);
  if (word == NULL)
    return NULL;
  if (line->command == NULL)
    return did_you_mean_error(word, head);
  guint stray = line->trailing_args == NULL ? find_stray_command(line->command, head) : 0;
  return stray > 0 ? did_you_mean_to_run(line->command, head, stray) : NULL;
}

/* Everything before the first "--", with argv[0]; `*tail` is then what follows it, or NULL. */
static GPtrArray *
split_words(int argc, char **argv, char ***trailing_args)
{
  GPtrArray *head = g_ptr_array_new_with_free_func(g_free);
  int i = 0;
  for (; i < argc && (i == 0 || !g_str_equal(argv[i], "--")); i++)
    g_ptr_array_add(head, g_strdup(argv[i]));
  *trailing_args = i < argc ? g_strdupv(argv + i + 1) : NULL;
  return head;
}

static gboolean
holds_word(GPtrArray *args, const char *word)
{
  return g_ptr_array_find_with_equal_func(args, word, g_str_equal, NULL);
}

/* The words, in order; those after "--" too where they are no command of their own. */
static char **
collect_words(const Command *command, GPtrArray *head, char **trailing_args)
{
  g_autoptr(GStrvBuilder) args = g_strv_builder_new();
  for (guint i = 1; i < head->len; i++)
    g_strv_builder_add(args, head->pdata[i]);
  if (trailing_args != NULL && !(command != NULL && command->takes_command))
    g_strv_builder_addv(args, (const char **)trailing_args);
  return g_strv_builder_end(args);
}

/* --version and --help without a command, or nothing at all. */
static gboolean
parse_top(CommandLine *line, GPtrArray *head, GError **error)
{
  gboolean version = FALSE;
  line->options = &version;
  gboolean parsed = parse_options(line, top, head, error);
  line->options = NULL;
  if (version)
    line->command = &command_version;
  if (line->global.help)
    line->command = &command_help;
  line->global.help = FALSE;
  return parsed;
}

gboolean
command_line_parse(CommandLine *line, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) head = split_words(argc, argv, &line->trailing_args);
  gboolean json = holds_word(head, "--json");
  g_autofree char *word = take_command_word(head);
  gboolean parsed = FALSE;
  GError *wrong = check_line(line, word, head);
  if (wrong != NULL) {
    g_propagate_error(error, wrong);
  } else if (word == NULL) {
    parsed = parse_top(line, head, error);
  } else {
    line->options = g_malloc0(MAX(line->command->options_size, 1));
    parsed =
        parse_options(line, line->command->options ? line->command->options : none, head, error);
  }
  line->global.json = line->global.json || (!parsed && json);
  line->args = collect_words(line->command, head, line->trailing_args);
  if (line->command == NULL || !line->command->takes_command)
    g_clear_pointer(&line->trailing_args, g_strfreev);
  return parsed;
}

void
command_line_clear(CommandLine *line)
{
  free_values(common, &line->global);
  free_values(client, &line->global);
  if (line->command != NULL && line->command->options != NULL && line->options != NULL)
    free_values(line->command->options, line->options);
  g_free(line->options);
  g_clear_pointer(&line->args, g_strfreev);
  g_clear_pointer(&line->trailing_args, g_strfreev);
  g_clear_pointer(&line->report, report_free);
}
