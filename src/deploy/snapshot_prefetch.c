/* SPDX-License-Identifier: MIT */
#include "snapshot_prefetch.h"

#include "adoption.h"
#include "client_admin.h"
#include "clock.h"

#include <string.h>

/* From so many plugins of a family on, one list is cheaper than single reads (0.12.4, loopback: a
 * list of 400 takes as long as six reads of 20 KB; over a network one request less is a round trip
 * less). */
#define LIST_FROM 4
/* One export instead of single reads where at least one in so many of the server's plugins is
 * needed. */
#define EXPORT_ONE_IN 8

/* One plugin of the family that is surveyed. */
typedef struct {
  const Plugin *plugin; /* NULL: of another family, or none */
  gboolean recalled;    /* `last` is known */
  HistoryEntry *last;   /* history_last_agreed() of its own id, or NULL */
  char *digest;         /* of its held content */
  RemotePlugin *remote; /* where it is on the server, in the list; NULL: nowhere */
  const char *taken_by; /* see Adoption; owned by the list */
  gboolean same;
  char *digest_before; /* of the content that the history had for `remote`, or NULL */
} SourcePos;

typedef struct {
  const DeployContext *context;
  const GPtrArray *plugins;
  Family family;
  SourcePos *places; /* as many as `plugins` */
  guint count;       /* of the family */
  gboolean contents; /* the list that is asked for carries them */
  gint64 newest;     /* history_newest() before the first list was asked for */
  GPtrArray *list;   /* of RemotePlugin; NULL: none has come */
} Survey;

static void
open_places(Survey *prefetch)
{
  prefetch->places = g_new0(SourcePos, prefetch->plugins->len);
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    const Plugin *plugin = g_ptr_array_index(prefetch->plugins, i);
    if (plugin == NULL || kind_family(plugin->kind) != prefetch->family)
      continue;
    prefetch->places[i].plugin = plugin;
    prefetch->count++;
  }
}

static void
close_places(Survey *prefetch)
{
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    SourcePos *place = &prefetch->places[i];
    history_entry_free(place->last);
    g_free(place->digest);
    g_free(place->digest_before);
  }
  g_free(prefetch->places);
}

static HistoryEntry *
recall(const Survey *prefetch, const char *id)
{
  History *history = prefetch->context->history;
  if (history == NULL)
    return NULL;
  return history_last_agreed(history, client_url(prefetch->context->client), prefetch->family, id,
                             NULL);
}

static void
recall_place(const Survey *prefetch, SourcePos *place)
{
  if (place->plugin == NULL || place->recalled)
    return;
  place->last = recall(prefetch, place->plugin->id);
  place->recalled = TRUE;
}

/* Does the history know this server as one that names no versions? Then nothing but the contents
 * can tell, and its list is of no use. */
static gboolean
names_no_versions(const Survey *prefetch)
{
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    SourcePos *place = &prefetch->places[i];
    recall_place(prefetch, place);
    if (place->last != NULL)
      return place->last->version_id == NULL;
  }
  return FALSE;
}

static gpointer
fetch(gpointer data)
{
  const Survey *prefetch = data;
  return client_list(prefetch->context->client, prefetch->family, prefetch->contents, NULL);
}

/* TRUE: the list has come. While the server is at it, all is made ready that it is compared with.
 */
static gboolean
ask(Survey *prefetch, gboolean contents)
{
  prefetch->contents = contents;
  GThread *thread = g_thread_new("list", fetch, prefetch);
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    SourcePos *place = &prefetch->places[i];
    recall_place(prefetch, place);
    if (place->plugin != NULL && place->digest == NULL)
      place->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, place->plugin->stored);
  }
  GPtrArray *list = g_thread_join(thread);
  if (list == NULL)
    return FALSE;
  g_clear_pointer(&prefetch->list, g_ptr_array_unref);
  prefetch->list = list;
  return TRUE;
}

/* Where each plugin is on the server, by its own id or its openwebui_id. */
static void
find_places(Survey *prefetch)
{
  gboolean resend = prefetch->context->options->resend;
  g_autoptr(AdoptionIndex) index = NULL;
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < prefetch->list->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(prefetch->list, i);
    g_hash_table_insert(by_id, remote->id, remote);
  }
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    SourcePos *place = &prefetch->places[i];
    if (place->plugin == NULL)
      continue;
    place->remote = g_hash_table_lookup(by_id, place->plugin->id);
    place->taken_by = NULL;
    g_clear_pointer(&place->digest_before, g_free); /* of what an earlier list named */
    place->same = place->remote != NULL && !resend &&
                  snapshot_is_same(place->plugin, place->digest, place->remote, place->last);
    if (place->remote != NULL)
      continue;
    if (index == NULL)
      index = adoption_index_new(prefetch->list);
    Adoption moving = adoption_judge(place->plugin, prefetch->plugins, index);
    place->taken_by = moving.taken_by;
    place->remote = moving.id != NULL ? g_hash_table_lookup(by_id, moving.id) : NULL;
  }
}

/* The content that the version on the server pins, from the local history. */
static void
recall_content(const Survey *prefetch, SourcePos *place)
{
  RemotePlugin *remote = place->remote;
  if (remote->version_id == NULL || prefetch->context->history == NULL)
    return;
  gboolean moved = strcmp(remote->id, place->plugin->id) != 0;
  g_autoptr(HistoryEntry) elsewhere = moved ? recall(prefetch, remote->id) : NULL;
  const HistoryEntry *last = moved ? elsewhere : place->last;
  if (last == NULL || g_strcmp0(last->version_id, remote->version_id) != 0)
    return;
  remote->content = history_content(prefetch->context->history, last->digest, NULL);
  if (remote->content != NULL)
    place->digest_before = g_strdup(last->digest);
}

/* How many contents are still missing. */
static guint
recall_contents(const Survey *prefetch)
{
  guint missing = 0;
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    SourcePos *place = &prefetch->places[i];
    if (place->remote == NULL || place->same)
      continue;
    if (place->remote->content == NULL)
      recall_content(prefetch, place);
    missing += place->remote->content == NULL ? 1 : 0;
  }
  return missing;
}

/* snapshot_last() before the list was made; what was written since makes it an old one. */
static gint64
last_before(const Survey *prefetch, const SourcePos *place, const char *id)
{
  gboolean moved = strcmp(id, place->plugin->id) != 0;
  g_autoptr(HistoryEntry) elsewhere = moved ? recall(prefetch, id) : NULL;
  const HistoryEntry *last = moved ? elsewhere : place->last;
  gint64 row = last != NULL ? last->row : 0;
  return row <= prefetch->newest ? row : -1;
}

/* Each look takes what it found out of the list: nothing is shared between threads. */
static Snapshot *
make_look(const Survey *prefetch, const SourcePos *place, gint64 at)
{
  const RemotePlugin *remote = place->remote;
  Snapshot *snapshot = g_new0(Snapshot, 1);
  snapshot->at = at;
  snapshot->id = g_strdup(remote != NULL ? remote->id : place->plugin->id);
  snapshot->same = place->same;
  snapshot->digest_stored = g_strdup(place->digest);
  snapshot->digest = g_strdup(place->same ? place->digest : place->digest_before);
  snapshot->taken_by = g_strdup(place->taken_by);
  snapshot->last = last_before(prefetch, place, snapshot->id);
  snapshot->before = remote != NULL ? remote_plugin_copy(remote) : NULL;
  return snapshot;
}

static void
prefetch_family(Survey *prefetch, GPtrArray *looks)
{
  gint64 at = clock_now();
  if (prefetch->context->history != NULL)
    prefetch->newest = history_newest(prefetch->context->history);
  if (!ask(prefetch, names_no_versions(prefetch)))
    return;
  find_places(prefetch);
  guint missing = recall_contents(prefetch);
  if (missing >= LIST_FROM && missing * EXPORT_ONE_IN >= prefetch->list->len) {
    gint64 again = clock_now();
    if (ask(prefetch, TRUE)) {
      at = again;
      find_places(prefetch);
    }
  }
  for (guint i = 0; i < prefetch->plugins->len; i++) {
    const SourcePos *place = &prefetch->places[i];
    gboolean known = place->remote == NULL || place->same || place->remote->content != NULL;
    if (place->plugin != NULL && known)
      g_ptr_array_index(looks, i) = make_look(prefetch, place, at);
  }
}

GPtrArray *
snapshot_prefetch(const DeployContext *context, const GPtrArray *plugins)
{
  GPtrArray *looks = g_ptr_array_new_with_free_func((GDestroyNotify)snapshot_free);
  g_ptr_array_set_size(looks, (gint)plugins->len);
  if (context->options->create_only)
    return looks;
  for (int family = FAMILY_FUNCTION; family <= FAMILY_TOOL; family++) {
    Survey prefetch = {.context = context, .plugins = plugins, .family = (Family)family};
    open_places(&prefetch);
    if (prefetch.count >= LIST_FROM)
      prefetch_family(&prefetch, looks);
    close_places(&prefetch);
    g_clear_pointer(&prefetch.list, g_ptr_array_unref);
  }
  return looks;
}
