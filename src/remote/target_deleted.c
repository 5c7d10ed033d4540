/* SPDX-License-Identifier: MIT */
#include "target_deleted.h"

#include "error.h"
#include "json_exact.h"
#include "plugin_id.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_alike(const HistoryEntry *entry, const char *word)
{
  return plugin_names_alike(entry->id, word) ||
         (entry->name != NULL && plugin_names_alike(entry->name, word));
}

/* Exact ids before names. Of KIND/NAME the history can tell functions from tools. */
static GPtrArray *
find_hits(const GPtrArray *plugins, const char *typed)
{
  Kind kind = N_KINDS;
  const char *name = kind_split(typed, &kind), *word = name != NULL ? name : typed;
  g_autoptr(GPtrArray) exact = g_ptr_array_new();
  g_autoptr(GPtrArray) alike = g_ptr_array_new();
  for (guint i = 0; i < plugins->len; i++) {
    HistoryEntry *entry = g_ptr_array_index(plugins, i);
    if (name != NULL && entry->family != kind_family(kind))
      continue;
    if (strcmp(entry->id, word) == 0)
      g_ptr_array_add(exact, entry);
    else if (is_alike(entry, word))
      g_ptr_array_add(alike, entry);
  }
  return exact->len > 0 ? g_steal_pointer(&exact) : g_steal_pointer(&alike);
}

/* The word of a kind that picks it. */
static char *
picking_kind(const HistoryEntry *entry)
{
  Kind kind = KIND_FILTER;
  json_auto_t *meta = entry->meta != NULL ? json_exact_parse_text(entry->meta, 0) : NULL;
  const char *type = json_string_value(json_object_get(meta, "type"));
  if (entry->family == FAMILY_TOOL)
    kind = KIND_TOOL;
  else if (type != NULL)
    kind_parse(type, &kind);
  return g_strdup(kind_name(kind));
}

static void
fail_several(const char *word, const GPtrArray *hits, GError **error)
{
  g_autoptr(GString) ids = g_string_new(NULL);
  for (guint i = 0; i < hits->len; i++) {
    const HistoryEntry *entry = g_ptr_array_index(hits, i);
    g_autofree char *kind = picking_kind(entry);
    g_string_append_printf(ids, "\n   %s/%s", kind, entry->id);
  }
  owup_error_set(error, OWUP_ERROR_USAGE, _("%s fits several plugins in the history:%s"), word,
                 ids->str);
}

HistoryEntry *
target_deleted_entry(History *history, const char *server, const char *word, GError **error)
{
  g_autoptr(GPtrArray) plugins = history_plugins(history, server, error);
  if (plugins == NULL)
    return NULL;
  g_autoptr(GPtrArray) hits = find_hits(plugins, word);
  if (hits->len > 1)
    fail_several(word, hits, error);
  if (hits->len != 1)
    return NULL;
  guint index;
  g_ptr_array_find(plugins, g_ptr_array_index(hits, 0), &index);
  return g_ptr_array_steal_index(plugins, index);
}

Target *
target_find_deleted(Client *client, History *history, const char *word, const char *command,
                    GError **error)
{
  OWUP_ERROR_GUARD(error);
  Target *target = target_find(client, word, command, TRUE, error);
  if (target != NULL || history == NULL || !owup_error_is(*error, OWUP_ERROR_NOT_FOUND))
    return target;
  GError *failed = NULL;
  HistoryEntry *entry = target_deleted_entry(history, client_url(client), word, &failed);
  if (failed != NULL) {
    g_clear_error(error);
    g_propagate_error(error, failed);
  }
  if (entry == NULL)
    return NULL;
  g_clear_error(error);
  target = g_new0(Target, 1);
  target->family = entry->family;
  target->id = g_strdup(entry->id);
  history_entry_free(entry);
  return target;
}
