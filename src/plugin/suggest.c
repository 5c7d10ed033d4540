#include "suggest.h"

#include "discover.h"
#include "distance.h"
#include "plugin_id.h"

#include <glib/gi18n.h>
#include <string.h>

#define CHOICES_LIMIT 20
#define NEAREST_LIMIT 3
/* A name this short is within too many others. */
#define PART_MINIMUM 4

typedef struct {
  const Plugin *plugin;
  guint distance;
} Near;

/* Quoted for a shell where it needs to be. */
static char *
shell_word(const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    if ((*c & 0x80) == 0 && !g_ascii_isalnum(*c) && strchr("_-./+,:@%", *c) == NULL)
      return g_shell_quote(word);
  return g_strdup(word);
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

static char *
picking_word(GPtrArray *plugins, const Plugin *plugin, const char *name)
{
  g_autofree char *word = NULL;
  if (name != NULL && is_only_of_kind(plugins, plugin))
    word = g_strconcat(kind_name(plugin->kind), "/", name, NULL);
  else if (name == NULL && is_only_of_id(plugins, plugin))
    word = g_strdup(plugin->id);
  else
    word = g_strdup(plugin->file);
  return shell_word(word);
}

char *
suggest_choices(GPtrArray *plugins, const char *name, const char *command)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < plugins->len && i < CHOICES_LIMIT; i++) {
    const Plugin *plugin = g_ptr_array_index(plugins, i);
    g_autofree char *word = picking_word(plugins, plugin, name);
    g_string_append_printf(text, "%s   owup %s %s", i > 0 ? "\n" : "", command, word);
    if (strcmp(word, plugin->file) != 0)
      g_string_append_printf(text, "   (%s)", plugin->file);
  }
  if (plugins->len > CHOICES_LIMIT)
    g_string_append_printf(text, _("\n   … and %u more: owup list"), plugins->len - CHOICES_LIMIT);
  return g_string_free(text, FALSE);
}

/* 0 is nearest; more than `limit` is far. */
static guint
distance_to(const char *folded, const char *name, guint limit)
{
  if (name == NULL)
    return limit + 1;
  g_autofree char *other = plugin_name_fold(name);
  guint distance = word_distance(folded, other, limit);
  gboolean within = g_utf8_strlen(folded, -1) >= PART_MINIMUM && strstr(other, folded) != NULL;
  gboolean around = g_utf8_strlen(other, -1) >= PART_MINIMUM && strstr(folded, other) != NULL;
  return within || around ? MIN(distance, 1) : distance;
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

static int
compare_near(gconstpointer a, gconstpointer b)
{
  const Near *near_a = a, *near_b = b;
  return (near_a->distance > near_b->distance) - (near_a->distance < near_b->distance);
}

/* GArray of Near, the nearest first; the plugins are owned by `found`. */
static GArray *
find_near(GPtrArray *found, const char *name, Kind type)
{
  g_autofree char *folded = plugin_name_fold(name);
  guint limit = (guint)CLAMP(g_utf8_strlen(folded, -1) / 3, 1, 4);
  GArray *near = g_array_new(FALSE, FALSE, sizeof(Near));
  for (guint i = 0; i < found->len; i++) {
    const Plugin *plugin = ((Found *)g_ptr_array_index(found, i))->plugin;
    Near one = {plugin, plugin_distance(folded, plugin, limit)};
    if (one.distance <= limit && (type == N_KINDS || plugin->kind == type))
      g_array_append_val(near, one);
  }
  g_array_sort(near, compare_near);
  return near;
}

char *
suggest_nearest(const char *root, const char *name, Kind type)
{
  g_autoptr(GPtrArray) found = discover_plugins(root, NULL, NULL);
  if (found == NULL || found->len == 0)
    return g_strdup(_("A plugin is a .py file with a class Pipe, Filter, Action, Event or Tools."));
  g_autoptr(GArray) near = find_near(found, name, type);
  if (near->len == 0)
    return g_strdup(_("See what is here: owup list"));
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < near->len && words->len < NEAREST_LIMIT; i++) {
    const Plugin *plugin = g_array_index(near, Near, i).plugin;
    g_autofree char *word = shell_word(plugin->id);
    if (!g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
      g_ptr_array_add(words, g_steal_pointer(&word));
  }
  g_ptr_array_add(words, NULL);
  g_autofree char *list = g_strjoinv(", ", (char **)words->pdata);
  return g_strdup_printf(_("Did you mean %s?"), list);
}
