/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "adoption.h"
#include "client_admin.h"
#include "edit_distance.h"
#include "error.h"
#include "plugin_id.h"
#include "resolve.h"
#include "suggest.h"

#include <glib/gi18n.h>
#include <string.h>

/* A word that names something on the server only. */
typedef struct {
  Client *client;
  const char *word; /* as typed, without its KIND/ */
  const char *command;
  Kind kind; /* N_KINDS: any */
} Search;

void
target_free(Target *target)
{
  if (target == NULL)
    return;
  g_free(target->id);
  g_clear_pointer(&target->local, plugin_unref);
  g_clear_pointer(&target->remote, remote_plugin_free);
  g_free(target);
}

const char *
target_label(const Target *target)
{
  if (target->remote != NULL)
    return target->remote->name;
  return target->local != NULL ? plugin_label(target->local) : target->id;
}

/* Takes `remote` over; references `local`. */
static Target *
target_new(Family family, const char *id, Plugin *local, RemotePlugin *remote)
{
  Target *target = g_new0(Target, 1);
  target->family = family;
  target->id = g_strdup(id);
  target->local = local != NULL ? plugin_ref(local) : NULL;
  target->remote = remote;
  return target;
}

static gboolean
is_of_kind(const RemotePlugin *remote, Kind kind)
{
  return remote->family == FAMILY_TOOL || g_strcmp0(remote->type, kind_name(kind)) == 0;
}

static Target *
fail_local_only(const Search *search, const Plugin *local, GError **error)
{
  g_autofree char *word = suggest_shell_word(search->word);
  owup_error_set(error, OWUP_ERROR_NOT_FOUND, _("'%s' (%s) is not on the server"),
                 plugin_label(local), local->id);
  owup_error_add_hint(error, _("Put it there: owup deploy %s"), word);
  return NULL;
}

/* Reads what is under the id. NULL without an error: nothing is. */
static RemotePlugin *
read_if_there(Client *client, Family family, const char *id, GError **error)
{
  GError *failed = NULL;
  RemotePlugin *remote = client_read(client, family, id, &failed);
  if (remote != NULL)
    return remote;
  if (owup_error_is(failed, OWUP_ERROR_NOT_FOUND))
    g_error_free(failed);
  else
    g_propagate_error(error, failed);
  return NULL;
}

static Target *
find_of_local(const Search *search, Plugin *local, gboolean local_only_ok, GError **error)
{
  GError *failed = NULL;
  Family family = kind_family(local->kind);
  g_autoptr(RemotePlugin) remote = NULL;
  if (plugin_id_valid(local->id))
    remote = read_if_there(search->client, family, local->id, &failed);
  g_autoptr(GPtrArray) list = NULL;
  if (remote == NULL && failed == NULL)
    list = client_list(search->client, family, FALSE, &failed);
  g_autoptr(AdoptionIndex) index = list != NULL ? adoption_index_new(list) : NULL;
  const char *other = index != NULL ? adoption_judge(local, NULL, index).id : NULL;
  if (other != NULL)
    remote = read_if_there(search->client, family, other, &failed);
  if (failed != NULL) {
    g_propagate_error(error, failed);
    return NULL;
  }
  if (remote == NULL && !local_only_ok)
    return fail_local_only(search, local, error);
  return target_new(family, remote != NULL ? remote->id : local->id, local,
                    g_steal_pointer(&remote));
}

/* The kind's word that picks a plugin of the server. */
static const char *
picking_kind(const RemotePlugin *remote)
{
  return remote->type != NULL ? remote->type : kind_name(KIND_TOOL);
}

static void
fail_several(const Search *search, const GPtrArray *hits, GError **error)
{
  GString *lines = g_string_new(NULL);
  for (guint i = 0; i < hits->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(hits, i);
    g_string_append_printf(lines, "\n   owup %s %s/%s   ('%s')", search->command,
                           picking_kind(remote), remote->id, remote->name);
  }
  owup_error_set(error, OWUP_ERROR_USAGE, _("%s fits several plugins on the server:%s"),
                 search->word, lines->str);
  g_string_free(lines, TRUE);
}

/* Everybody may see the list of functions. */
static gboolean
is_listed(const Search *search, Family family)
{
  g_autoptr(GPtrArray) list = client_list(search->client, family, FALSE, NULL);
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (strcmp(((RemotePlugin *)g_ptr_array_index(list, i))->id, search->word) == 0)
      return TRUE;
  return FALSE;
}

/* Adds what has exactly this id. */
static gboolean
add_by_id(const Search *search, GPtrArray *hits, GError **error)
{
  GError *failed = NULL;
  g_autoptr(GError) denied = NULL;
  if (!plugin_id_valid(search->word))
    return TRUE;
  for (Family family = FAMILY_FUNCTION; family <= FAMILY_TOOL && failed == NULL; family++) {
    if (search->kind != N_KINDS && kind_family(search->kind) != family)
      continue;
    RemotePlugin *remote = read_if_there(search->client, family, search->word, &failed);
    if (remote != NULL && (search->kind == N_KINDS || is_of_kind(remote, search->kind)))
      g_ptr_array_add(hits, remote);
    else
      g_clear_pointer(&remote, remote_plugin_free);
    /* Who is no admin is told so of every function, be it there or not: it may be a tool's word. */
    if (family == FAMILY_FUNCTION && search->kind == N_KINDS &&
        owup_error_is(failed, OWUP_ERROR_NOT_ADMIN))
      denied = g_steal_pointer(&failed);
  }
  if (failed == NULL && denied != NULL && hits->len == 0 && is_listed(search, FAMILY_FUNCTION))
    failed = g_steal_pointer(&denied);
  if (failed != NULL)
    g_propagate_error(error, failed);
  return failed == NULL;
}

/* All of the wanted kind, of RemotePlugin without content. */
static GPtrArray *
list_all(const Search *search, GError **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)remote_plugin_free);
  for (Family family = FAMILY_FUNCTION; family <= FAMILY_TOOL; family++) {
    if (search->kind != N_KINDS && kind_family(search->kind) != family)
      continue;
    g_autoptr(GPtrArray) list = client_list(search->client, family, FALSE, error);
    if (list == NULL)
      return NULL;
    while (list->len > 0) {
      RemotePlugin *remote = g_ptr_array_steal_index(list, 0);
      if (search->kind == N_KINDS || is_of_kind(remote, search->kind))
        g_ptr_array_add(all, remote);
      else
        remote_plugin_free(remote);
    }
  }
  return g_steal_pointer(&all);
}

/* Those of `all` whose title is exactly the word, else those whose id or title is alike. Owned by
 * `all`. */
static GPtrArray *
find_alike(const Search *search, const GPtrArray *all)
{
  g_autoptr(GPtrArray) exact = g_ptr_array_new();
  g_autoptr(GPtrArray) alike = g_ptr_array_new();
  for (guint i = 0; i < all->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(all, i);
    if (strcmp(remote->name, search->word) == 0)
      g_ptr_array_add(exact, remote);
    if (plugin_names_alike(remote->name, search->word) ||
        plugin_names_alike(remote->id, search->word))
      g_ptr_array_add(alike, remote);
  }
  return exact->len > 0 ? g_steal_pointer(&exact) : g_steal_pointer(&alike);
}

/* The id on the server that was probably meant, or NULL. */
static const char *
nearest_id(const Search *search, const GPtrArray *all)
{
  g_autofree char *folded = plugin_name_fold(search->word);
  guint best = (guint)CLAMP(g_utf8_strlen(folded, -1) / 3, 1, 4) + 1;
  const char *nearest = NULL;
  for (guint i = 0; i < all->len; i++) {
    const RemotePlugin *remote = g_ptr_array_index(all, i);
    g_autofree char *id = plugin_name_fold(remote->id);
    g_autofree char *name = plugin_name_fold(remote->name);
    guint distance = MIN(edit_distance(folded, id, best), edit_distance(folded, name, best));
    if (distance < best) {
      best = distance;
      nearest = remote->id;
    }
  }
  return nearest;
}

static void
fail_none(const Search *search, const GPtrArray *all, const GError *local_error, GError **error)
{
  owup_error_set(error, OWUP_ERROR_NOT_FOUND, _("No plugin here or on the server is called \"%s\""),
                 search->word);
  const char *nearest = nearest_id(search, all);
  if (error == NULL)
    return;
  if (nearest != NULL)
    owup_error_set_hint(*error, _("Did you mean %s?"), nearest);
  else if (local_error != NULL)
    owup_error_set_hint(*error, "%s", local_error->message);
  else
    owup_error_set_hint(*error, _("See what is there: owup status"));
}

static Target *
find_by_list(const Search *search, const GError *local_error, GError **error)
{
  g_autoptr(GPtrArray) all = list_all(search, error);
  if (all == NULL)
    return NULL;
  g_autoptr(GPtrArray) hits = find_alike(search, all);
  if (hits->len > 1)
    fail_several(search, hits, error);
  else if (hits->len == 0)
    fail_none(search, all, local_error, error);
  if (hits->len != 1)
    return NULL;
  const RemotePlugin *hit = g_ptr_array_index(hits, 0);
  RemotePlugin *remote = client_read(search->client, hit->family, hit->id, error);
  return remote != NULL ? target_new(hit->family, hit->id, NULL, remote) : NULL;
}

static Target *
find_on_server(const Search *search, const GError *local_error, GError **error)
{
  g_autoptr(GPtrArray) hits = g_ptr_array_new_with_free_func((GDestroyNotify)remote_plugin_free);
  if (!add_by_id(search, hits, error))
    return NULL;
  if (hits->len == 0)
    return find_by_list(search, local_error, error);
  if (hits->len > 1) {
    fail_several(search, hits, error);
    return NULL;
  }
  RemotePlugin *remote = g_ptr_array_steal_index(hits, 0);
  return target_new(remote->family, remote->id, NULL, remote);
}

/* "filter/NAME" and "tools/NAME". */
static void
split_kind(Search *search)
{
  const char *slash = strchr(search->word, '/');
  if (slash == NULL || slash[1] == '\0')
    return;
  g_autofree char *prefix = g_strndup(search->word, (gsize)(slash - search->word));
  if (kind_parse(prefix, &search->kind))
    search->word = slash + 1;
}

Target *
target_find(Client *client, const char *word, const char *command, gboolean local_only_ok,
            GError **error)
{
  Search search = {client, word, command, N_KINDS};
  ResolveOptions names = {.command = command};
  g_autoptr(GError) local_error = NULL;
  g_autoptr(Plugin) local = resolve_find(word, &names, &local_error);
  if (local != NULL)
    return find_of_local(&search, local, local_only_ok, error);
  /* A folder that cannot be searched is no project, and the plugin may be on the server all the
   * same. */
  if (local_error != NULL && !owup_error_is(local_error, OWUP_ERROR_LOCAL_STATE)) {
    g_propagate_error(error, g_steal_pointer(&local_error));
    return NULL;
  }
  split_kind(&search);
  return find_on_server(&search, local_error, error);
}

gboolean
target_read_again(Client *client, Target *target, GError **error)
{
  GError *failed = NULL;
  RemotePlugin *remote = read_if_there(client, target->family, target->id, &failed);
  if (remote == NULL && failed == NULL)
    owup_error_set(&failed, OWUP_ERROR_NOT_FOUND, _("'%s' is no longer on the server"),
                   target_label(target));
  if (failed != NULL) {
    g_propagate_error(error, failed);
    return FALSE;
  }
  remote_plugin_free(target->remote);
  target->remote = remote;
  return TRUE;
}
