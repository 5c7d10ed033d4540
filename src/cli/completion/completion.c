/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include "command_line.h"
#include "completion_text.h"

#include <string.h>

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

GPtrArray *
completion_value_options(const Command *const *commands)
{
  GPtrArray *options = g_ptr_array_new();
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
  command_line_add_options(slots, commands, NULL, NULL);
  for (guint i = 0; i < slots->len; i++) {
    const Option *option = g_array_index(slots, OptionSlot, i).option;
    if (option_takes_value(option) && g_hash_table_add(seen, (gpointer)option->name))
      g_ptr_array_add(options, (gpointer)option);
  }
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
