#include "snapshot.h"

#include "drift.h"

#include <string.h>

void
look_free(Look *look)
{
  if (look == NULL)
    return;
  remote_plugin_free(look->before);
  g_free(look->digest);
  g_free(look->digest_held);
  g_free(look->id);
  g_free(look->taken_by);
  g_free(look);
}

gboolean
look_is_fresh(const Look *look)
{
  return g_get_monotonic_time() - look->at <= LOOK_FRESH_US;
}

gint64
look_last(History *history, const char *server, Family family, const char *id)
{
  g_autoptr(HistoryEntry) last =
      history != NULL ? history_last_agreed(history, server, family, id, NULL) : NULL;
  return last != NULL ? last->row : 0;
}

static gboolean
content_is_same(const Plugin *plugin, const RemotePlugin *remote, const HistoryEntry *last)
{
  if (remote->content != NULL)
    return g_bytes_equal(remote->content, plugin->held);
  return remote->version_id != NULL && g_strcmp0(last->version_id, remote->version_id) == 0;
}

gboolean
look_is_same(const Plugin *plugin, const char *digest, const RemotePlugin *remote,
             const HistoryEntry *last)
{
  if (last == NULL || strcmp(last->digest, digest) != 0 || !content_is_same(plugin, remote, last))
    return FALSE;
  if (plugin->title != NULL && strcmp(plugin->title, remote->name) != 0)
    return FALSE;
  if (plugin->description != NULL &&
      strcmp(plugin->description, remote_plugin_description(remote)) != 0)
    return FALSE;
  g_autoptr(Stamp) stamp = stamp_read(remote->meta);
  return drift_judge(digest, stamp, last) == DRIFT_NONE;
}
