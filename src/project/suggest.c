/* SPDX-License-Identifier: MIT */
#include "suggest.h"

#include "discover.h"
#include "edit_distance.h"
#include "plugin_id.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <string.h>

#define CHOICES_LIMIT 20
#define NEAREST_LIMIT 3
/* A name this short is within too many others. */
#define PART_MINIMUM 4
#define BEGINNING_MINIMUM 2

char *
suggest_shell_word(const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    if ((*c & 0x80) == 0 && !g_ascii_isalnum(*c) && strchr("_-./+,:@%", *c) == NULL)
      return g_shell_quote(word);
  return g_strdup(word);
}

const char *
suggest_what_is_a_plugin(void)
{
  return _("A plugin is a .py file with a class Pipe, Filter, Action, Event or Tools.");
}

static gboolean
is_only_of_kind(GPtrArray *plugins, const Plugin *plugin)
{
  for (guint i = 0; i < plugins->len; i++) {
    const Plugin *other = g_ptr_array_index(plugins, i);
    if (other != plugin && other->kind == plugin->kind)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_only_of_id(GPtrArray *plugins, const Plugin *plugin)
{
  for (guint i = 0; i < plugins->len; i++) {
    const Plugin *other = g_ptr_array_index(plugins, i);
    if (other != plugin && plugin_names_alike(other->id, plugin->id))
      return FALSE;
  }
  return TRUE;
}

/* The word that picks the plugin among `plugins`, not yet quoted. */
static char *
picking_word(GPtrArray *plugins, const Plugin *plugin, const char *name)
{
  if (name != NULL && is_only_of_kind(plugins, plugin))
    return g_strconcat(kind_name(plugin->kind), "/", name, NULL);
  if (name == NULL && is_only_of_id(plugins, plugin))
    return g_strdup(plugin->id);
  return g_strdup(plugin->file);
}

char *
suggest_choices(GPtrArray *plugins, const char *name, const char *command)
{
  GString *text = g_string_new(NULL);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  gsize width = 0;
  for (guint i = 0; i < plugins->len && i < CHOICES_LIMIT; i++) {
    g_autofree char *word = picking_word(plugins, g_ptr_array_index(plugins, i), name);
    g_ptr_array_add(words, suggest_shell_word(word));
    width = MAX(width, terminal_text_width(g_ptr_array_index(words, i)));
  }
  for (guint i = 0; i < words->len; i++) {
    const Plugin *plugin = g_ptr_array_index(plugins, i);
    const char *word = g_ptr_array_index(words, i);
    g_autofree char *file = suggest_shell_word(plugin->file);
    g_string_append_printf(text, "%sowup %s %s", i > 0 ? "\n" : "", command, word);
    if (strcmp(word, file) != 0)
      g_string_append_printf(text, "%*s   (%s)", (int)(width - terminal_text_width(word)), "",
                             plugin->file);
  }
  if (plugins->len > CHOICES_LIMIT)
    g_string_append_printf(text, _("\n… and %u more: owup list"), plugins->len - CHOICES_LIMIT);
  return g_string_free(text, FALSE);
}

/* 0 is nearest; more than `limit` is far. */
static guint
distance_to(const char *folded, const char *name, guint limit)
{
  if (name == NULL)
    return limit + 1;
  g_autofree char *other = plugin_name_fold(name);
  guint distance = edit_distance(folded, other, limit);
  gboolean within = g_utf8_strlen(folded, -1) >= PART_MINIMUM && strstr(other, folded) != NULL;
  gboolean begins =
      g_utf8_strlen(folded, -1) >= BEGINNING_MINIMUM && g_str_has_prefix(other, folded);
  gboolean around = g_utf8_strlen(other, -1) >= PART_MINIMUM && strstr(folded, other) != NULL;
  return within || around || begins ? MIN(distance, 1) : distance;
}

static guint
plugin_distance(const char *folded, const Plugin *plugin, guint limit)
{
  g_autofree char *stem = plugin_file_stem(plugin->file);
  g_autofree char *folder = plugin_file_folder(plugin->file);
  guint best = limit + 1;
  const char *names[] = {plugin->id, stem, folder, plugin->title};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    best = MIN(best, distance_to(folded, names[i], limit));
  return best;
}

/* The nearest plugins of that kind: GPtrArray of Plugin, owned by `found`. A template or a
 * localized copy is farther than what it is a copy of. */
static GPtrArray *
find_near(GPtrArray *found, const char *name, Kind type)
{
  g_autofree char *folded = plugin_name_fold(name);
  glong length = g_utf8_strlen(folded, -1);
  GPtrArray *near = g_ptr_array_new();
  /* Any other single letter is one mistake away. */
  if (length < 2)
    return near;
  guint best = (guint)CLAMP(length / 3, 1, 4);
  for (guint i = 0; i < found->len; i++) {
    const Found *one = g_ptr_array_index(found, i);
    if (type != N_KINDS && one->plugin->kind != type)
      continue;
    guint distance = plugin_distance(folded, one->plugin, best) + (one->template || one->localized);
    if (distance < best)
      g_ptr_array_set_size(near, 0);
    if (distance <= best)
      g_ptr_array_add(near, one->plugin);
    best = MIN(best, distance);
  }
  return near;
}

/* The words that pick them, each once, at most NEAREST_LIMIT, in one line. */
static char *
list_words(GPtrArray *plugins, gboolean with_kind)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < plugins->len && words->len < NEAREST_LIMIT; i++) {
    const Plugin *plugin = g_ptr_array_index(plugins, i);
    g_autofree char *word = suggest_shell_word(plugin->id);
    char *whole =
        with_kind ? g_strconcat(kind_name(plugin->kind), "/", word, NULL) : g_steal_pointer(&word);
    if (g_ptr_array_find_with_equal_func(words, whole, g_str_equal, NULL))
      g_free(whole);
    else
      g_ptr_array_add(words, whole);
  }
  g_ptr_array_add(words, NULL);
  return g_strjoinv(", ", (char **)words->pdata);
}

char *
suggest_nearest(const char *root, const char *name, Kind type)
{
  g_autoptr(GPtrArray) found = discover_plugins(root, NULL, NULL);
  if (found == NULL || found->len == 0)
    return g_strdup(suggest_what_is_a_plugin());
  g_autoptr(GPtrArray) near = find_near(found, name, type);
  gboolean other_kind = near->len == 0 && type != N_KINDS;
  if (other_kind) {
    g_ptr_array_unref(near);
    near = find_near(found, name, N_KINDS);
  }
  if (near->len == 0)
    return g_strdup(_("See what is here: owup list"));
  g_autofree char *words = list_words(near, other_kind);
  return g_strdup_printf(_("Did you mean %s?"), words);
}

char *
suggest_file(const char *root, const char *name)
{
  g_autoptr(GPtrArray) found = discover_plugins(root, NULL, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; found != NULL && i < found->len && files->len < NEAREST_LIMIT; i++) {
    const Found *one = g_ptr_array_index(found, i);
    g_autofree char *base = g_path_get_basename(one->path);
    if (strcmp(base, name) == 0)
      g_ptr_array_add(files, suggest_shell_word(one->path));
  }
  if (files->len == 0)
    return NULL;
  g_ptr_array_add(files, NULL);
  g_autofree char *words = g_strjoinv(", ", (char **)files->pdata);
  return g_strdup_printf(_("Did you mean %s?"), words);
}
