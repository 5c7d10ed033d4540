/* SPDX-License-Identifier: MIT */
#include "selection.h"

#include "discover.h"
#include "error.h"
#include "resolve.h"
#include "suggest.h"
#include "twin.h"

#include <glib/gi18n.h>
#include <string.h>

static void
selected_free(Selected *selected)
{
  g_free(selected->word);
  g_clear_pointer(&selected->plugin, plugin_unref);
  g_clear_error(&selected->error);
  g_free(selected);
}

void
selection_free(Selection *selection)
{
  if (selection == NULL)
    return;
  g_ptr_array_unref(selection->items);
  g_free(selection);
}

/* Takes over plugin and error. */
static void
add_item(Selection *selection, const char *word, Plugin *plugin, GError *error)
{
  Selected *selected = g_new0(Selected, 1);
  selected->word = g_strdup(word);
  selected->plugin = plugin;
  selected->error = error;
  g_ptr_array_add(selection->items, selected);
}

static gboolean
has_file(const Selection *selection, const char *file)
{
  for (guint i = 0; i < selection->items->len; i++) {
    const Selected *selected = g_ptr_array_index(selection->items, i);
    if (selected->plugin != NULL && strcmp(selected->plugin->file, file) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_word(const Selection *selection, const char *word)
{
  for (guint i = 0; i < selection->items->len; i++)
    if (g_strcmp0(((Selected *)g_ptr_array_index(selection->items, i))->word, word) == 0)
      return TRUE;
  return FALSE;
}

/* To leave out silently what cannot be read would be to say of it that it was deployed. */
static void
add_unread(Selection *selection, Report *report, const SelectionOptions *options,
           const GPtrArray *unread)
{
  for (guint i = 0; i < unread->len; i++) {
    Unread *one = g_ptr_array_index(unread, i);
    g_autofree char *shown = plugin_show_path(one->path);
    if (one->is_folder)
      report_note(report, NOTE_WARNING, "%s", one->error->message);
    else if (discover_is_template_name(one->path))
      selection->templates++;
    else if (!options->localized && discover_is_localized(one->path))
      selection->localized++;
    else if (!has_word(selection, shown))
      add_item(selection, shown, NULL, g_steal_pointer(&one->error));
  }
}

static gboolean
add_folder(Selection *selection, Report *report, const SelectionOptions *options,
           const ResolveOptions *names, const char *folder, GError **error)
{
  g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_free);
  g_autoptr(GPtrArray) found =
      discover_readable(folder, (const char *const *)options->excludes, unread, error);
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++) {
    Found *hit = g_ptr_array_index(found, i);
    if (names->has_type && hit->plugin->kind != names->type)
      continue;
    if (hit->template)
      selection->templates++;
    else if (hit->localized && !options->localized)
      selection->localized++;
    else if (!has_file(selection, hit->plugin->file))
      add_item(selection, NULL, plugin_ref(hit->plugin), NULL);
  }
  add_unread(selection, report, options, unread);
  return TRUE;
}

static gboolean
check_folder(const CommandLine *line, const char *folder, GError **error)
{
  if (g_file_test(folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_autofree char *word = suggest_shell_word(folder);
  owup_error_set(error, OWUP_ERROR_USAGE, _("--all takes a folder; \"%s\" is none"), folder);
  return owup_error_add_hint(error, _("For one plugin, leave out --all: owup %s %s"),
                             line->command->name, word);
}

static gboolean
select_all(Selection *selection, const CommandLine *line, const SelectionOptions *options,
           const ResolveOptions *names, GError **error)
{
  if (line->args[0] == NULL) {
    g_autofree char *root = command_line_root(error);
    if (root == NULL || !add_folder(selection, line->report, options, names, root, error))
      return FALSE;
  }
  for (char **folder = line->args; *folder != NULL; folder++)
    if (!check_folder(line, *folder, error) ||
        !add_folder(selection, line->report, options, names, *folder, error))
      return FALSE;
  if (selection->items->len > 0)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_USAGE, _("No plugin found below here"));
  return owup_error_add_hint(error, "%s", suggest_what_is_a_plugin());
}

/* Was the project searched for it? */
static gboolean
is_name(const char *word)
{
  return strcmp(word, "-") != 0 && !g_file_test(word, G_FILE_TEST_IS_DIR) &&
         !(g_str_has_suffix(word, ".py") && g_file_test(word, G_FILE_TEST_EXISTS));
}

static GError *
find_twin(const Plugin *plugin)
{
  g_autofree char *root = discover_current_root(NULL);
  g_autofree char *twin = root != NULL ? twin_find(root, plugin) : NULL;
  return twin != NULL ? twin_error(plugin, twin) : NULL;
}

static gboolean
select_args(Selection *selection, char **args, const ResolveOptions *names, GError **error)
{
  gboolean single = args[0] == NULL || args[1] == NULL;
  if (args[0] == NULL) {
    Plugin *plugin = resolve_names_here(names, error);
    if (plugin != NULL)
      add_item(selection, NULL, plugin, NULL);
    return plugin != NULL;
  }
  for (char **word = args; *word != NULL; word++) {
    GError *failure = NULL;
    g_autoptr(Plugin) plugin = resolve_names(*word, names, &failure);
    if (plugin == NULL && single) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    if (plugin != NULL && is_name(*word))
      failure = find_twin(plugin);
    if (plugin == NULL || !has_file(selection, plugin->file))
      add_item(selection, *word, g_steal_pointer(&plugin), failure);
    else
      g_clear_error(&failure);
  }
  return TRUE;
}

static char *
identity(const Plugin *plugin)
{
  return g_strdup_printf("%s/%s", family_path(kind_family(plugin->kind)), plugin->id);
}

static void
set_twin(Selected *selected, const Plugin *twin)
{
  if (selected->error == NULL)
    selected->error = twin_error(selected->plugin, twin->file);
}

/* Which of two files with one id is meant nobody can tell: neither is sent. */
static void
mark_twins(Selection *selection)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < selection->items->len; i++) {
    Selected *selected = g_ptr_array_index(selection->items, i);
    if (selected->plugin == NULL)
      continue;
    char *key = identity(selected->plugin);
    Selected *first = g_hash_table_lookup(seen, key);
    if (first == NULL) {
      g_hash_table_insert(seen, key, selected);
      continue;
    }
    g_free(key);
    set_twin(selected, first->plugin);
    set_twin(first, selected->plugin);
  }
}

static gboolean
check_options(const CommandLine *line, const SelectionOptions *options, GError **error)
{
  gboolean many = options->all || (line->args[0] != NULL && line->args[1] != NULL);
  if (options->id != NULL && *options->id == '\0')
    return owup_error_set(error, OWUP_ERROR_USAGE, _("--id is empty"));
  if (options->id != NULL && many)
    return owup_error_set(error, OWUP_ERROR_USAGE, _("--id goes with one plugin"));
  if (!options->all && (options->localized || options->excludes != NULL))
    return owup_error_set(error, OWUP_ERROR_USAGE, _("--localized and --exclude go with --all"));
  return TRUE;
}

Selection *
selection_make(const CommandLine *line, const SelectionOptions *options, GError **error)
{
  gboolean has_all = line->command->args == ARGS_PLUGINS_ALL;
  ResolveOptions names = {.id = options->id, .command = line->command->name, .has_all = has_all};
  if (!check_options(line, options, error) ||
      !command_option_kind(options->type, &names.has_type, &names.type, error))
    return NULL;
  g_autoptr(Selection) selection = g_new0(Selection, 1);
  selection->items = g_ptr_array_new_with_free_func((GDestroyNotify)selected_free);
  gboolean ok = options->all ? select_all(selection, line, options, &names, error)
                             : select_args(selection, line->args, &names, error);
  if (!ok)
    return NULL;
  mark_twins(selection);
  return g_steal_pointer(&selection);
}

GError *
selection_twin(const Plugin *plugin, const char *path)
{
  if (!twin_is(plugin, path))
    return NULL;
  g_autofree char *shown = plugin_show_path(path);
  g_autofree char *word = suggest_shell_word(plugin->file);
  GError *error = twin_error(plugin, shown);
  owup_error_set_hint(error, _("%s\nMeant all the same: owup deploy %s --id %s"),
                      owup_error_hint(error), word, plugin->id);
  return error;
}

void
selection_report_left_out(const Selection *selection, Report *report)
{
  if (selection->templates == 0 && selection->localized == 0)
    return;
  g_autoptr(GString) text = g_string_new(_("Left out:"));
  if (selection->templates > 0)
    g_string_append_printf(text, ngettext(" %u template", " %u templates", selection->templates),
                           selection->templates);
  if (selection->localized > 0)
    g_string_append_printf(
        text, ngettext("%s %u localized copy", "%s %u localized copies", selection->localized),
        selection->templates > 0 ? "," : "", selection->localized);
  g_string_append(text, _(" (deploy them by name"));
  g_string_append(text, selection->localized > 0 ? _(", or --localized)") : ")");
  report_note(report, NOTE_INFO, "%s", text->str);
}
