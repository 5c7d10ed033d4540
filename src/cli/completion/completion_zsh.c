#include "completion.h"

#include "command_line.h"

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
value_spec(const Option *entry)
{
  g_autofree char *words = completion_value_words(entry->argument);
  g_autofree char *message = NULL;
  if (!option_takes_value(entry))
    return g_strdup("");
  message = spec_text(entry->argument != NULL ? entry->argument : "");
  if (words == NULL)
    return g_strdup_printf(":%s: ", message);
  if (*words == '\0')
    return g_strdup_printf(":%s:_files", message);
  return g_strdup_printf(":value:(%s)", words);
}

static void
add_option(GString *script, const Option *entry)
{
  g_autofree char *text = spec_text(_(entry->help));
  g_autofree char *value = value_spec(entry);
  const char *repeat = entry->type == OPTION_TYPE_TEXTS ? "*" : "";
  gboolean takes_value = option_takes_value(entry);
  /* "=" and "+": the value may also stand in the same word, --type=pipe and -tpipe. */
  g_string_append_printf(script, " \\\n        '%s--%s%s[%s]%s'", repeat, entry->name,
                         takes_value ? "=" : "", text, value);
  if (entry->letter != 0)
    g_string_append_printf(script, " \\\n        '%s-%c%s[%s]%s'", repeat, entry->letter,
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
  if (command->choices != NULL)
    return g_strdup_printf("%u:word:(%s)' '%u:plugin:_owup_plugins", command->choices_at,
                           command->choices, 3 - command->choices_at);
  switch (command->args) {
  case ARGS_PLUGINS:
    return g_strdup("*:plugin:_owup_plugins");
  case ARGS_PLUGINS_ALL:
    return g_strdup("*:plugin:_owup_plugins_or_folders");
  case ARGS_FOLDERS:
    return g_strdup("*:folder:_files -/");
  case ARGS_COMMANDS:
    return g_strdup("*:command:_owup_commands");
  case ARGS_SHELLS:
    return g_strdup_printf("*:shell:(%s)", completion_shells());
  case ARGS_NONE:
    break;
  }
  return NULL;
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

static void
add_commands_function(GString *script, const Command *const *commands)
{
  g_string_append(script, "_owup_commands() {\n  local -a commands\n  commands=(\n");
  for (const Command *const *at = commands; *at != NULL; at++) {
    g_autofree char *text = spec_text(_((*at)->summary));
    g_string_append_printf(script, "    '%s:%s'\n", (*at)->name, text);
  }
  g_string_append(script, "  )\n  _describe command commands\n}\n");
}

char *
completion_zsh(const Command *const *commands)
{
  GString *script = g_string_new("#compdef owup\n"
                                 "# Completion of owup for zsh.\n"
                                 "_owup_plugins() {\n"
                                 "  local -a ids\n"
                                 "  ids=(${(f)\"$(_call_program plugins $service list -q)\"})\n"
                                 "  compadd -a ids\n"
                                 "  _files -g '*.py(-.)'\n"
                                 "}\n"
                                 "_owup_plugins_or_folders() {\n"
                                 "  if (( words[(I)--all] || words[(I)-a] )); then\n"
                                 "    _files -/\n"
                                 "  else\n"
                                 "    _owup_plugins\n"
                                 "  fi\n"
                                 "}\n");
  add_commands_function(script, commands);
  g_string_append(script, "_owup() {\n"
                          "  local curcontext=$curcontext state line\n"
                          "  _arguments -C");
  add_table(script, command_line_top_options);
  add_table(script, command_line_common_options);
  g_string_append(script, " \\\n        '1:command:_owup_commands' \\\n        '*::word:->words'\n"
                          "  [[ $state == words ]] || return\n"
                          "  case $line[1] in\n");
  for (const Command *const *at = commands; *at != NULL; at++)
    add_command(script, *at);
  g_string_append(script, "  esac\n"
                          "}\n"
                          "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
                          "  _owup \"$@\"\n"
                          "else\n"
                          "  compdef _owup owup\n"
                          "fi\n");
  return g_string_free(script, FALSE);
}
