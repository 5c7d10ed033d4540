#include "completion.h"

#include "command_line.h"
#include "completion_text.h"

#include <string.h>

const char *
completion_shells(void)
{
  return "bash zsh fish";
}

static char *
kind_names(void)
{
  GString *names = g_string_new(NULL);
  for (int kind = 0; kind < N_KINDS; kind++)
    g_string_append_printf(names, "%s%s", kind > 0 ? " " : "", kind_name((Kind)kind));
  return g_string_free(names, FALSE);
}

char *
completion_value_words(const char *arg_description)
{
  if (arg_description == NULL)
    return NULL;
  if (g_str_equal(arg_description, "FILE") || g_str_equal(arg_description, "DIR"))
    return g_strdup("");
  if (g_str_equal(arg_description, "KIND"))
    return kind_names();
  if (strchr(arg_description, '|') != NULL)
    return g_strdelimit(g_strdup(arg_description), "|", ' ');
  return NULL;
}

static void
add_value_options(GPtrArray *options, GHashTable *seen, const Option *table)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++)
    if (option_takes_value(at) && g_hash_table_add(seen, (gpointer)at->name))
      g_ptr_array_add(options, (gpointer)at);
}

GPtrArray *
completion_value_options(const Command *const *commands)
{
  GPtrArray *options = g_ptr_array_new();
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  add_value_options(options, seen, command_line_server_options);
  for (const Command *const *at = commands; *at != NULL; at++)
    add_value_options(options, seen, (*at)->options);
  return options;
}

static const CompletionPart *
find_part(const CompletionPart *parts, const char *mark)
{
  while (!g_str_equal(parts->mark, mark))
    parts++;
  return parts;
}

char *
completion_text_fill(const char *script, const CompletionPart *parts)
{
  GString *filled = g_string_new(NULL);
  g_auto(GStrv) pieces = g_strsplit(script, "@@", -1);
  for (guint i = 0; pieces[i] != NULL; i++)
    g_string_append(filled,
                    i % 2 == 0 ? pieces[i] : g_strchomp(find_part(parts, pieces[i])->text->str));
  for (; parts->mark != NULL; parts++)
    g_string_free(parts->text, TRUE);
  return g_string_free(filled, FALSE);
}
