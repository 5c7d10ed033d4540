/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include "command_line.h"
#include "completion_text.h"

#include <glib/gi18n.h>

/* Text inside single quotes of an _arguments specification. */
static char *
spec_text(const char *text)
{
  GString *out = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '\'')
      g_string_append(out, "'\\''");
    else if (*at == ':' || *at == '[' || *at == ']' || *at == '\\')
      g_string_append_printf(out, "\\%c", *at);
    else
      g_string_append_c(out, *at);
  }
  return g_string_free(out, FALSE);
}

/* ":message:action" for an option with a value. */
static char *
value_spec(const Option *option)
{
  g_autofree char *words = completion_value_words(option->argument);
  g_autofree char *message = NULL;
  if (!option_takes_value(option))
    return g_strdup("");
  message = spec_text(option->argument != NULL ? option->argument : "");
  if (words == NULL)
    return g_strdup_printf(":%s: ", message);
  if (*words == '\0')
    return g_strdup_printf(":%s:_files", message);
  return g_strdup_printf(":value:(%s)", words);
}

static void
add_option(GString *script, const Option *option)
{
  g_autofree char *text = spec_text(_(option->help));
  g_autofree char *value = value_spec(option);
  const char *repeat = option->type == OPTION_TYPE_TEXTS ? "*" : "";
  gboolean takes_value = option_takes_value(option);
  /* "=" and "+": the value may also stand in the same word, --type=pipe and -tpipe. */
  g_string_append_printf(script, " \\\n        '%s--%s%s[%s]%s'", repeat, option->name,
                         takes_value ? "=" : "", text, value);
  if (option->letter != 0)
    g_string_append_printf(script, " \\\n        '%s-%c%s[%s]%s'", repeat, option->letter,
                           takes_value ? "+" : "", text, value);
}

static void
add_table(GString *script, const Option *table)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++)
    add_option(script, at);
}

/* NULL: the command takes no args. */
static char *
args_action(const Command *command)
{
  static const char *const actions[] = {
      [ARGS_NONE] = NULL,
      [ARGS_PLUGINS] = "*:plugin:_owup_plugins",
      [ARGS_PLUGINS_ALL] = "*:plugin:_owup_plugins_or_folders",
      [ARGS_FOLDERS] = "*:folder:_files -/",
      [ARGS_COMMANDS] = "*:command:_owup_commands",
      [ARGS_SHELLS] = ("*:shell:(" COMPLETION_SHELLS ")"),
  };
  if (command->choices != NULL)
    return g_strdup_printf("%u:word:(%s)' '%u:plugin:_owup_plugins", command->choices_at,
                           command->choices, 3 - command->choices_at);
  return g_strdup(actions[command->args]);
}

static void
add_command(GString *script, const Command *command)
{
  g_autofree char *args = args_action(command);
  g_string_append_printf(script, "    %s%s%s)\n", command->name, command->alias != NULL ? "|" : "",
                         command->alias != NULL ? command->alias : "");
  if (command->takes_command)
    g_string_append(script, "      if (( words[(i)--] < CURRENT )); then\n"
                            "        (( CURRENT -= words[(i)--] ))\n"
                            "        shift ${words[(i)--]} words\n"
                            "        _normal\n"
                            "        return\n"
                            "      fi\n");
  g_string_append(script, "      _arguments -S");
  add_table(script, command->options);
  if (command->needs_server)
    add_table(script, command_line_server_options);
  add_table(script, command_line_common_options);
  if (args != NULL)
    g_string_append_printf(script, " \\\n        '%s'", args);
  g_string_append(script, " ;;\n");
}

char *
completion_zsh(const Command *const *commands)
{
  CompletionPart parts[] = {
      {"COMMANDS", g_string_new(NULL)},
      {"TOP_OPTIONS", g_string_new(NULL)},
      {"COMMAND_CASES", g_string_new(NULL)},
      {NULL},
  };
  add_table(parts[1].text, command_line_top_options);
  add_table(parts[1].text, command_line_common_options);
  for (const Command *const *at = commands; *at != NULL; at++) {
    g_autofree char *text = spec_text(_((*at)->summary));
    g_string_append_printf(parts[0].text, "    '%s:%s'\n", (*at)->name, text);
    add_command(parts[2].text, *at);
  }
  return completion_text_fill(completion_text_zsh, parts);
}
