/* SPDX-License-Identifier: MIT */
#include "local_plugins.h"

#include "error.h"
#include "resolve.h"

#include <string.h>

void
local_plugins_free(LocalPlugins *local_plugins)
{
  if (local_plugins == NULL)
    return;
  g_clear_pointer(&local_plugins->found, g_ptr_array_unref);
  g_clear_pointer(&local_plugins->unread, g_ptr_array_unref);
  g_clear_pointer(&local_plugins->named, g_ptr_array_unref);
  g_free(local_plugins);
}

static gboolean
has_file(const GPtrArray *found, const char *file)
{
  for (guint i = 0; i < found->len; i++)
    if (strcmp(((Found *)g_ptr_array_index(found, i))->plugin->file, file) == 0)
      return TRUE;
  return FALSE;
}

/* A file that the user names counts wherever it is. */
static void
add_named(LocalPlugins *local_plugins, Plugin *plugin)
{
  g_ptr_array_add(local_plugins->named, plugin);
  if (plugin == NULL || has_file(local_plugins->found, plugin->file))
    return;
  Found *found = g_new0(Found, 1);
  found->path = g_strdup(plugin->file);
  found->plugin = plugin_ref(plugin);
  g_ptr_array_add(local_plugins->found, found);
}

static gboolean
find_args(LocalPlugins *local_plugins, const CommandLine *line, GError **error)
{
  ResolveOptions names = {.has_type = local_plugins->has_type,
                          .type = local_plugins->type,
                          .command = line->command->name};
  for (char **arg = line->args; *arg != NULL; arg++) {
    Plugin *plugin = resolve_find(*arg, &names, error);
    if (*error != NULL)
      return FALSE;
    add_named(local_plugins, plugin);
  }
  return TRUE;
}

LocalPlugins *
local_plugins_find(const CommandLine *line, char **excludes, const char *type, GError **error)
{
  OWUP_ERROR_GUARD(error);
  g_autoptr(LocalPlugins) local_plugins = g_new0(LocalPlugins, 1);
  local_plugins->named = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  if (!command_option_kind(type, &local_plugins->has_type, &local_plugins->type, error))
    return NULL;
  g_autofree char *root = command_line_root(error);
  if (root == NULL)
    return NULL;
  local_plugins->unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_free);
  local_plugins->found =
      discover_readable(root, (const char *const *)excludes, local_plugins->unread, error);
  if (local_plugins->found == NULL || !find_args(local_plugins, line, error))
    return NULL;
  return g_steal_pointer(&local_plugins);
}

void
local_plugins_report_unread(Report *report, const GPtrArray *unread)
{
  for (guint i = 0; i < unread->len; i++)
    report_note(report, NOTE_WARNING, "%s",
                ((Unread *)g_ptr_array_index(unread, i))->error->message);
}
