/* SPDX-License-Identifier: MIT */
#include "dotenv_lint.h"

#include <glib/gi18n.h>
#include <string.h>

/* Names without their separators, and what is read instead. Not among them are names that other
 * programs read: WEBUI_URL is a setting of Open WebUI's own. */
static const struct {
  const char *folded;
  DoubtAbout about;
  const char *meant;
} names[] = {
    {"url", DOUBT_URL, "url"},
    {"owuiurl", DOUBT_URL, "OWUI_URL"},
    {"owuibaseurl", DOUBT_URL, "OWUI_URL"},
    {"owuihost", DOUBT_URL, "OWUI_URL"},
    {"openwebuiurl", DOUBT_URL, "OPENWEBUI_URL"},
    {"openwebuibaseurl", DOUBT_URL, "OPENWEBUI_BASE_URL"},
    {"openwebuiapiurl", DOUBT_URL, "OPENWEBUI_URL"},
    {"openwebuihost", DOUBT_URL, "OPENWEBUI_URL"},
    {"openwebuiserver", DOUBT_URL, "OPENWEBUI_URL"},
    {"apikey", DOUBT_KEY, "api_key"},
    {"owuitoken", DOUBT_KEY, "OWUI_TOKEN"},
    {"owuikey", DOUBT_KEY, "OWUI_TOKEN"},
    {"owuiapikey", DOUBT_KEY, "OWUI_TOKEN"},
    {"openwebuitoken", DOUBT_KEY, "OPENWEBUI_TOKEN"},
    {"openwebuikey", DOUBT_KEY, "OPENWEBUI_API_KEY"},
    {"openwebuiapikey", DOUBT_KEY, "OPENWEBUI_API_KEY"},
    {"openwebuiapitoken", DOUBT_KEY, "OPENWEBUI_API_KEY"},
    {"openwebuiapikeyfile", DOUBT_KEY, "OPENWEBUI_API_KEY_FILE"},
};

static char *
fold(const char *name)
{
  GString *folded = g_string_new(NULL);
  for (const char *at = name; *at != '\0'; at++)
    if (strchr("_-.", *at) == NULL)
      g_string_append_c(folded, g_ascii_tolower(*at));
  return g_string_free(folded, FALSE);
}

/* The warning about one line, or NULL. */
static char *
doubt(const char *file, const DotenvLine *line, DoubtAbout about)
{
  gboolean assigned = strcmp(line->sign, "=") == 0;
  g_autofree char *folded = fold(line->name);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    if (names[i].about != about || strcmp(names[i].folded, folded) != 0)
      continue;
    if (!assigned)
      return g_strdup_printf(_("%s:%d: \"%s%s …\" is not NAME=VALUE and was not read; write %s=…"),
                             file, line->number, line->name,
                             strcmp(line->sign, " ") == 0 ? "" : line->sign, names[i].meant);
    if (g_ascii_strcasecmp(line->name, names[i].meant) == 0)
      return NULL;
    return g_strdup_printf(_("%s:%d: \"%s=…\" is no name that owup reads; write %s=…"), file,
                           line->number, line->name, names[i].meant);
  }
  return NULL;
}

void
dotenv_lint(const char *file, const GPtrArray *lines, DoubtAbout about, GPtrArray *notes)
{
  for (guint i = 0; i < lines->len; i++) {
    char *note = doubt(file, g_ptr_array_index(lines, i), about);
    if (note != NULL)
      g_ptr_array_add(notes, note);
  }
}
