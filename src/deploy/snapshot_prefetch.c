#include "snapshot_prefetch.h"

#include "adoption.h"
#include "client_admin.h"

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
  const char *taken_by; /* see MovingIn; owned by the list */
  gboolean same;
  char *digest_before; /* of the content that the history had for `remote`, or NULL */
} Place;

typedef struct {
  const DeployContext *context;
  const GPtrArray *plugins;
  Family family;
  Place *places;     /* as many as `plugins` */
  guint count;       /* of the family */
  gboolean contents; /* the list that is asked for carries them */
  gint64 newest;     /* history_newest() before the first list was asked for */
  GPtrArray *list;   /* of RemotePlugin; NULL: none has come */
} Survey;

static void
open_places(Survey *survey)
{
  survey->places = g_new0(Place, survey->plugins->len);
  for (guint i = 0; i < survey->plugins->len; i++) {
    const Plugin *plugin = g_ptr_array_index(survey->plugins, i);
    if (plugin == NULL || kind_family(plugin->kind) != survey->family)
      continue;
    survey->places[i].plugin = plugin;
    survey->count++;
  }
}

static void
close_places(Survey *survey)
{
  for (guint i = 0; i < survey->plugins->len; i++) {
    Place *place = &survey->places[i];
    history_entry_free(place->last);
    g_free(place->digest);
    g_free(place->digest_before);
  }
  g_free(survey->places);
}

static HistoryEntry *
recall(const Survey *survey, const char *id)
{
  History *history = survey->context->history;
  if (history == NULL)
    return NULL;
  return history_last_agreed(history, server_url(survey->context->server), survey->family, id,
                             NULL);
}

static void
recall_place(const Survey *survey, Place *place)
{
  if (place->plugin == NULL || place->recalled)
    return;
  place->last = recall(survey, place->plugin->id);
  place->recalled = TRUE;
}

/* Does the history know this server as one that names no versions? Then nothing but the contents
 * can tell, and its list is of no use. */
static gboolean
names_no_versions(const Survey *survey)
{
  for (guint i = 0; i < survey->plugins->len; i++) {
    Place *place = &survey->places[i];
    recall_place(survey, place);
    if (place->last != NULL)
      return place->last->version_id == NULL;
  }
  return FALSE;
}

static gpointer
fetch(gpointer data)
{
  const Survey *survey = data;
  return server_list(survey->context->server, survey->family, survey->contents, NULL);
}

/* TRUE: the list has come. While the server is at it, all is made ready that it is compared with.
 */
static gboolean
ask(Survey *survey, gboolean contents)
{
  survey->contents = contents;
  GThread *thread = g_thread_new("list", fetch, survey);
  for (guint i = 0; i < survey->plugins->len; i++) {
    Place *place = &survey->places[i];
    recall_place(survey, place);
    if (place->plugin != NULL && place->digest == NULL)
      place->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, place->plugin->held);
  }
  GPtrArray *list = g_thread_join(thread);
  if (list == NULL)
    return FALSE;
  g_clear_pointer(&survey->list, g_ptr_array_unref);
  survey->list = list;
  return TRUE;
}

/* Where each plugin is on the server, by its own id or its openwebui_id. */
static void
find_places(Survey *survey)
{
  gboolean resend = survey->context->options->resend;
  g_autoptr(MovingIndex) index = NULL;
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < survey->list->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(survey->list, i);
    g_hash_table_insert(by_id, remote->id, remote);
  }
  for (guint i = 0; i < survey->plugins->len; i++) {
    Place *place = &survey->places[i];
    if (place->plugin == NULL)
      continue;
    place->remote = g_hash_table_lookup(by_id, place->plugin->id);
    place->taken_by = NULL;
    g_clear_pointer(&place->digest_before, g_free); /* of what an earlier list named */
    place->same = place->remote != NULL && !resend &&
                  look_is_same(place->plugin, place->digest, place->remote, place->last);
    if (place->remote != NULL)
      continue;
    if (index == NULL)
      index = moving_index_new(survey->list);
    MovingIn moving = moving_in_judge(place->plugin, survey->plugins, index);
    place->taken_by = moving.taken_by;
    place->remote = moving.id != NULL ? g_hash_table_lookup(by_id, moving.id) : NULL;
  }
}

/* The content that the version on the server pins, from the local history. */
static void
recall_content(const Survey *survey, Place *place)
{
  RemotePlugin *remote = place->remote;
  if (remote->version_id == NULL || survey->context->history == NULL)
    return;
  gboolean moved = strcmp(remote->id, place->plugin->id) != 0;
  g_autoptr(HistoryEntry) elsewhere = moved ? recall(survey, remote->id) : NULL;
  const HistoryEntry *last = moved ? elsewhere : place->last;
  if (last == NULL || g_strcmp0(last->version_id, remote->version_id) != 0)
    return;
  remote->content = history_content(survey->context->history, last->digest, NULL);
  if (remote->content != NULL)
    place->digest_before = g_strdup(last->digest);
}

/* How many contents are still missing. */
static guint
recall_contents(const Survey *survey)
{
  guint missing = 0;
  for (guint i = 0; i < survey->plugins->len; i++) {
    Place *place = &survey->places[i];
    if (place->remote == NULL || place->same)
      continue;
    if (place->remote->content == NULL)
      recall_content(survey, place);
    missing += place->remote->content == NULL ? 1 : 0;
  }
  return missing;
}

/* look_last() before the list was made; what was written since makes it an old one. */
static gint64
last_before(const Survey *survey, const Place *place, const char *id)
{
  gboolean moved = strcmp(id, place->plugin->id) != 0;
  g_autoptr(HistoryEntry) elsewhere = moved ? recall(survey, id) : NULL;
  const HistoryEntry *last = moved ? elsewhere : place->last;
  gint64 row = last != NULL ? last->row : 0;
  return row <= survey->newest ? row : -1;
}

/* Each look takes what it found out of the list: nothing is shared between threads. */
static Look *
make_look(const Survey *survey, const Place *place, gint64 at)
{
  const RemotePlugin *remote = place->remote;
  Look *look = g_new0(Look, 1);
  look->at = at;
  look->id = g_strdup(remote != NULL ? remote->id : place->plugin->id);
  look->same = place->same;
  look->digest_held = g_strdup(place->digest);
  look->digest = g_strdup(place->same ? place->digest : place->digest_before);
  look->taken_by = g_strdup(place->taken_by);
  look->last = last_before(survey, place, look->id);
  look->before = remote != NULL ? remote_plugin_copy(remote) : NULL;
  return look;
}

static void
survey_family(Survey *survey, GPtrArray *looks)
{
  gint64 at = g_get_monotonic_time();
  if (survey->context->history != NULL)
    survey->newest = history_newest(survey->context->history);
  if (!ask(survey, names_no_versions(survey)))
    return;
  find_places(survey);
  guint missing = recall_contents(survey);
  if (missing >= LIST_FROM && missing * EXPORT_ONE_IN >= survey->list->len) {
    gint64 again = g_get_monotonic_time();
    if (ask(survey, TRUE)) {
      at = again;
      find_places(survey);
    }
  }
  for (guint i = 0; i < survey->plugins->len; i++) {
    const Place *place = &survey->places[i];
    gboolean known = place->remote == NULL || place->same || place->remote->content != NULL;
    if (place->plugin != NULL && known)
      g_ptr_array_index(looks, i) = make_look(survey, place, at);
  }
}

GPtrArray *
survey_make(const DeployContext *context, const GPtrArray *plugins)
{
  GPtrArray *looks = g_ptr_array_new_with_free_func((GDestroyNotify)look_free);
  g_ptr_array_set_size(looks, (gint)plugins->len);
  if (context->options->create_only)
    return looks;
  for (int family = FAMILY_FUNCTION; family <= FAMILY_TOOL; family++) {
    Survey survey = {.context = context, .plugins = plugins, .family = (Family)family};
    open_places(&survey);
    if (survey.count >= LIST_FROM)
      survey_family(&survey, looks);
    close_places(&survey);
    g_clear_pointer(&survey.list, g_ptr_array_unref);
  }
  return looks;
}
