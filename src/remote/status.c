/* SPDX-License-Identifier: MIT */
#include "status.h"

#include "adoption.h"
#include "client_admin.h"
#include "discover.h"
#include "error.h"
#include "plugin_id.h"

#include <glib/gi18n.h>
#include <string.h>

/* How many local plugins are looked for one by one where a list is empty. */
#define PROBES 3

/* One family under way. */
typedef struct {
  Client *client;
  const StatusRequest *request;
  Status *status;
  Family family;
  GPtrArray *list;      /* of RemotePlugin */
  gboolean partly;      /* some of them without content, which this key may not see */
  GHashTable *by_id;    /* id -> index in `list` */
  GHashTable *file_of;  /* id -> Plugin that has it */
  GPtrArray *siblings;  /* of Plugin: what --all takes */
  AdoptionIndex *index; /* of `list` */
} Pairing;

void
status_free(Status *status)
{
  if (status == NULL)
    return;
  g_ptr_array_unref(status->rows);
  g_ptr_array_unref(status->twins);
  g_clear_error(&status->no_history);
  g_free(status);
}

Comparison *
status_compare(const Client *client, History *history, Plugin *local, RemotePlugin *remote,
               GError **trouble)
{
  GError *failed = NULL;
  g_autoptr(HistoryEntry) last = NULL;
  if (history != NULL && local != NULL && remote != NULL)
    last = history_last_agreed(history, client_url(client), remote->family, remote->id, &failed);
  if (failed != NULL && trouble != NULL && *trouble == NULL)
    g_propagate_error(trouble, g_steal_pointer(&failed));
  g_clear_error(&failed);
  CompareWitness witness = {.server = client_url(client), .history = history};
  Comparison *comparison = comparison_new(local, remote, last, &witness);
  comparison->server = g_strdup(client_url(client));
  return comparison;
}

static void
add_row(Pairing *pairing, Plugin *local, RemotePlugin *remote)
{
  Status *status = pairing->status;
  g_ptr_array_add(status->rows, status_compare(pairing->client, pairing->request->history, local,
                                               remote, &status->no_history));
}

static gboolean
is_wanted(const Pairing *pairing, const Plugin *plugin)
{
  const StatusRequest *request = pairing->request;
  return kind_family(plugin->kind) == pairing->family &&
         (!request->has_type || plugin->kind == request->type);
}

/* What is under the id; it is paired from now on, but may be paired twice (twins). */
static RemotePlugin *
take_remote(Pairing *pairing, const char *id, GHashTable *taken)
{
  gpointer index;
  if (!g_hash_table_lookup_extended(pairing->by_id, id, NULL, &index))
    return NULL;
  g_hash_table_add(taken, index);
  return g_ptr_array_index(pairing->list, GPOINTER_TO_UINT(index));
}

/* On the server under another id, where no other file has that one, be it one that is left out. */
static const char *
other_id(const Pairing *pairing, const Plugin *plugin)
{
  const char *id = adoption_judge(plugin, pairing->siblings, pairing->index).id;
  return id != NULL && !g_hash_table_contains(pairing->file_of, id) ? id : NULL;
}

static gboolean
is_left_out(const Pairing *pairing, const Found *found)
{
  return found->template || (found->localized && !pairing->request->localized);
}

static void
leave_out(Status *status, const Found *found)
{
  status->templates += found->template ? 1 : 0;
  status->localized += found->template ? 0 : 1;
}

static void
add_local(Pairing *pairing, const Found *found, GHashTable *taken)
{
  Plugin *plugin = found->plugin;
  gboolean left_out = is_left_out(pairing, found);
  if (left_out && g_hash_table_lookup(pairing->file_of, plugin->id) != plugin) {
    leave_out(pairing->status, found);
    return;
  }
  RemotePlugin *remote = take_remote(pairing, plugin->id, taken);
  const char *other = remote == NULL && !left_out ? other_id(pairing, plugin) : NULL;
  if (other != NULL)
    remote = take_remote(pairing, other, taken);
  if (remote == NULL && left_out)
    leave_out(pairing->status, found);
  else if (remote != NULL && remote->content == NULL)
    pairing->status->unreadable++;
  else
    add_row(pairing, plugin, remote != NULL ? remote_plugin_copy(remote) : NULL);
}

static void
add_remote_only(Pairing *pairing, GHashTable *taken)
{
  for (guint i = 0; i < pairing->list->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(pairing->list, i);
    const StatusRequest *request = pairing->request;
    gboolean wanted = !request->has_type || pairing->family == FAMILY_TOOL ||
                      g_strcmp0(remote->type, kind_name(request->type)) == 0;
    if (!wanted || g_hash_table_contains(taken, GUINT_TO_POINTER(i)))
      continue;
    if (remote->content == NULL)
      pairing->status->unreadable++;
    else
      add_row(pairing, NULL, remote_plugin_copy(remote));
  }
}

static gboolean
check_content(const GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(list, i);
    if (remote->content != NULL)
      continue;
    return owup_error_set(error, OWUP_ERROR_UNKNOWN,
                          _("The server's export has no content for '%s'"), remote->id);
  }
  return TRUE;
}

/* With ENABLE_PLUGINS=false the list of functions is empty on every version (that of tools is not
 * on 0.11), while single reads still work. */
static gboolean
check_switched_on(const Pairing *pairing, GError **error)
{
  const GPtrArray *found = pairing->request->found;
  guint probes = 0;
  for (guint i = 0; i < found->len && probes < PROBES; i++) {
    const Plugin *plugin = ((Found *)g_ptr_array_index(found, i))->plugin;
    if (!is_wanted(pairing, plugin) || !plugin_id_valid(plugin->id))
      continue;
    g_autoptr(GError) missing = NULL;
    g_autoptr(RemotePlugin) remote =
        client_read(pairing->client, pairing->family, plugin->id, &missing);
    probes++;
    if (remote == NULL)
      continue;
    return owup_error_set(error, OWUP_ERROR_PLUGINS_OFF,
                          _("%s has plugins switched off (ENABLE_PLUGINS=false), so it lists none"),
                          client_url(pairing->client));
  }
  return TRUE;
}

/* The file that has an id is the one that --all takes, where there is one. */
static void
note_owner(Pairing *pairing, const Found *found)
{
  Plugin *plugin = found->plugin;
  Plugin *first = g_hash_table_lookup(pairing->file_of, plugin->id);
  GPtrArray *twins = pairing->status->twins;
  if (first == NULL)
    g_hash_table_insert(pairing->file_of, plugin->id, plugin);
  if (first == NULL || is_left_out(pairing, found))
    return;
  if (!g_ptr_array_find(twins, first, NULL))
    g_ptr_array_add(twins, plugin_ref(first));
  g_ptr_array_add(twins, plugin_ref(plugin));
}

static void
note_owners(Pairing *pairing, gboolean left_out)
{
  const GPtrArray *found = pairing->request->found;
  for (guint i = 0; i < found->len; i++) {
    const Found *one = g_ptr_array_index(found, i);
    if (!is_wanted(pairing, one->plugin) || is_left_out(pairing, one) != left_out)
      continue;
    note_owner(pairing, one);
    if (!left_out)
      g_ptr_array_add(pairing->siblings, one->plugin);
  }
}

static gboolean
pair_family(Pairing *pairing, GError **error)
{
  const GPtrArray *found = pairing->request->found;
  g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
  if (!pairing->partly && !check_content(pairing->list, error))
    return FALSE;
  for (guint i = 0; i < pairing->list->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(pairing->list, i);
    g_hash_table_insert(pairing->by_id, remote->id, GUINT_TO_POINTER(i));
  }
  note_owners(pairing, FALSE);
  note_owners(pairing, TRUE);
  for (guint i = 0; i < found->len; i++) {
    const Found *one = g_ptr_array_index(found, i);
    if (is_wanted(pairing, one->plugin))
      add_local(pairing, one, taken);
  }
  add_remote_only(pairing, taken);
  return TRUE;
}

static gboolean
has_files(const StatusRequest *request, Family family)
{
  for (guint i = 0; i < request->found->len; i++) {
    const Found *one = g_ptr_array_index(request->found, i);
    if (kind_family(one->plugin->kind) == family)
      return TRUE;
  }
  return FALSE;
}

/* Who is no admin may not see functions: without a file of one, tools are all that there is to
 * tell. `*lists`: the server has listed some plugin, so it has them switched on. */
static gboolean
add_family(Client *client, const StatusRequest *request, Family family, Status *status,
           gboolean *lists, GError **error)
{
  if (request->has_type && kind_family(request->type) != family)
    return TRUE;
  gboolean partly;
  g_autoptr(GError) failed = NULL;
  g_autoptr(GPtrArray) list = client_list_readable(client, family, &partly, &failed);
  if (list == NULL && family == FAMILY_FUNCTION && !request->has_type &&
      owup_error_is(failed, OWUP_ERROR_NOT_ADMIN) && !has_files(request, family))
    return TRUE;
  if (list == NULL) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
  }
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) file_of = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) siblings = g_ptr_array_new();
  g_autoptr(AdoptionIndex) index = adoption_index_new(list);
  Pairing pairing = {client, request, status,  family,   list,
                     partly, by_id,   file_of, siblings, index};
  *lists = *lists || list->len > 0;
  return (*lists || partly || check_switched_on(&pairing, error)) && pair_family(&pairing, error);
}

/* By kind in the order of the enum, then id, then file. */
static int
compare_rows(gconstpointer a, gconstpointer b)
{
  const Comparison *one = *(Comparison *const *)a, *two = *(Comparison *const *)b;
  Kind kind_one = N_KINDS, kind_two = N_KINDS;
  kind_parse(comparison_kind(one), &kind_one);
  kind_parse(comparison_kind(two), &kind_two);
  if (kind_one != kind_two)
    return kind_one < kind_two ? -1 : 1;
  int order = strcmp(one->id, two->id);
  if (order != 0 || one->local == NULL || two->local == NULL)
    return order;
  return strcmp(one->local->file, two->local->file);
}

Status *
status_make(Client *client, const StatusRequest *request, GError **error)
{
  g_autoptr(Status) status = g_new0(Status, 1);
  status->rows = g_ptr_array_new_with_free_func((GDestroyNotify)comparison_free);
  status->twins = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  gboolean lists = FALSE;
  for (Family family = FAMILY_FUNCTION; family <= FAMILY_TOOL; family++)
    if (!add_family(client, request, family, status, &lists, error))
      return NULL;
  g_ptr_array_sort(status->rows, compare_rows);
  return g_steal_pointer(&status);
}

typedef enum { FIT_NONE, FIT_ALIKE, FIT_TITLE, FIT_ID } Fit;

static Fit
fit_of(const Comparison *row, const char *word, const Plugin *local)
{
  if (local != NULL)
    return row->local != NULL && strcmp(row->local->file, local->file) == 0 ? FIT_ID : FIT_NONE;
  const char *slash = strchr(word, '/');
  g_autofree char *prefix = slash != NULL ? g_strndup(word, (gsize)(slash - word)) : NULL;
  Kind kind, row_kind = N_KINDS;
  if (prefix != NULL && kind_parse(prefix, &kind)) {
    kind_parse(comparison_kind(row), &row_kind);
    if (kind != row_kind)
      return FIT_NONE;
    word = slash + 1;
  }
  if (strcmp(row->id, word) == 0)
    return FIT_ID;
  if (strcmp(comparison_label(row), word) == 0)
    return FIT_TITLE;
  return plugin_names_alike(row->id, word) || plugin_names_alike(comparison_label(row), word)
             ? FIT_ALIKE
             : FIT_NONE;
}

GPtrArray *
status_find(const Status *status, const char *word, const Plugin *local)
{
  GPtrArray *rows = g_ptr_array_new();
  Fit best = FIT_ALIKE;
  for (guint i = 0; i < status->rows->len; i++) {
    Comparison *row = g_ptr_array_index(status->rows, i);
    Fit here = fit_of(row, word, local);
    if (here > best)
      g_ptr_array_set_size(rows, 0);
    if (here >= best) {
      best = here;
      g_ptr_array_add(rows, row);
    }
  }
  return rows;
}
