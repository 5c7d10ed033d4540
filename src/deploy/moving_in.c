#include "moving_in.h"

#include "plugin_id.h"
#include "remote_plugin.h"

#include <string.h>

static gboolean
same_kind(const Plugin *plugin, const RemotePlugin *remote)
{
  return remote->family == FAMILY_TOOL || g_strcmp0(remote->type, kind_name(plugin->kind)) == 0;
}

/* Two files must not go to one place, and whose it is nobody can tell. */
static gboolean
wanted_by_another(const Plugin *plugin, const GPtrArray *siblings, const char *id)
{
  const char *openwebui_id = frontmatter_get_text(plugin->frontmatter, "openwebui_id");
  for (guint i = 0; siblings != NULL && i < siblings->len; i++) {
    const Plugin *other = g_ptr_array_index(siblings, i);
    if (other == NULL || other == plugin || kind_family(other->kind) != kind_family(plugin->kind))
      continue;
    if (strcmp(other->id, id) == 0)
      return TRUE;
    const char *theirs = frontmatter_get_text(other->frontmatter, "openwebui_id");
    if (other->kind == plugin->kind && g_strcmp0(theirs, openwebui_id) == 0)
      return TRUE;
  }
  return FALSE;
}

MovingIn
moving_in_judge(const Plugin *plugin, const GPtrArray *siblings, const GPtrArray *list)
{
  MovingIn found = {0};
  guint hits = 0;
  const char *by_title = NULL;
  const char *openwebui_id = frontmatter_get_text(plugin->frontmatter, "openwebui_id");
  if (strcmp(plugin->id_origin, "--id") == 0)
    return found;
  for (guint i = 0; i < list->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(list, i);
    if (!same_kind(plugin, remote))
      continue;
    const char *theirs = remote_plugin_manifest(remote, "openwebui_id");
    if (openwebui_id != NULL && g_strcmp0(theirs, openwebui_id) == 0) {
      hits++;
      found.taken_by = remote->id;
    }
    if (plugin->title != NULL && strcmp(remote->name, plugin->title) == 0)
      by_title = remote->id;
  }
  gboolean fixed = strcmp(plugin->id_origin, "frontmatter") == 0;
  /* An id that no server accepts, of a server that sends one, is named but never used. */
  if (hits == 1 && !fixed && plugin_id_valid(found.taken_by) &&
      !wanted_by_another(plugin, siblings, found.taken_by))
    return (MovingIn){.id = found.taken_by};
  if (found.taken_by == NULL)
    found.taken_by = by_title;
  return found;
}
