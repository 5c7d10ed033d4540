#include "moving_in.h"

#include "error.h"
#include "manage.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
same_kind(const Deployment *d, const RemotePlugin *remote)
{
  return d->family == FAMILY_TOOL || g_strcmp0(remote->type, kind_name(d->plugin->kind)) == 0;
}

typedef struct {
  const RemotePlugin *by_openwebui_id; /* NULL: none, or several */
  const RemotePlugin *by_title;
  guint hits;
} Hits;

static Hits
find_hits(const Deployment *d, const GPtrArray *list)
{
  Hits hits = {0};
  const char *openwebui_id = frontmatter_get_text(d->plugin->frontmatter, "openwebui_id");
  for (guint i = 0; i < list->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(list, i);
    if (!same_kind(d, remote))
      continue;
    if (openwebui_id != NULL &&
        g_strcmp0(remote_plugin_manifest(remote, "openwebui_id"), openwebui_id) == 0) {
      hits.hits++;
      hits.by_openwebui_id = remote;
    }
    if (d->plugin->title != NULL && strcmp(remote->name, d->plugin->title) == 0)
      hits.by_title = remote;
  }
  return hits;
}

static gboolean
finish_ambiguous(Deployment *d, const RemotePlugin *other)
{
  GError *error = owup_error_new(
      OWUP_ERROR_CONFLICT,
      _("'%s' is already on the server, under the id '%s'; here it is '%s'. Nothing was sent."),
      plugin_label(d->plugin), other->id, d->id);
  owup_error_set_hint(
      error,
      _("The same plugin: owup deploy %s --id %s   Another one: owup deploy %s --create-only"),
      d->plugin->file, other->id, d->plugin->file);
  deployment_observe(d, EVENT_STARTED, 0, NULL);
  return deployment_finish(d, RESULT_CONFLICT, error);
}

static gboolean
adopt(Deployment *d, const char *id)
{
  g_autoptr(GError) error = NULL;
  d->before = server_read(d->server, d->family, id, &error);
  if (d->before == NULL)
    return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
  g_free(d->id);
  d->id = g_strdup(id);
  deployment_note(
      d, _("   Id: %s (found by openwebui_id; add \"id: %s\" to the docstring to fix it)"), id, id);
  return TRUE;
}

gboolean
moving_in_find(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  gboolean by_flag = strcmp(d->plugin->id_origin, "--id") == 0;
  if (by_flag)
    return TRUE;
  g_autoptr(GPtrArray) list = server_list(d->server, d->family, FALSE, &error);
  if (list == NULL)
    return deployment_finish(d, RESULT_FAILED, g_steal_pointer(&error));
  Hits hits = find_hits(d, list);
  gboolean fixed = strcmp(d->plugin->id_origin, "frontmatter") == 0;
  if (hits.hits == 1 && !fixed)
    return adopt(d, hits.by_openwebui_id->id);
  const RemotePlugin *other = hits.by_openwebui_id != NULL ? hits.by_openwebui_id : hits.by_title;
  return other == NULL || d->options->force || finish_ambiguous(d, other);
}
