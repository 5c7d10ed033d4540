/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include "command_line.h"
#include "completion_text.h"

#include <glib/gi18n.h>

/* Text in single quotes: only a quote and a backslash are special there. */
static char *
quoted(const char *text)
{
  GString *out = g_string_new("'");
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '\'' || *at == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *at);
  }
  g_string_append_c(out, '\'');
  return g_string_free(out, FALSE);
}

static void
add_option(GString *script, const char *condition, const Option *option)
{
  g_autofree char *text = quoted(_(option->help));
  g_autofree char *words = completion_value_words(option->argument);
  g_string_append_printf(script, "complete -c owup -n '%s' -l %s", condition, option->name);
  if (option->letter != 0)
    g_string_append_printf(script, " -s %c", option->letter);
  if (option_takes_value(option) && words != NULL && *words == '\0')
    g_string_append(script, " -r -F");
  else if (option_takes_value(option))
    g_string_append_printf(script, " -x -a '%s'", words != NULL ? words : "");
  g_string_append_printf(script, " -d %s\n", text);
}

static void
add_table(GString *script, const char *condition, const Option *table)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++)
    add_option(script, condition, at);
}

static void
add_plugins(GString *script, const char *condition)
{
  g_string_append_printf(script, "complete -c owup -n '%s' -F -a '(owup list -q 2>/dev/null)'\n",
                         condition);
}

/* A word that is chosen from a few, and the plugin before or after it. */
static void
add_choices(GString *script, const char *condition, const Command *command)
{
  g_autofree char *plugin =
      g_strdup_printf("%s; and __owup_word %u", condition, 3 - command->choices_at);
  add_plugins(script, plugin);
  g_string_append_printf(script, "complete -c owup -n '%s; and __owup_word %u' -a '%s'\n",
                         condition, command->choices_at, command->choices);
}

static void
add_plugins_or_folders(GString *script, const char *condition)
{
  g_autofree char *plugins = g_strconcat(condition, "; and not __owup_all", NULL);
  add_plugins(script, plugins);
  g_string_append_printf(
      script, "complete -c owup -n '%s; and __owup_all' -a '(__fish_complete_directories)'\n",
      condition);
}

static void
add_args(GString *script, const char *condition, const Command *const *commands, ArgsKind args)
{
  if (args == ARGS_PLUGINS)
    add_plugins(script, condition);
  else if (args == ARGS_PLUGINS_ALL)
    add_plugins_or_folders(script, condition);
  else if (args == ARGS_FOLDERS)
    g_string_append_printf(script, "complete -c owup -n '%s' -a '(__fish_complete_directories)'\n",
                           condition);
  else if (args == ARGS_SHELLS)
    g_string_append_printf(script, "complete -c owup -n '%s' -a '" COMPLETION_SHELLS "'\n",
                           condition);
  for (const Command *const *at = commands; args == ARGS_COMMANDS && *at != NULL; at++)
    g_string_append_printf(script, "complete -c owup -n '%s' -a %s\n", condition, (*at)->name);
}

static void
add_command(GString *script, const Command *const *commands, const Command *command)
{
  g_autofree char *text = quoted(_(command->summary));
  g_autofree char *condition = g_strdup_printf("__fish_seen_subcommand_from %s%s%s", command->name,
                                               command->alias != NULL ? " " : "",
                                               command->alias != NULL ? command->alias : "");
  g_string_append_printf(script, "complete -c owup -n __fish_use_subcommand -a %s -d %s\n",
                         command->name, text);
  if (command->choices != NULL)
    add_choices(script, condition, command);
  else
    add_args(script, condition, commands, command->args);
  if (command->takes_command)
    g_string_append_printf(
        script, "complete -c owup -n '%s; and __owup_tail >/dev/null' -a '(__owup_tail)'\n",
        condition);
  add_table(script, condition, command->options);
  if (command->needs_server)
    add_table(script, condition, command_line_server_options);
}

/* The script's __owup_word N: is the Nth word after the command typed now? Its __owup_tail: what
 * completes the command after "--"; false where there is none. */
char *
completion_fish(const Command *const *commands)
{
  CompletionPart parts[] = {{"COMPLETE", g_string_new(NULL)}, {NULL}};
  GString *script = parts[0].text;
  add_table(script, "__fish_use_subcommand", command_line_top_options);
  add_table(script, "true", command_line_common_options);
  for (const Command *const *at = commands; *at != NULL; at++)
    add_command(script, commands, *at);
  return completion_text_fill(completion_text_fish, parts);
}
