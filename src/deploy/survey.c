#include "survey.h"

#include "manage.h"
#include "moving_in.h"

/* From so many plugins of a family on, one list is cheaper than single reads (0.12.4, loopback: a
 * list of 400 takes as long as six reads of 20 KB; over a network one request less is a round trip
 * less). */
#define LIST_FROM 4
/* One export instead of single reads where at least one in so many of the server's plugins is
 * needed. */
#define EXPORT_ONE_IN 8

typedef struct {
  const DeployContext *context;
  const GPtrArray *plugins;
  Family family;
  GPtrArray *list;     /* of RemotePlugin; NULL once taken */
  GHashTable *by_id;   /* id -> index + 1 in `list` */
  GHashTable *digests; /* id -> digest of the content that the history had */
  GPtrArray *looks;
} Survey;

static gboolean
concerns(const Survey *survey, guint i)
{
  const Plugin *plugin = g_ptr_array_index(survey->plugins, i);
  return plugin != NULL && kind_family(plugin->kind) == survey->family;
}

static guint
count_plugins(const Survey *survey)
{
  guint n = 0;
  for (guint i = 0; i < survey->plugins->len; i++)
    n += concerns(survey, i) ? 1 : 0;
  return n;
}

static void
index_list(Survey *survey)
{
  g_hash_table_remove_all(survey->by_id);
  for (guint i = 0; i < survey->list->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(survey->list, i);
    g_hash_table_insert(survey->by_id, remote->id, GUINT_TO_POINTER(i + 1));
  }
}

static RemotePlugin *
find(const Survey *survey, const char *id)
{
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(survey->by_id, id));
  return place > 0 ? g_ptr_array_index(survey->list, place - 1) : NULL;
}

/* Where the plugin is on the server, by its own id or its openwebui_id. */
static RemotePlugin *
find_plugin(const Survey *survey, const Plugin *plugin, MovingIn *moving)
{
  RemotePlugin *remote = find(survey, plugin->id);
  *moving = (MovingIn){0};
  if (remote != NULL)
    return remote;
  *moving = moving_in_judge(plugin, survey->plugins, survey->list);
  return moving->id != NULL ? find(survey, moving->id) : NULL;
}

/* The content that the version on the server pins, from the local history. */
static void
recall_content(const Survey *survey, RemotePlugin *remote)
{
  History *history = survey->context->history;
  if (remote->content != NULL || remote->version_id == NULL || history == NULL)
    return;
  g_autoptr(HistoryEntry) last = history_last_write(history, server_url(survey->context->server),
                                                    survey->family, remote->id, NULL);
  if (last == NULL || g_strcmp0(last->version_id, remote->version_id) != 0)
    return;
  remote->content = history_content(history, last->digest, NULL);
  if (remote->content != NULL)
    g_hash_table_insert(survey->digests, g_strdup(remote->id), g_steal_pointer(&last->digest));
}

/* How many contents are still missing. */
static guint
recall_contents(const Survey *survey)
{
  guint missing = 0;
  for (guint i = 0; i < survey->plugins->len; i++) {
    MovingIn moving;
    RemotePlugin *remote = concerns(survey, i)
                               ? find_plugin(survey, g_ptr_array_index(survey->plugins, i), &moving)
                               : NULL;
    if (remote == NULL)
      continue;
    recall_content(survey, remote);
    missing += remote->content == NULL ? 1 : 0;
  }
  return missing;
}

/* Each look takes what it found out of the list: nothing is shared between threads. */
static void
make_looks(Survey *survey, gint64 at)
{
  for (guint i = 0; i < survey->plugins->len; i++) {
    MovingIn moving;
    const Plugin *plugin = g_ptr_array_index(survey->plugins, i);
    if (!concerns(survey, i))
      continue;
    RemotePlugin *remote = find_plugin(survey, plugin, &moving);
    if (remote != NULL && remote->content == NULL)
      continue;
    Look *look = g_new0(Look, 1);
    look->at = at;
    look->id = g_strdup(remote != NULL ? remote->id : plugin->id);
    look->digest = g_strdup(g_hash_table_lookup(survey->digests, look->id));
    look->taken_by = g_strdup(moving.taken_by);
    look->before = remote != NULL ? remote_plugin_copy(remote) : NULL;
    g_ptr_array_index(survey->looks, i) = look;
  }
}

/* Does the history know this server as one that names no versions? Then nothing but the contents
 * can tell. */
static gboolean
names_no_versions(const Survey *survey)
{
  const char *url = server_url(survey->context->server);
  for (guint i = 0; survey->context->history != NULL && i < survey->plugins->len; i++) {
    const Plugin *plugin = g_ptr_array_index(survey->plugins, i);
    if (!concerns(survey, i))
      continue;
    g_autoptr(HistoryEntry) last =
        history_last_write(survey->context->history, url, survey->family, plugin->id, NULL);
    if (last != NULL)
      return last->version_id == NULL;
  }
  return FALSE;
}

/* TRUE: the list has come. */
static gboolean
ask(Survey *survey, gboolean contents)
{
  GPtrArray *list = server_list(survey->context->server, survey->family, contents, NULL);
  if (list == NULL)
    return FALSE;
  g_clear_pointer(&survey->list, g_ptr_array_unref);
  g_hash_table_remove_all(survey->digests);
  survey->list = list;
  index_list(survey);
  return TRUE;
}

static void
survey_family(Survey *survey)
{
  gint64 at = g_get_monotonic_time();
  if (count_plugins(survey) < LIST_FROM || !ask(survey, names_no_versions(survey)))
    return;
  guint missing = recall_contents(survey);
  if (missing >= LIST_FROM && missing * EXPORT_ONE_IN >= survey->list->len) {
    gint64 again = g_get_monotonic_time();
    at = ask(survey, TRUE) ? again : at;
  }
  make_looks(survey, at);
}

GPtrArray *
survey_make(const DeployContext *context, const GPtrArray *plugins)
{
  GPtrArray *looks = g_ptr_array_new_with_free_func((GDestroyNotify)look_free);
  g_ptr_array_set_size(looks, (gint)plugins->len);
  if (context->options->create_only)
    return looks;
  for (int family = FAMILY_FUNCTION; family <= FAMILY_TOOL; family++) {
    Survey survey = {
        .context = context, .plugins = plugins, .family = (Family)family, .looks = looks};
    survey.by_id = g_hash_table_new(g_str_hash, g_str_equal);
    survey.digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    survey_family(&survey);
    g_hash_table_unref(survey.by_id);
    g_hash_table_unref(survey.digests);
    g_clear_pointer(&survey.list, g_ptr_array_unref);
  }
  return looks;
}
