#include "meant.h"

#include "command.h"
#include "error.h"
#include "names.h"
#include "nearest.h"
#include "suggest.h"

#include <glib/gi18n.h>
#include <string.h>

/* Habits from git, kubectl, npm, wrangler and the like. */
static const struct {
  const Command *command;
  const char *words; /* with a blank around each */
} habits[] = {
    {&command_deploy, " add apply create install publish push put update upload "},
    {&command_delete, " del remove rm uninstall "},
    {&command_rollback, " restore revert undo "},
    {&command_history, " log versions "},
    {&command_pull, " download export fetch get import "},
    {&command_check, " lint test validate verify "},
    {&command_enable, " activate on "},
    {&command_disable, " deactivate off "},
    {&command_valves, " config set settings "},
    {&command_watch, " dev "},
    {&command_sandbox, " mock serve server "},
};

static const Command *
find_habit(const char *word)
{
  g_autofree char *whole = g_strdup_printf(" %s ", word);
  for (gsize i = 0; i < G_N_ELEMENTS(habits); i++)
    if (strstr(habits[i].words, whole) != NULL)
      return habits[i].command;
  return NULL;
}

const char *
meant_command(const char *word)
{
  const Command *habit = find_habit(word);
  if (habit != NULL)
    return habit->name;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const Command *const *at = command_table(); *at != NULL; at++)
    g_ptr_array_add(names, (gpointer)(*at)->name);
  g_ptr_array_add(names, NULL);
  return nearest_word(word, (const char *const *)names->pdata);
}

/* `owup my_filter`: a path, or a plugin that is here. */
static gboolean
is_plugin(const char *word)
{
  NameOptions options = {.command = "deploy", .has_all = TRUE};
  if (strchr(word, '/') != NULL || strchr(word, '.') != NULL)
    return TRUE;
  g_autoptr(Plugin) plugin = names_find(word, &options, NULL);
  return plugin != NULL;
}

/* What follows `word` and is no option: what the command was to be done to. */
static const char *
find_object(const char *word, GPtrArray *words)
{
  for (guint i = 1; i < words->len; i++) {
    const char *other = g_ptr_array_index(words, i);
    if (other[0] != '-' && strcmp(other, word) != 0)
      return other;
  }
  return NULL;
}

/* The line to type instead, or NULL. */
static char *
line_instead(const char *word, GPtrArray *words)
{
  const Command *habit = find_habit(word);
  const char *object = find_object(word, words);
  if (habit != NULL && object == NULL)
    return g_strconcat("owup ", habit->name, habit->words != WORDS_NONE ? " NAME" : "", NULL);
  gboolean plugin = habit == NULL && is_plugin(word);
  if (habit == NULL && !plugin) {
    const char *nearest = meant_command(word);
    return nearest != NULL ? g_strconcat("owup ", nearest, NULL) : NULL;
  }
  g_autofree char *quoted = suggest_shell_word(plugin ? word : object);
  return g_strdup_printf("owup %s %s", plugin ? command_deploy.name : habit->name, quoted);
}

GError *
meant_error(const char *word, GPtrArray *words)
{
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown command \"%s\""), word);
  g_autofree char *line = line_instead(word, words);
  if (line != NULL)
    owup_error_set_hint(error, _("Did you mean: %s"), line);
  else
    owup_error_set_hint(error, _("See: owup help"));
  return error;
}
