#include "complete.h"

#include "kind.h"

#include <string.h>

const char *
complete_shells(void)
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
complete_value_words(const char *arg_description)
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
