/* SPDX-License-Identifier: MIT */
#include "version_list.h"

#include "client_admin.h"
#include "error.h"
#include "frontmatter.h"
#include "json_exact.h"
#include "stamp.h"

#include <glib/gi18n.h>
#include <string.h>

#define SHORT_DIGEST 12

static void
version_free(gpointer data)
{
  Version *version = data;
  g_free(version->user);
  g_free(version->version);
  g_free(version->message);
  g_free(version->digest);
  g_free(version->version_id);
  g_clear_pointer(&version->content, g_bytes_unref);
  g_free(version->name);
  json_decref(version->meta);
  g_free(version);
}

void
version_list_free(VersionList *versions)
{
  if (versions == NULL)
    return;
  g_free(versions->id);
  g_free(versions->known_from);
  remote_plugin_free(versions->live);
  g_clear_pointer(&versions->entries, g_ptr_array_unref);
  g_ptr_array_unref(versions->versions);
  g_free(versions);
}

/* Entries that only tell what the server held, not that it was made then. */
static gboolean
is_sighting(const HistoryEntry *entry)
{
  return entry->action == HISTORY_REPLACED || entry->action == HISTORY_DELETED ||
         entry->action == HISTORY_PULLED;
}

static gboolean
same_version(const HistoryEntry *newer, const HistoryEntry *older)
{
  return strcmp(newer->digest, older->digest) == 0 &&
         (newer->version_id == NULL || older->version_id == NULL ||
          strcmp(newer->version_id, older->version_id) == 0);
}

/* A version as the local entries [first, last] tell it. */
static Version *
version_of_entries(const HistoryEntry *state, const HistoryEntry *origin)
{
  Version *version = g_new0(Version, 1);
  version->state = state;
  version->origin = origin;
  version->here = TRUE;
  version->at = origin->at;
  version->version = g_strdup(state->version != NULL ? state->version : origin->version);
  version->message = g_strdup(origin->message);
  version->digest = g_strdup(state->digest);
  version->version_id =
      g_strdup(state->version_id != NULL ? state->version_id : origin->version_id);
  return version;
}

/* What is known here, newest first: what was sent and then seen there again is one version. */
static GPtrArray *
local_versions(const GPtrArray *entries)
{
  GPtrArray *versions = g_ptr_array_new_with_free_func(version_free);
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const HistoryEntry *state = g_ptr_array_index(entries, i), *origin = state;
    while (is_sighting(origin) && i + 1 < entries->len &&
           same_version(origin, g_ptr_array_index(entries, i + 1)))
      origin = g_ptr_array_index(entries, ++i);
    g_ptr_array_add(versions, version_of_entries(state, origin));
  }
  return versions;
}

/* What is known here of a version that the server has, too. */
static void
absorb(Version *version, const Version *local)
{
  version->here = TRUE;
  version->state = version->state != NULL ? version->state : local->state;
  version->origin = local->origin;
  if (version->digest == NULL)
    version->digest = g_strdup(local->digest);
  if (version->version == NULL)
    version->version = g_strdup(local->version);
  if (version->message == NULL)
    version->message = g_strdup(local->message);
}

/* Takes those out of `locals` that are this version of the server. */
static void
absorb_twins(Version *version, GPtrArray *locals)
{
  for (guint i = 0; i < locals->len;) {
    const Version *local = g_ptr_array_index(locals, i);
    if (g_strcmp0(local->version_id, version->version_id) != 0) {
      i++;
      continue;
    }
    absorb(version, local);
    g_ptr_array_remove_index(locals, i);
  }
}

static Version *
version_of_server(const ClientVersion *theirs)
{
  Version *version = g_new0(Version, 1);
  version->there = TRUE;
  version->at = theirs->created_at;
  version->user = g_strdup(theirs->user);
  version->message = g_strdup(theirs->message);
  version->version_id = g_strdup(theirs->version_id);
  return version;
}

/* The server's, with what is known here of them; the live one first. */
static GPtrArray *
server_versions(const RemotePlugin *live, const GPtrArray *theirs, GPtrArray *locals)
{
  GPtrArray *versions = g_ptr_array_new_with_free_func(version_free);
  for (guint i = 0; i < theirs->len; i++) {
    Version *version = version_of_server(g_ptr_array_index(theirs, i));
    absorb_twins(version, locals);
    g_ptr_array_add(versions, version);
  }
  Version *first = versions->len > 0 ? g_ptr_array_index(versions, 0) : NULL;
  if (live != NULL && (first == NULL || g_strcmp0(first->version_id, live->version_id) != 0)) {
    first = g_new0(Version, 1);
    first->at = live->updated_at;
    first->version_id = g_strdup(live->version_id);
    g_ptr_array_insert(versions, 0, first);
  }
  return versions;
}

static gboolean
is_known(const GPtrArray *entries, const char *digest)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (strcmp(((const HistoryEntry *)g_ptr_array_index(entries, i))->digest, digest) == 0)
      return TRUE;
  return FALSE;
}

/* What the look found is all known; the newest local one of the same text is it, unless the server
 * says of both which version they are. */
static void
complete_live(Version *version, const RemotePlugin *live, const GPtrArray *entries,
              GPtrArray *locals)
{
  const Version *newest = locals->len > 0 ? g_ptr_array_index(locals, 0) : NULL;
  version->there = TRUE;
  version->content = g_bytes_ref(live->content);
  version->name = g_strdup(live->name);
  version->meta = json_incref(live->meta);
  g_free(version->digest);
  version->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, live->content);
  if (version->version == NULL)
    version->version = g_strdup(remote_plugin_manifest(live, "version"));
  gboolean twin = newest != NULL && strcmp(newest->digest, version->digest) == 0 &&
                  newest->state->action != HISTORY_DELETED &&
                  (newest->version_id == NULL || version->version_id == NULL);
  if (twin) {
    if (version->user == NULL)
      version->at = newest->at;
    absorb(version, newest);
    g_ptr_array_remove_index(locals, 0);
  }
  version->here = version->here || is_known(entries, version->digest);
}

/* What is known of both here tells for sure; else the clocks do, and within one second what only
 * we have is older: deleted, or of before the server kept versions. */
static gboolean
is_newer(const Version *local, const Version *their)
{
  if (their->origin != NULL)
    return local->origin->row > their->origin->row;
  return local->at > their->at;
}

/* Both are newest first; the live one stays the first. */
static void
merge(VersionList *versions, GPtrArray *theirs, GPtrArray *locals)
{
  gboolean live = versions->live != NULL;
  guint t = 0, l = 0;
  while (t < theirs->len || l < locals->len) {
    Version *their = t < theirs->len ? g_ptr_array_index(theirs, t) : NULL;
    Version *local = l < locals->len ? g_ptr_array_index(locals, l) : NULL;
    gboolean first = live && versions->versions->len == 0;
    Version *next = their;
    if (their == NULL || (local != NULL && !first && is_newer(local, their)))
      next = local;
    if (next == NULL)
      break;
    t += next == their ? 1 : 0;
    l += next == local ? 1 : 0;
    next->number = versions->versions->len + (live ? 0 : 1);
    g_ptr_array_add(versions->versions, next);
  }
}

VersionList *
version_list_new(Family family, const char *id, const RemotePlugin *live, const GPtrArray *theirs,
                 GPtrArray *entries)
{
  VersionList *versions = g_new0(VersionList, 1);
  versions->family = family;
  versions->id = g_strdup(id);
  versions->live = live != NULL ? remote_plugin_copy(live) : NULL;
  versions->entries = entries;
  versions->versions = g_ptr_array_new_with_free_func(version_free);
  g_autoptr(GPtrArray) locals = local_versions(entries);
  g_autoptr(GPtrArray) servers = server_versions(live, theirs, locals);
  if (live != NULL)
    complete_live(g_ptr_array_index(servers, 0), live, entries, locals);
  merge(versions, servers, locals);
  g_ptr_array_set_free_func(locals, NULL);
  g_ptr_array_set_free_func(servers, NULL);
  return versions;
}

/* The stamp of the oldest state that is known of this URL, if it was there before we wrote. */
static Stamp *
oldest_stamp(const GPtrArray *entries, const RemotePlugin *live)
{
  if (entries->len == 0)
    return live != NULL ? stamp_read(live->meta) : NULL;
  const HistoryEntry *oldest = g_ptr_array_index(entries, entries->len - 1);
  if (!is_sighting(oldest) || oldest->meta == NULL)
    return NULL;
  json_auto_t *meta = json_exact_parse_text(oldest->meta, 0);
  return stamp_read(meta);
}

/* Adds what is known of the plugin under another URL, up to that state. A secret that was set on
 * one server is not for another one. */
static char *
add_known(History *history, const char *server, Family family, const char *id,
          const RemotePlugin *live, GPtrArray *entries)
{
  g_autoptr(Stamp) stamp = oldest_stamp(entries, live);
  if (stamp == NULL || stamp->write == NULL)
    return NULL;
  g_autoptr(HistoryEntry) found =
      history_find_write(history, server, family, id, stamp->write, stamp->sha256, NULL);
  g_autoptr(GPtrArray) theirs =
      found != NULL ? history_list(history, found->server, family, id, NULL) : NULL;
  if (theirs == NULL)
    return NULL;
  while (theirs->len > 0) {
    HistoryEntry *entry = g_ptr_array_steal_index(theirs, 0);
    g_clear_pointer(&entry->valves, g_free);
    if (entry->row <= found->row)
      g_ptr_array_add(entries, entry);
    else
      history_entry_free(entry);
  }
  return g_strdup(found->server);
}

VersionList *
version_list_load(Client *client, History *history, Family family, const char *id,
                  const RemotePlugin *live, GError **error)
{
  const char *live_id = live != NULL ? live->version_id : NULL;
  g_autoptr(GPtrArray) theirs = client_history(client, family, id, live_id, error);
  if (theirs == NULL)
    return NULL;
  GPtrArray *entries = NULL;
  char *known_from = NULL;
  if (history != NULL) {
    entries = history_list(history, client_url(client), family, id, error);
    if (entries == NULL)
      return NULL;
    known_from = add_known(history, client_url(client), family, id, live, entries);
  }
  VersionList *versions = version_list_new(family, id, live, theirs, entries);
  versions->known_from = known_from;
  versions->client = client;
  versions->history = history;
  return versions;
}

static gboolean
read_here(VersionList *versions, Version *version, GError **error)
{
  version->content = history_content(versions->history, version->digest, error);
  if (version->content == NULL)
    return FALSE;
  version->name = g_strdup(version->state->name);
  version->meta =
      version->state->meta != NULL ? json_exact_parse_text(version->state->meta, 0) : NULL;
  return TRUE;
}

static gboolean
read_there(VersionList *versions, Version *version, GError **error)
{
  g_autoptr(RemotePlugin) old = client_history_read(versions->client, versions->family,
                                                    versions->id, version->version_id, error);
  if (old == NULL)
    return FALSE;
  if (old->content == NULL)
    return owup_error_set(error, OWUP_ERROR_UNKNOWN, _("The server's old version has no content"));
  version->content = g_bytes_ref(old->content);
  version->name = g_strdup(old->name);
  version->meta = json_incref(old->meta);
  if (version->digest == NULL)
    version->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, old->content);
  return TRUE;
}

/* The server's snapshots carry no manifest. */
static void
complete_version(Version *version)
{
  gsize size;
  const char *text = g_bytes_get_data(version->content, &size);
  if (version->version != NULL || text == NULL || !g_utf8_validate_len(text, size, NULL))
    return;
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, size);
  version->version = g_strdup(frontmatter_get_text(frontmatter, "version"));
}

gboolean
version_list_read(VersionList *versions, Version *version, GError **error)
{
  if (version->content != NULL)
    return TRUE;
  gboolean known = version->here && version->state != NULL && versions->history != NULL;
  gboolean done = known && read_here(versions, version, version->there ? NULL : error);
  if (!done && version->there)
    done = read_there(versions, version, error);
  if (done)
    complete_version(version);
  return done;
}

char *
version_list_short_digest(const char *digest)
{
  return g_strndup(digest != NULL ? digest : "", SHORT_DIGEST);
}

char *
version_list_describe(const char *version, const char *digest)
{
  g_autofree char *first = version_list_short_digest(digest);
  return version != NULL ? g_strdup_printf("%s (%s)", version, first) : g_steal_pointer(&first);
}
