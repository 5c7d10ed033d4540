/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "discover.h"
#include "error.h"
#include "file.h"
#include "resolve_by_name.h"
#include "suggest.h"
#include "twin.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* Takes `plugin`; gives it back with --id applied, if it is of the wanted kind. */
static Plugin *
finish(Plugin *plugin, const ResolveOptions *options, GError **error)
{
  g_autoptr(Plugin) taken = plugin;
  if (options->has_type && taken->has_kind && taken->kind != options->type)
    return owup_error_null(error, OWUP_ERROR_USAGE, _("%s is of the kind %s, not %s"), taken->file,
                           kind_name(taken->kind), kind_name(options->type));
  if (options->id == NULL || taken->id_origin == ID_FROM_OPTION)
    return g_steal_pointer(&taken);
  return plugin_from_bytes(taken->file, taken->content, options->id);
}

static Plugin *
read_standard_input(const ResolveOptions *options, GError **error)
{
  if (options->id == NULL)
    return owup_error_null(error, OWUP_ERROR_USAGE,
                           _("Standard input has no name; give the id with --id"));
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) content =
      file_read_fd(STDIN_FILENO, _("standard input"), PLUGIN_SIZE_LIMIT, &reason);
  if (content != NULL)
    return finish(plugin_from_bytes("-", content, options->id), options, error);
  OwupErrorCode code =
      owup_error_is(reason, OWUP_ERROR_TOO_BIG) ? OWUP_ERROR_LOCAL_PLUGIN : OWUP_ERROR_LOCAL_STATE;
  return owup_error_null(error, code, "%s", reason->message);
}

static GPtrArray *
plugins_of(GPtrArray *found, const ResolveOptions *options)
{
  GPtrArray *plugins = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  for (guint i = 0; i < found->len; i++) {
    Plugin *plugin = ((Found *)g_ptr_array_index(found, i))->plugin;
    if (!options->has_type || plugin->kind == options->type)
      g_ptr_array_add(plugins, plugin_ref(plugin));
  }
  return plugins;
}

static gboolean
are_twins(const Plugin *a, const Plugin *b)
{
  return kind_family(a->kind) == kind_family(b->kind) && strcmp(a->id, b->id) == 0;
}

/* Do two of them have one id? */
static gboolean
have_twins(const GPtrArray *plugins)
{
  for (guint i = 0; i < plugins->len; i++)
    for (guint j = 0; j < i; j++)
      if (are_twins(g_ptr_array_index(plugins, i), g_ptr_array_index(plugins, j)))
        return TRUE;
  return FALSE;
}

/* Do all of them? Then no other name tells them apart. */
static gboolean
are_all_twins(const GPtrArray *plugins)
{
  for (guint i = 1; i < plugins->len; i++)
    if (!are_twins(g_ptr_array_index(plugins, 0), g_ptr_array_index(plugins, i)))
      return FALSE;
  return TRUE;
}

static void
fail_several(GPtrArray *plugins, const char *word, const char *name, const ResolveOptions *options,
             GError **error)
{
  if (are_all_twins(plugins)) {
    const Plugin *other = g_ptr_array_index(plugins, 1);
    g_propagate_error(error, twin_error(g_ptr_array_index(plugins, 0), other->file));
    return;
  }
  g_autofree char *choices = suggest_choices(plugins, name, options->command);
  owup_error_set(error, OWUP_ERROR_USAGE, _("%s fits several plugins:\n%s"), word, choices);
  if (error != NULL && have_twins(plugins))
    owup_error_set_hint(*error, _("Is one a copy? Name its folder in .owupignore."));
}

/* The one of `plugins`, or the error that names them. */
static Plugin *
take_only(GPtrArray *plugins, const char *word, const char *name, const ResolveOptions *options,
          GError **error)
{
  if (plugins->len == 1)
    return finish(plugin_ref(g_ptr_array_index(plugins, 0)), options, error);
  fail_several(plugins, word, name, options, error);
  return NULL;
}

/* The plugins below a folder that holds none itself, in words. */
static char *
plugins_below(const char *folder, const ResolveOptions *options)
{
  g_autoptr(GPtrArray) found = discover_plugins(folder, NULL, NULL);
  if (found == NULL || found->len == 0)
    return g_strdup(suggest_what_is_a_plugin());
  g_autofree char *quoted = suggest_shell_word(folder);
  g_autofree char *command = options->has_all
                                 ? g_strdup_printf("owup %s --all %s", options->command, quoted)
                                 : g_strdup_printf("owup list %s", quoted);
  return g_strdup_printf(ngettext("Below it is %u: %s", "Below it are %u: %s", found->len),
                         found->len, command);
}

/* The plugin of a folder. NULL without an error where it holds none. */
static Plugin *
try_folder(const char *folder, const ResolveOptions *options, GError **error)
{
  g_autoptr(GPtrArray) found = discover_folder(folder, error);
  if (found == NULL)
    return NULL;
  g_autoptr(GPtrArray) plugins = plugins_of(found, options);
  if (plugins->len == 0)
    return NULL;
  g_autoptr(GPtrArray) chosen = resolve_in_folder(plugins);
  return take_only(chosen, folder, NULL, options, error);
}

static Plugin *
fail_folder(const char *folder, const ResolveOptions *options, GError **error)
{
  g_autofree char *hint = plugins_below(folder, options);
  owup_error_set(error, OWUP_ERROR_USAGE, _("The folder %s holds no plugin itself"), folder);
  owup_error_add_hint(error, "%s", hint);
  return NULL;
}

/* No plugin has the name; `type` is the kind that it was looked for in, or N_KINDS. */
static Plugin *
fail_none(const char *root, const char *name, Kind type, GError **error)
{
  const char *slash = strrchr(name, '/');
  g_autofree char *last = g_strdup(slash != NULL && slash[1] != '\0' ? slash + 1 : name);
  gboolean is_file = g_str_has_suffix(last, ".py");
  g_autofree char *hint = is_file ? suggest_file(root, last) : NULL;
  if (is_file)
    last[strlen(last) - strlen(".py")] = '\0';
  if (hint == NULL)
    hint = suggest_nearest(root, last, type);
  if (slash != NULL || is_file)
    owup_error_set(error, OWUP_ERROR_USAGE, _("There is no %s"), name);
  else if (type == N_KINDS)
    owup_error_set(error, OWUP_ERROR_USAGE, _("No plugin below %s is called \"%s\""), root, name);
  else
    owup_error_set(error, OWUP_ERROR_USAGE, _("No %s below %s is called \"%s\""), kind_name(type),
                   root, name);
  owup_error_add_hint(error, "%s", hint);
  return NULL;
}

/* A plugin by its name; NULL without an error where none has it. */
static Plugin *
try_name(const char *root, const char *word, const char *name, Kind type,
         const ResolveOptions *options, GError **error)
{
  g_autoptr(GPtrArray) plugins = resolve_by_name(root, name, type, error);
  if (plugins == NULL || plugins->len == 0)
    return NULL;
  return take_only(plugins, word, name, options, error);
}

/* A plugin by its name, or by KIND/NAME (`*type` and `*name` are then those of the word); NULL
 * without an error where none has it. */
static Plugin *
find_name(const char *root, const char *word, const ResolveOptions *options, Kind *type,
          const char **name, GError **error)
{
  Kind kind;
  *type = options->has_type ? options->type : N_KINDS;
  *name = word;
  Plugin *plugin = try_name(root, word, word, *type, options, error);
  if (plugin != NULL || *error != NULL)
    return plugin;
  const char *last = kind_split(word, &kind);
  if (last == NULL || (*type != N_KINDS && *type != kind))
    return NULL;
  *type = kind;
  *name = last;
  return try_name(root, word, last, kind, options, error);
}

static Plugin *
resolve_name(const char *word, const ResolveOptions *options, GError **error)
{
  g_autofree char *root = discover_current_root(error);
  const char *name;
  Kind type;
  if (root == NULL)
    return NULL;
  Plugin *plugin = find_name(root, word, options, &type, &name, error);
  if (plugin != NULL || *error != NULL)
    return plugin;
  if (g_file_test(word, G_FILE_TEST_IS_DIR))
    return fail_folder(word, options, error);
  if (g_file_test(word, G_FILE_TEST_EXISTS))
    return owup_error_null(error, OWUP_ERROR_USAGE, _("%s is no Python file (.py)"), word);
  return fail_none(root, g_str_has_suffix(word, ".py") ? word : name, type, error);
}

Plugin *
resolve_names(const char *word, const ResolveOptions *options, GError **error)
{
  OWUP_ERROR_GUARD(error);
  if (strcmp(word, "-") == 0)
    return read_standard_input(options, error);
  if (g_file_test(word, G_FILE_TEST_IS_DIR)) {
    Plugin *plugin = try_folder(word, options, error);
    if (plugin != NULL || *error != NULL)
      return plugin;
    if (strchr(word, '/') != NULL || word[0] == '.')
      return fail_folder(word, options, error);
  } else if (g_str_has_suffix(word, ".py") && g_file_test(word, G_FILE_TEST_EXISTS)) {
    Plugin *plugin = plugin_load(word, options->id, error);
    return plugin != NULL ? finish(plugin, options, error) : NULL;
  }
  return resolve_name(word, options, error);
}

/* Does the word say by itself that a file or a folder is meant? */
static gboolean
names_a_path(const char *word)
{
  gboolean slash = strchr(word, '/') != NULL;
  return strcmp(word, "-") == 0 || word[0] == '.' || word[0] == '/' ||
         g_str_has_suffix(word, ".py") || (slash && g_file_test(word, G_FILE_TEST_IS_DIR));
}

Plugin *
resolve_find(const char *word, const ResolveOptions *options, GError **error)
{
  OWUP_ERROR_GUARD(error);
  if (names_a_path(word))
    return resolve_names(word, options, error);
  if (g_file_test(word, G_FILE_TEST_IS_DIR)) {
    Plugin *plugin = try_folder(word, options, error);
    if (plugin != NULL || *error != NULL)
      return plugin;
  }
  g_autofree char *root = discover_current_root(error);
  const char *name;
  Kind type;
  return root != NULL ? find_name(root, word, options, &type, &name, error) : NULL;
}

/* Those of `found` that are of the wanted kind, no localized copies, and no templates if others are
 * there. */
static GPtrArray *
usual_plugins(GPtrArray *found, const ResolveOptions *options)
{
  GPtrArray *plugins = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  for (int templates = 0; templates <= 1 && plugins->len == 0; templates++) {
    for (guint i = 0; i < found->len; i++) {
      Found *one = g_ptr_array_index(found, i);
      gboolean wanted = !options->has_type || one->plugin->kind == options->type;
      if (wanted && !one->localized && one->template == templates)
        g_ptr_array_add(plugins, plugin_ref(one->plugin));
    }
  }
  return plugins;
}

/* The choices below `folder`, and how to take all of them (`all` is what --all is given for the
 * folder); NULL without an error where there are none. */
static char *
list_choices(const char *folder, const char *all, const ResolveOptions *options, GError **error)
{
  g_autoptr(GPtrArray) found = discover_plugins(folder, NULL, error);
  if (found == NULL)
    return NULL;
  g_autoptr(GPtrArray) plugins = usual_plugins(found, options);
  if (plugins->len == 0)
    return NULL;
  char *choices = suggest_choices(plugins, NULL, options->command);
  if (!options->has_all || plugins->len == 1)
    return choices;
  g_autofree char *type =
      options->has_type ? g_strdup_printf(" --type %s", kind_name(options->type)) : g_strdup("");
  g_autofree char *with_all = g_strdup_printf(_("%s\nAll of them: owup %s --all%s%s"), choices,
                                              options->command, all, type);
  g_free(choices);
  return g_steal_pointer(&with_all);
}

static Plugin *
fail_unnamed(const ResolveOptions *options, GError **error)
{
  OWUP_ERROR_GUARD(error);
  g_autofree char *root = discover_current_root(error);
  if (root == NULL)
    return NULL;
  g_autofree char *here = g_get_current_dir();
  const char *all = strcmp(here, root) == 0 ? "" : " .";
  g_autofree char *choices = list_choices(".", all, options, error);
  if (choices == NULL && *error == NULL)
    choices = list_choices(root, "", options, error);
  if (choices != NULL) {
    owup_error_set(error, OWUP_ERROR_USAGE, _("Which plugin?\n%s"), choices);
  } else if (*error == NULL) {
    owup_error_set(error, OWUP_ERROR_USAGE, _("No plugin found below %s"), root);
    owup_error_add_hint(error, "%s", suggest_what_is_a_plugin());
  }
  return NULL;
}

Plugin *
resolve_names_here(const ResolveOptions *options, GError **error)
{
  g_autoptr(GPtrArray) found = discover_folder(".", error);
  if (found == NULL)
    return NULL;
  g_autoptr(GPtrArray) plugins = usual_plugins(found, options);
  if (plugins->len == 1)
    return finish(plugin_ref(g_ptr_array_index(plugins, 0)), options, error);
  return fail_unnamed(options, error);
}
