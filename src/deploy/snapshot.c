/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include "clock.h"
#include "deploy_times.h"
#include "drift.h"

#include <string.h>

void
snapshot_free(Snapshot *snapshot)
{
  if (snapshot == NULL)
    return;
  remote_plugin_free(snapshot->before);
  g_free(snapshot->digest);
  g_free(snapshot->digest_stored);
  g_free(snapshot->id);
  g_free(snapshot->taken_by);
  g_free(snapshot);
}

gboolean
snapshot_is_fresh(const Snapshot *snapshot)
{
  return !clock_passed(clock_deadline_from(snapshot->at, LOOK_FRESH_MS));
}

gint64
snapshot_last(History *history, const char *server, Family family, const char *id)
{
  g_autoptr(HistoryEntry) last =
      history != NULL ? history_last_agreed(history, server, family, id, NULL) : NULL;
  return last != NULL ? last->row : 0;
}

static gboolean
content_is_same(const Plugin *plugin, const RemotePlugin *remote, const HistoryEntry *last)
{
  if (remote->content != NULL)
    return g_bytes_equal(remote->content, plugin->stored);
  return remote->version_id != NULL && g_strcmp0(last->version_id, remote->version_id) == 0;
}

gboolean
snapshot_is_same(const Plugin *plugin, const char *digest, const RemotePlugin *remote,
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
