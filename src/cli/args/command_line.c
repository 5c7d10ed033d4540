/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include "args_times.h"
#include "did_you_mean.h"
#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the rows' fields are in. */
typedef GlobalOptions Options;

const Option command_line_common_options[] = {
    OPTION_FLAG("json", 0, json, "One JSON object a line, for programs"),
    OPTION_FLAG("quiet", 'q', quiet, "Only what went wrong"),
    OPTION_FLAG("verbose", 'v', verbose, "Requests, and where each setting came from"),
    OPTION_FLAG("help", 'h', help, "This help"),
    {NULL},
};

const Option command_line_server_options[] = {
    OPTION_TEXT("url", 0, url, "The server (http://localhost:3000)", "URL"),
    OPTION_TEXTS("env-file", 0, env_files, "Take url= and api_key= from this file first", "FILE"),
    OPTION_TEXT("timeout", 0, timeout,
                "Wait so long without a byte (10; 300 where the server installs packages)",
                "SECONDS"),
    OPTION_TEXTS("header", 0, headers, "Send this header too, for a proxy; may be repeated",
                 "'NAME: VALUE'"),
    OPTION_TEXT("cacert", 0, cacert, "Trust the certificate authorities in this PEM file", "FILE"),
    OPTION_FLAG("insecure", 0, insecure, "Do not check the server's certificate"),
    {NULL},
};

const Option command_line_top_options[] = {
    OPTION_FLAG("version", 'V', version, "The version of owup"),
    {NULL},
};

void
command_line_add_options(GArray *slots, const Command *const *commands, const Command *command,
                         CommandLine *line)
{
  gpointer global = line != NULL ? &line->global : NULL;
  if (command != NULL)
    option_add_table(slots, command->options, line != NULL ? line->options : NULL);
  option_add_table(slots, command_line_common_options, global);
  if (command == NULL || command->needs_server)
    option_add_table(slots, command_line_server_options, global);
  if (command != NULL)
    return;
  option_add_table(slots, command_line_top_options, global);
  for (const Command *const *at = commands; *at != NULL; at++)
    option_add_table(slots, (*at)->options, NULL);
}

/* Whoever names two means two servers: the last one alone would be a surprise. */
static gboolean
check_env_files(char **files, GError **error)
{
  if (files == NULL || files[1] == NULL)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_USAGE, _("--env-file stands there twice"));
  return owup_error_add_hint(error, _("For two servers, run owup twice, with one each."));
}

/* What `words` say, into its places. */
static gboolean
read_options(CommandLine *line, const GArray *slots, const GPtrArray *words, GStrvBuilder *args,
             GError **error)
{
  g_autofree char *unknown = NULL;
  GError *wrong = NULL;
  if (!option_parse(slots, words, args, &unknown, &wrong)) {
    if (wrong != NULL)
      did_you_mean_see_help(wrong, line->command);
    g_propagate_error(
        error, wrong != NULL ? wrong : did_you_mean_option(line->commands, line->command, unknown));
    return FALSE;
  }
  int seconds = 0;
  if (!check_env_files(line->global.env_files, error) ||
      !command_option_number("--timeout", line->global.timeout, 1, LONGEST_TIMEOUT_S, &seconds,
                             error))
    return FALSE;
  line->idle_timeout_ms = (guint)seconds * 1000;
  return TRUE;
}

/* The first word that is no option and no option's value, or `words->len`. */
static guint
find_arg(const GArray *slots, const GPtrArray *words)
{
  guint at = 1;
  while (at < words->len && option_is(words->pdata[at]))
    at += option_span(slots, words->pdata[at]);
  return MIN(at, words->len);
}

/* The option that was to carry a key: what follows it must not be taken for a command, which would
 * be shown. */
static const char *
find_key_option(const GArray *slots, const GPtrArray *words)
{
  for (guint i = 1; i < words->len; i += option_span(slots, words->pdata[i])) {
    const char *word = words->pdata[i];
    if (g_str_has_prefix(word, "--") && did_you_mean_as_key(word + 2, strcspn(word + 2, "=")))
      return word;
  }
  return NULL;
}

/* A command to run lacks its "--". */
static gboolean
check_stray_command(const CommandLine *line, const GArray *slots, const GPtrArray *words,
                    GError **error)
{
  guint stray = find_arg(slots, words);
  if (!line->command->takes_command || line->trailing_args != NULL || stray == words->len)
    return TRUE;
  g_propagate_error(error, did_you_mean_to_run(line->command, words, stray));
  return FALSE;
}

/* --version and --help without a command, or nothing at all. */
static gboolean
read_top(CommandLine *line, const GArray *slots, const GPtrArray *words, GStrvBuilder *args,
         GError **error)
{
  if (!read_options(line, slots, words, args, error))
    return FALSE;
  if (line->global.help || line->global.version)
    line->command = command_find(line->commands, line->global.help ? "help" : "version");
  line->global.help = FALSE;
  return TRUE;
}

/* `words`: what stands before "--". The command is taken out of them. */
static gboolean
read_words(CommandLine *line, GPtrArray *words, GStrvBuilder *args, GError **error)
{
  g_autoptr(GArray) any = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
  g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
  command_line_add_options(any, line->commands, NULL, line);
  guint at = find_arg(any, words);
  const char *name = at < words->len ? g_ptr_array_remove_index(words, at) : NULL;
  const char *key = find_key_option(any, words);
  line->command = name != NULL ? command_find(line->commands, name) : NULL;
  if (key != NULL) {
    g_propagate_error(error, did_you_mean_option(line->commands, line->command, key));
    return FALSE;
  }
  if (name == NULL)
    return read_top(line, any, words, args, error);
  if (line->command == NULL) {
    g_propagate_error(error, did_you_mean_error(line->commands, name, words));
    return FALSE;
  }
  line->options = g_malloc0(MAX(line->command->options_size, 1));
  command_line_add_options(own, line->commands, line->command, line);
  return check_stray_command(line, own, words, error) &&
         read_options(line, own, words, args, error);
}

gboolean
command_line_parse(CommandLine *line, const Command *const *commands, int argc, char **argv,
                   GError **error)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autoptr(GStrvBuilder) args = g_strv_builder_new();
  int i = 0;
  line->commands = commands;
  for (; i < argc && (i == 0 || !g_str_equal(argv[i], "--")); i++)
    g_ptr_array_add(words, argv[i]);
  line->trailing_args = i < argc ? g_strdupv(argv + i + 1) : NULL;
  gboolean json = g_ptr_array_find_with_equal_func(words, "--json", g_str_equal, NULL);
  gboolean parsed = read_words(line, words, args, error);
  line->global.json = line->global.json || (!parsed && json);
  if (line->trailing_args != NULL && (line->command == NULL || !line->command->takes_command)) {
    g_strv_builder_addv(args, (const char **)line->trailing_args);
    g_clear_pointer(&line->trailing_args, g_strfreev);
  }
  line->args = g_strv_builder_end(args);
  return parsed;
}

void
command_line_clear(CommandLine *line)
{
  option_clear(command_line_common_options, &line->global);
  option_clear(command_line_server_options, &line->global);
  if (line->command != NULL && line->options != NULL)
    option_clear(line->command->options, line->options);
  g_free(line->options);
  g_clear_pointer(&line->args, g_strfreev);
  g_clear_pointer(&line->trailing_args, g_strfreev);
  g_clear_pointer(&line->report, report_free);
}
