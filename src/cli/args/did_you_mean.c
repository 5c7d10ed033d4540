/* SPDX-License-Identifier: MIT */
#include "did_you_mean.h"

#include "command_line.h"
#include "edit_distance.h"
#include "error.h"
#include "resolve.h"
#include "suggest.h"

#include <glib/gi18n.h>
#include <string.h>

/* Habits from git, kubectl, npm, wrangler and the like. */
static const struct {
  const char *command;
  const char *words; /* with a blank around each */
} habits[] = {
    {"deploy", " add apply create install publish push put update upload "},
    {"delete", " del remove rm uninstall "},
    {"rollback", " restore revert undo "},
    {"history", " log versions "},
    {"pull", " download export fetch get import "},
    {"check", " lint test validate verify "},
    {"enable", " activate on "},
    {"disable", " deactivate off "},
    {"valves", " config set settings "},
    {"watch", " dev "},
    {"sandbox", " mock serve server "},
};

static const char *
find_habit(const char *word)
{
  g_autofree char *whole = g_strdup_printf(" %s ", word);
  for (gsize i = 0; i < G_N_ELEMENTS(habits); i++)
    if (strstr(habits[i].words, whole) != NULL)
      return habits[i].command;
  return NULL;
}

const char *
did_you_mean_command(const Command *const *commands, const char *word)
{
  const char *habit = find_habit(word);
  if (habit != NULL)
    return habit;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const Command *const *at = commands; *at != NULL; at++)
    g_ptr_array_add(names, (gpointer)(*at)->name);
  g_ptr_array_add(names, NULL);
  return edit_distance_closest(word, (const char *const *)names->pdata);
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
find_object(const char *word, const GPtrArray *words)
{
  for (guint i = 1; i < words->len; i++) {
    const char *other = g_ptr_array_index(words, i);
    if (other[0] != '-' && strcmp(other, word) != 0)
      return other;
  }
  return NULL;
}

/* Options that a command does not have, and what to do. */
static const struct {
  const char *command; /* NULL: any */
  const char *words;   /* with a blank around each */
  const char *instead;
} no_options[] = {
    {NULL, " api-key api_key apikey key token ",
     N_("The key is no option, since other users can see a program's options: put api_key=... into "
        ".env, or into the variable OPENWEBUI_API_KEY.")},
    {"list", " all a ", N_("owup list always lists all.")},
    {"status", " all a ", N_("Without a name, owup status is about all.")},
    {"watch", " all a ", N_("Without a name, owup watch watches all.")},
};

static const char *
instead_of_option(const Command *command, const char *name)
{
  g_autofree char *whole = g_strdup_printf(" %s ", name);
  for (gsize i = 0; i < G_N_ELEMENTS(no_options); i++)
    if ((no_options[i].command == NULL ||
         (command != NULL && g_str_equal(no_options[i].command, command->name))) &&
        strstr(no_options[i].words, whole) != NULL)
      return _(no_options[i].instead);
  return NULL;
}

/* The command that knows the option, other than `command`. */
static const Command *
other_owner(const Command *const *commands, const Command *command, const char *name)
{
  for (const Command *const *at = commands; *at != NULL; at++) {
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
    command_line_add_options(slots, commands, *at, NULL);
    if (*at != command && option_find(slots, name, strlen(name)) != NULL)
      return *at;
  }
  return NULL;
}

static const char *
nearest_option(const Command *const *commands, const Command *command, const char *name)
{
  g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(OptionSlot));
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  command_line_add_options(slots, commands, command, NULL);
  for (guint i = 0; i < slots->len; i++)
    g_ptr_array_add(names, (gpointer)g_array_index(slots, OptionSlot, i).option->name);
  g_ptr_array_add(names, NULL);
  return edit_distance_closest(name, (const char *const *)names->pdata);
}

static char *
see_help(const Command *command)
{
  return command != NULL ? g_strdup_printf(_("See: owup help %s"), command->name)
                         : g_strdup(_("See: owup help"));
}

void
did_you_mean_see_help(GError *error, const Command *command)
{
  g_autofree char *see = see_help(command);
  owup_error_set_hint(error, "%s", see);
}

GError *
did_you_mean_option(const Command *const *commands, const Command *command, const char *word)
{
  gsize dashes = strspn(word, "-");
  g_autofree char *shown = g_strndup(word, dashes + strcspn(word + dashes, "="));
  g_autofree char *see = see_help(command);
  const char *name = shown + dashes;
  const Command *owner = dashes == 2 && *name != '\0' ? other_owner(commands, command, name) : NULL;
  const char *nearest =
      dashes == 2 || strlen(name) > 1 ? nearest_option(commands, command, name) : NULL;
  const char *instead = instead_of_option(command, name);
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown option %s"), shown);
  if (instead != NULL)
    owup_error_set_hint(error, "%s", instead);
  else if (owner != NULL)
    owup_error_set_hint(error, _("%s is an option of owup %s. %s"), shown, owner->name, see);
  else if (nearest != NULL)
    owup_error_set_hint(error, _("Did you mean --%s? %s"), nearest, see);
  else
    owup_error_set_hint(error, "%s", see);
  return error;
}

gboolean
did_you_mean_as_key(const char *name, gsize len)
{
  g_autofree char *whole = g_strdup_printf(" %.*s ", (int)len, name);
  return strstr(no_options[0].words, whole) != NULL;
}

GError *
did_you_mean_to_run(const Command *command, const GPtrArray *words, guint at)
{
  g_autoptr(GString) line = g_string_new("owup ");
  g_string_append(line, command->name);
  for (guint i = 1; i < words->len; i++) {
    g_autofree char *word = suggest_shell_word(g_ptr_array_index(words, i));
    g_string_append_printf(line, "%s %s", i == at ? " --" : "", word);
  }
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("owup %s does not take \"%s\""), command->name,
                                 (const char *)g_ptr_array_index(words, at));
  owup_error_set_hint(error, _("A command stands after --: %s"), line->str);
  return error;
}

/* The line to type instead, or NULL. */
static char *
line_instead(const Command *const *commands, const char *word, const GPtrArray *words)
{
  const char *name = find_habit(word);
  const Command *habit = name != NULL ? command_find(commands, name) : NULL;
  const char *object = find_object(word, words);
  if (habit != NULL && object == NULL)
    return g_strconcat("owup ", name, habit->args != ARGS_NONE ? " NAME" : "", NULL);
  gboolean plugin = habit == NULL && is_plugin(word);
  if (habit == NULL && !plugin) {
    const char *nearest = did_you_mean_command(commands, word);
    return nearest != NULL ? g_strconcat("owup ", nearest, NULL) : NULL;
  }
  g_autofree char *quoted = suggest_shell_word(plugin ? word : object);
  return g_strdup_printf("owup %s %s", plugin ? "deploy" : name, quoted);
}

GError *
did_you_mean_error(const Command *const *commands, const char *word, const GPtrArray *words)
{
  GError *error = owup_error_new(OWUP_ERROR_USAGE, _("Unknown command \"%s\""), word);
  g_autofree char *line = line_instead(commands, word, words);
  if (line != NULL)
    owup_error_set_hint(error, _("Did you mean: %s"), line);
  else
    owup_error_set_hint(error, _("See: owup help"));
  return error;
}
