/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include "command_line.h"
#include "completion_text.h"

/* " --quiet -q" for each option of a table. */
static void
add_spellings(GString *script, const Option *table)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++) {
    g_string_append_printf(script, " --%s", at->name);
    if (at->letter != 0)
      g_string_append_printf(script, " -%c", at->letter);
  }
}

/* "--type|-t": a pattern for `case`. */
static void
add_pattern(GString *script, const Option *option)
{
  g_string_append_printf(script, "--%s", option->name);
  if (option->letter != 0)
    g_string_append_printf(script, "|-%c", option->letter);
}

/* How the value of one option is completed: a branch of `case $prev`. */
static void
add_value_case(GString *script, const Option *option)
{
  g_autofree char *words = completion_value_words(option->argument);
  g_string_append(script, "    ");
  add_pattern(script, option);
  g_string_append(script, ")\n");
  if (words == NULL)
    g_string_append(script, "      ;;\n");
  else if (*words == '\0')
    g_string_append(script, "      _owup_files ;;\n");
  else
    g_string_append_printf(script, "      _owup_words %s ;;\n", words);
}

static void
add_command_names(GString *script, const Command *const *commands)
{
  for (const Command *const *at = commands; *at != NULL; at++)
    g_string_append_printf(script, " %s", (*at)->name);
}

/* " sandbox": a pattern for `case`. */
static void
add_commands_with_tail(GString *script, const Command *const *commands)
{
  const char *before = " ";
  for (const Command *const *at = commands; *at != NULL; at++) {
    if (!(*at)->takes_command)
      continue;
    g_string_append_printf(script, "%s%s", before, (*at)->name);
    before = "|";
  }
}

static void
add_args(GString *script, const Command *const *commands, ArgsKind args)
{
  static const char *const actions[] = {
      [ARGS_NONE] = "",
      [ARGS_PLUGINS] = "_owup_plugins \"$1\" ",
      [ARGS_PLUGINS_ALL] = "if ((all)); then _owup_files -d; else _owup_plugins \"$1\"; fi ",
      [ARGS_FOLDERS] = "_owup_files -d ",
      [ARGS_COMMANDS] = "_owup_words",
      [ARGS_SHELLS] = ("_owup_words " COMPLETION_SHELLS " "),
  };
  g_string_append_printf(script, "      %s", actions[args]);
  if (args == ARGS_COMMANDS) {
    add_command_names(script, commands);
    g_string_append_c(script, ' ');
  }
  g_string_append(script, ";;\n");
}

/* The args of a command one of which is chosen from a few. */
static void
add_choices(GString *script, const Command *command)
{
  g_string_append_printf(script,
                         "      case $index in\n"
                         "        %u) _owup_words %s ;;\n"
                         "        %u) _owup_plugins \"$1\" ;;\n"
                         "      esac ;;\n",
                         command->choices_at, command->choices, 3 - command->choices_at);
}

/* "    list:-*|ls:-*)": a pattern for `case $command:$cur`, by name and alias. */
static void
add_command_pattern(GString *script, const Command *command, const char *rest)
{
  g_string_append_printf(script, "    %s:%s", command->name, rest);
  if (command->alias != NULL)
    g_string_append_printf(script, "|%s:%s", command->alias, rest);
  g_string_append(script, ")\n");
}

/* Two branches a command: its options, its args. */
static void
add_command_case(GString *script, const Command *const *commands, const Command *command)
{
  add_command_pattern(script, command, "-*");
  g_string_append(script, "      _owup_words");
  add_spellings(script, command->options);
  if (command->needs_server)
    add_spellings(script, command_line_server_options);
  add_spellings(script, command_line_common_options);
  g_string_append(script, " ;;\n");
  add_command_pattern(script, command, "*");
  if (command->choices != NULL)
    add_choices(script, command);
  else
    add_args(script, commands, command->args);
}

/* An id comes from a file and may hold what a shell would run: the script quotes it, and it never
 * goes through `compgen -W`, which expands its words. */
char *
completion_bash(const Command *const *commands)
{
  g_autoptr(GPtrArray) options = completion_value_options(commands);
  CompletionPart parts[] = {
      {"VALUE_OPTIONS", g_string_new(NULL)},
      {"COMMANDS_THAT_RUN", g_string_new(NULL)},
      {"VALUE_CASES", g_string_new(NULL)},
      {"TOP_OPTIONS", g_string_new(NULL)},
      {"COMMANDS", g_string_new(NULL)},
      {"COMMAND_CASES", g_string_new(NULL)},
      {NULL},
  };
  for (guint i = 0; i < options->len; i++) {
    g_string_append(parts[0].text, i > 0 ? "|" : "");
    add_pattern(parts[0].text, options->pdata[i]);
    add_value_case(parts[2].text, options->pdata[i]);
  }
  add_commands_with_tail(parts[1].text, commands);
  add_spellings(parts[3].text, command_line_top_options);
  add_spellings(parts[3].text, command_line_common_options);
  add_command_names(parts[4].text, commands);
  for (const Command *const *at = commands; *at != NULL; at++)
    add_command_case(parts[5].text, commands, *at);
  return completion_text_fill(completion_text_bash, parts);
}
