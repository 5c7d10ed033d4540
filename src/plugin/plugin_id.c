/* SPDX-License-Identifier: MIT */
#include "plugin_id.h"

#include "identifier.h"

#include <string.h>

/* File names that say what the file is, not which plugin. */
static const char *const generic_stems[] = {
    "main",      "__main__", "__init__", "tool",  "tools", "function",
    "functions", "plugin",   "plugins",  "pipe",  "pipes", "filter",
    "filters",   "action",   "actions",  "event", "events"};

/* The scan lets pass what a newer Unicode may know; an id is for the Python that servers run
 * (3.11, 3.12). */
static gboolean
is_start(gunichar c)
{
  return g_unichar_type(c) != G_UNICODE_UNASSIGNED && identifier_starts(c);
}

static gboolean
is_continue(gunichar c)
{
  gboolean since_15_1 = c == 0x200C || c == 0x200D || c == 0x30FB || c == 0xFF65;
  return !since_15_1 && g_unichar_type(c) != G_UNICODE_UNASSIGNED && identifier_continues(c);
}

/* Python's str.lower of one character; g_utf8_strdown would follow the user's locale. */
static void
append_lower(GString *out, gunichar c)
{
  if (c == 0x130) {
    g_string_append(out, "i\xCC\x87");
    return;
  }
  /* GLib 2.74 lacks the Roman numerals. */
  if (c >= 0x2160 && c <= 0x216F)
    c += 0x10;
  g_string_append_unichar(out, g_unichar_tolower(c));
}

static char *
lower_valid(const char *text)
{
  GString *out = g_string_sized_new(strlen(text));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
    append_lower(out, g_utf8_get_char(at));
  return g_string_free(out, FALSE);
}

char *
plugin_id_lower(const char *id)
{
  g_autofree char *valid = g_utf8_make_valid(id, -1);
  return lower_valid(valid);
}

gboolean
plugin_id_valid(const char *id)
{
  if (!g_utf8_validate(id, -1, NULL) || !is_start(g_utf8_get_char(id)))
    return FALSE;
  for (const char *at = id; *at != '\0'; at = g_utf8_next_char(at))
    if (!is_continue(g_utf8_get_char(at)))
      return FALSE;
  g_autofree char *lower = lower_valid(id);
  return strcmp(lower, id) == 0;
}

char *
plugin_id_from_name(const char *name)
{
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  g_autofree char *lower = lower_valid(composed);
  GString *out = g_string_sized_new(strlen(lower) + 1);
  gboolean usable = FALSE, gap = FALSE;
  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (!is_continue(c)) {
      gap = TRUE;
      continue;
    }
    if (gap || (out->len == 0 && !is_start(c)))
      g_string_append_c(out, '_');
    gap = FALSE;
    usable = usable || c != '_';
    g_string_append_unichar(out, c);
  }
  if (gap)
    g_string_append_c(out, '_');
  return g_string_free(out, !usable);
}

char *
plugin_file_stem(const char *path)
{
  char *name = g_path_get_basename(path);
  char *dot = strrchr(name, '.');
  if (dot != NULL && g_ascii_strcasecmp(dot, ".py") == 0)
    *dot = '\0';
  return name;
}

char *
plugin_file_folder(const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  g_autofree char *parent = g_path_get_dirname(absolute);
  char *name = g_path_get_basename(parent);
  if (strcmp(name, G_DIR_SEPARATOR_S) == 0)
    *name = '\0';
  return name;
}

static gboolean
is_generic(const char *stem)
{
  for (gsize i = 0; i < G_N_ELEMENTS(generic_stems); i++)
    if (g_ascii_strcasecmp(stem, generic_stems[i]) == 0)
      return TRUE;
  return FALSE;
}

char *
plugin_id_choose(const char *option, const char *frontmatter, const char *path, IdOrigin *origin)
{
  if (option != NULL && *option != '\0') {
    *origin = ID_FROM_OPTION;
    return plugin_id_lower(option);
  }
  if (frontmatter != NULL && *frontmatter != '\0') {
    *origin = ID_FROM_FRONTMATTER;
    return plugin_id_lower(frontmatter);
  }
  g_autofree char *stem = plugin_file_stem(path);
  g_autofree char *folder = plugin_file_folder(path);
  char *id = NULL;
  if (is_generic(stem) && !is_generic(folder)) {
    *origin = ID_FROM_FOLDER;
    id = plugin_id_from_name(folder);
  }
  if (id == NULL) {
    *origin = ID_FROM_FILE;
    id = plugin_id_from_name(stem);
  }
  return id != NULL ? id : g_strdup("");
}

char *
plugin_name_fold(const char *name)
{
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  char *folded = g_utf8_casefold(composed, -1);
  return g_strdelimit(folded, "-_.", ' ');
}

gboolean
plugin_names_alike(const char *a, const char *b)
{
  g_autofree char *folded_a = plugin_name_fold(a);
  g_autofree char *folded_b = plugin_name_fold(b);
  return strcmp(folded_a, folded_b) == 0;
}
