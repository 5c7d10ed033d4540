#include "complete.h"

#include "cmdline.h"

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
add_option(GString *script, const char *condition, const GOptionEntry *entry)
{
  g_autofree char *text = quoted(_(entry->description));
  g_autofree char *words = complete_value_words(entry->arg_description);
  g_string_append_printf(script, "complete -c owup -n %s -l %s", condition, entry->long_name);
  if (entry->short_name != 0)
    g_string_append_printf(script, " -s %c", entry->short_name);
  if (option_takes_value(entry) && words != NULL && *words == '\0')
    g_string_append(script, " -r -F");
  else if (option_takes_value(entry))
    g_string_append_printf(script, " -x -a '%s'", words != NULL ? words : "");
  g_string_append_printf(script, " -d %s\n", text);
}

static void
add_table(GString *script, const char *condition, const GOptionEntry *table)
{
  for (const GOptionEntry *at = table; at != NULL && at->long_name != NULL; at++)
    add_option(script, condition, at);
}

static void
add_words(GString *script, const char *condition, WordsKind words)
{
  switch (words) {
  case WORDS_PLUGINS:
    g_string_append_printf(script, "complete -c owup -n %s -F -a '(owup list -q 2>/dev/null)'\n",
                           condition);
    break;
  case WORDS_FOLDERS:
    g_string_append_printf(script, "complete -c owup -n %s -a '(__fish_complete_directories)'\n",
                           condition);
    break;
  case WORDS_COMMANDS:
    for (const Command *const *at = command_table(); *at != NULL; at++)
      g_string_append_printf(script, "complete -c owup -n %s -a %s\n", condition, (*at)->name);
    break;
  case WORDS_SHELLS:
    g_string_append_printf(script, "complete -c owup -n %s -a '%s'\n", condition,
                           complete_shells());
    break;
  case WORDS_NONE:
    break;
  }
}

static void
add_command(GString *script, const Command *command)
{
  g_autofree char *text = quoted(_(command->summary));
  g_autofree char *condition = g_strdup_printf("'__fish_seen_subcommand_from %s%s%s'",
                                               command->name, command->alias != NULL ? " " : "",
                                               command->alias != NULL ? command->alias : "");
  g_string_append_printf(script, "complete -c owup -n __fish_use_subcommand -a %s -d %s\n",
                         command->name, text);
  add_words(script, condition, command->words);
  add_table(script, condition, command->options);
  if (command->needs_server)
    add_table(script, condition, server_options());
}

char *
complete_fish(void)
{
  GString *script = g_string_new("# Completion of owup for fish.\ncomplete -c owup -f\n");
  add_table(script, "__fish_use_subcommand", top_options());
  add_table(script, "'true'", common_options());
  for (const Command *const *at = command_table(); *at != NULL; at++)
    add_command(script, *at);
  return g_string_free(script, FALSE);
}
