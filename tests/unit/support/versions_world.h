/* SPDX-License-Identifier: MIT */
/* A plugin's versions as they grow, here and on a server: for what lists them and what goes back to
 * one. */
#pragma once

#include "client_admin.h"
#include "history.h"
#include "stamp.h"
#include "support/tree.h"
#include "version_list.h"

#include <string.h>

#define URL "http://127.0.0.1:1"
#define ID "thing"

/* A server and a local history as they grow, without either's network or clock. */
typedef struct {
  Tree *tree;
  History *history;
  GPtrArray *theirs; /* of ClientVersion, newest first; empty before 0.12 */
  gboolean keeps;    /* the server keeps versions (0.12) */
  RemotePlugin *live;
  gint64 now;
} World;

static inline World *
world_new(gboolean keeps)
{
  World *world = g_new0(World, 1);
  g_autoptr(GError) error = NULL;
  world->tree = tree_new();
  g_autofree char *dir = g_build_filename(world->tree->root, "h", NULL);
  world->history = history_open(dir, &error);
  g_assert_no_error(error);
  world->theirs = g_ptr_array_new_with_free_func((GDestroyNotify)client_version_free);
  world->keeps = keeps;
  world->now = 1000;
  return world;
}

static inline void
world_free(World *world)
{
  g_clear_pointer(&world->live, remote_plugin_free);
  g_ptr_array_unref(world->theirs);
  history_free(world->history);
  tree_free(world->tree);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static inline char *
digest_of(const char *text)
{
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* The live plugin becomes `text`; `rewind` (taken over) goes into its stamp. */
static inline void
set_live(World *world, const char *text, const char *version, RollbackTrail *rewind)
{
  g_autofree char *digest = digest_of(text);
  Stamp stamp = {.sha256 = digest, .at = world->now, .trail = rewind};
  g_clear_pointer(&world->live, remote_plugin_free);
  RemotePlugin *live = g_new0(RemotePlugin, 1);
  live->id = g_strdup(ID);
  live->name = g_strdup("Thing");
  live->content = g_bytes_new(text, strlen(text));
  live->meta =
      json_pack("{s:{s:s}, s:o}", "manifest", "version", version, STAMP_KEY, stamp_to_json(&stamp));
  live->updated_at = world->now;
  world->live = live;
  rollback_trail_free(rewind);
  if (!world->keeps)
    return;
  ClientVersion *newest = g_new0(ClientVersion, 1);
  newest->version_id = g_strdup_printf("v%u", world->theirs->len + 1);
  newest->user = g_strdup("Ann");
  newest->created_at = world->now;
  live->version_id = g_strdup(newest->version_id);
  g_ptr_array_insert(world->theirs, 0, newest);
}

static inline void
remember(World *world, HistoryAction action, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(URL, FAMILY_FUNCTION, ID, action);
  char *meta = json_dumps(world->live->meta, 0);
  entry->at = world->now;
  entry->name = g_strdup(world->live->name);
  entry->meta = g_strdup(meta);
  free(meta);
  entry->version = g_strdup(remote_plugin_manifest(world->live, "version"));
  entry->version_id = g_strdup(world->live->version_id);
  entry->message = g_strdup(message);
  g_assert_true(history_add(world->history, entry, world->live->content, &error));
  g_assert_no_error(error);
}

static inline void
deploy(World *world, const char *text, const char *version)
{
  if (world->live != NULL)
    remember(world, HISTORY_REPLACED, NULL);
  set_live(world, text, version, NULL);
  remember(world, HISTORY_SENT, "deployed");
}

static inline VersionList *
list(World *world)
{
  GPtrArray *entries = history_list(world->history, URL, FAMILY_FUNCTION, ID, NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  VersionList *versions = version_list_new(FAMILY_FUNCTION, ID, world->live,
                                           world->live != NULL ? world->theirs : none, entries);
  versions->history = world->history;
  return versions;
}

static inline Version *
nth(const VersionList *versions, guint index)
{
  g_assert_cmpuint(index, <, versions->versions->len);
  return g_ptr_array_index(versions->versions, index);
}

/* The versions' numbers in one line, newest first. */
static inline char *
versions_of(const VersionList *versions)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < versions->versions->len; i++) {
    const Version *version = nth(versions, i);
    g_string_append_printf(text, "%s%u=%s/%s", i > 0 ? " " : "", version->number,
                           version->version != NULL ? version->version : "?",
                           version->here && version->there ? "both"
                           : version->here                 ? "here"
                                                           : "server");
  }
  return g_string_free(text, FALSE);
}

static inline void
assert_list(World *world, const char *wanted)
{
  g_autoptr(VersionList) versions = list(world);
  g_autofree char *found = versions_of(versions);
  g_assert_cmpstr(found, ==, wanted);
}
