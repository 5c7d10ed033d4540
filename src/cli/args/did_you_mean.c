#include "did_you_mean.h"

#include "closest_word.h"
#include "error.h"
#include "resolve.h"
#include "suggest.h"

#include <glib/gi18n.h>
#include <string.h>

/* Habits from git, kubectl, npm, wrangler and the like. */
static const struct {
  const Command *command;
  const char *args; /* with a blank around each */
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
    if (strstr(habits[i].args, whole) != NULL)
      return habits[i].command;
  return NULL;
}

const char *
did_you_mean_command(const char *word)
{
  const Command *habit = find_habit(word);
  if (habit != NULL)
    return habit->name;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const Command *const *at = command_table(); *at != NULL; at++)
    g_ptr_array_add(names, (gpointer)(*at)->name);
  g_ptr_array_add(names, NULL);
  return closest_word(word, (const char *const *)names->pdata);
}

/* `owup my_filter`: a path, or a plugin that is here. */
static gboolean
is_plugin(const char *word)
{
  ResolveOptions options = {.command = "deploy", .has_all = TRUE};
  if (strchr(word, '/') != NULL || strchr(word, '.') != NULL)
    return TRUE;
  g_autoptr(Plugin) plugin = resolve_find(word, &options, NULL);
  return plugin != NULL;
}

/* What follows `word` and is no option: what the command was to be done to. */
static const char *
find_object(const char *word, GPtrArray *args)
{
  for (guint i = 1; i < args->len; i++) {
    const char *other = g_ptr_array_index(args, i);
    if (other[0] != '-' && strcmp(other, word) != 0)
      return other;
  }
  return NULL;
}

/* Options that a command does not have, and what to do. */
static const struct {
  const Command *command; /* NULL: any */
  const char *args;       /* with a blank around each */
  const char *instead;
} no_options[] = {
    {NULL, " api-key api_key apikey key token ",
     N_("The key is no option, since other users can see a program's options: put api_key=... into "
        ".env, or into the variable OPENWEBUI_API_KEY.")},
    {&command_list, " all a ", N_("owup list always lists all.")},
    {&command_status, " all a ", N_("Without a name, owup status is about all.")},
    {&command_watch, " all a ", N_("Without a name, owup watch watches all.")},
};

const char *
did_you_mean_instead_of_option(const Command *command, const char *name)
{
  g_autofree char *whole = g_strdup_printf(" %s ", name);
  for (gsize i = 0; i < G_N_ELEMENTS(no_options); i++)
    if ((no_options[i].command == NULL || no_options[i].command == command) &&
        strstr(no_options[i].args, whole) != NULL)
      return _(no_options[i].instead);
  return NULL;
}

gboolean
did_you_mean_as_key(const char *name, gsize len)
{
  g_autofree char *whole = g_strdup_printf(" %.*s ", (int)len, name);
  return strstr(no_options[0].args, whole) != NULL;
}

GError *
did_you_mean_to_run(const Command *command, GPtrArray *head, guint at)
{
  g_autoptr(GString) line = g_string_new("owup ");
  g_string_append(line, command->name);
  for (guint i = 1; i < head->len; i++) {
    g_autofree char *word = suggest_shell_word(g_ptr_array_index(head, i));
    g_string_append_printf(line, "%s %s", i == at ? " --" : "", word);
  }
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("owup %s does not take \"%s\""), command->name,
                                 (const char *)g_ptr_array_index(head, at));
  owup_error_set_hint(error, _("A command stands after --: %s"), line->str);
  return error;
}

/* The line to type instead, or NULL. */
static char *
line_instead(const char *word, GPtrArray *args)
{
  const Command *habit = find_habit(word);
  const char *object = find_object(word, args);
  if (habit != NULL && object == NULL)
    return g_strconcat("owup ", habit->name, habit->args != WORDS_NONE ? " NAME" : "", NULL);
  gboolean plugin = habit == NULL && is_plugin(word);
  if (habit == NULL && !plugin) {
    const char *nearest = did_you_mean_command(word);
    return nearest != NULL ? g_strconcat("owup ", nearest, NULL) : NULL;
  }
  g_autofree char *quoted = suggest_shell_word(plugin ? word : object);
  return g_strdup_printf("owup %s %s", plugin ? command_deploy.name : habit->name, quoted);
}

GError *
did_you_mean_error(const char *word, GPtrArray *args)
{
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown command \"%s\""), word);
  g_autofree char *line = line_instead(word, args);
  if (line != NULL)
    owup_error_set_hint(error, _("Did you mean: %s"), line);
  else
    owup_error_set_hint(error, _("See: owup help"));
  return error;
}
