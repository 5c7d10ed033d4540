#include "local_plugins.h"

#include "command.h"
#include "resolve.h"

#include <string.h>

void
locals_free(Locals *locals)
{
  if (locals == NULL)
    return;
  g_clear_pointer(&locals->found, g_ptr_array_unref);
  g_clear_pointer(&locals->unread, g_ptr_array_unref);
  g_clear_pointer(&locals->named, g_ptr_array_unref);
  g_free(locals);
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
add_named(Locals *locals, Plugin *plugin)
{
  g_ptr_array_add(locals->named, plugin);
  if (plugin == NULL || has_file(locals->found, plugin->file))
    return;
  Found *found = g_new0(Found, 1);
  found->path = g_strdup(plugin->file);
  found->plugin = plugin_ref(plugin);
  g_ptr_array_add(locals->found, found);
}

static gboolean
find_words(Locals *locals, const LocalsRequest *request, GError **error)
{
  NameOptions names = {
      .has_type = locals->has_type, .type = locals->type, .command = request->command};
  for (char **word = request->words; *word != NULL; word++) {
    GError *failed = NULL;
    Plugin *plugin = names_find(*word, &names, &failed);
    if (failed != NULL) {
      g_propagate_error(error, failed);
      return FALSE;
    }
    add_named(locals, plugin);
  }
  return TRUE;
}

Locals *
locals_find(const LocalsRequest *request, GError **error)
{
  g_autoptr(Locals) locals = g_new0(Locals, 1);
  locals->named = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  if (!option_kind(request->type_text, &locals->has_type, &locals->type, error))
    return NULL;
  g_autofree char *root = command_line_root(error);
  if (root == NULL)
    return NULL;
  locals->unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_free);
  locals->found =
      discover_readable(root, (const char *const *)request->excludes, locals->unread, error);
  if (locals->found == NULL || !find_words(locals, request, error))
    return NULL;
  return g_steal_pointer(&locals);
}

void
locals_tell_unread(Report *report, const GPtrArray *unread)
{
  for (guint i = 0; i < unread->len; i++)
    report_note(report, "⚠️ %s", ((Unread *)g_ptr_array_index(unread, i))->error->message);
}
