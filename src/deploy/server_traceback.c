/* SPDX-License-Identifier: MIT */
#include "server_traceback.h"

#include "error.h"
#include "outline.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* Servers run a plugin by exec() of its text, which Python calls <string>. The import rewriting
 * keeps the lines. */
#define IN_STRING "(<string>, line "
#define NO_MODULE "No module named '"

/* Finds "(<string>, line 14)": where it starts and ends, and the 14. */
static gboolean
find_line(const char *detail, const char **start, const char **end, int *line)
{
  const char *at = strstr(detail, IN_STRING);
  if (at == NULL)
    return FALSE;
  char *after;
  glong number = strtol(at + strlen(IN_STRING), &after, 10);
  if (*after != ')' || number <= 0 || number > G_MAXINT)
    return FALSE;
  *start = at;
  *end = after + 1;
  *line = (int)number;
  return TRUE;
}

char *
server_traceback_in_file(const char *detail, const Plugin *plugin)
{
  const char *start, *end;
  int line;
  if (!find_line(detail, &start, &end, &line))
    return g_strdup(detail);
  return g_strdup_printf("%.*s(%s:%d)%s", (int)(start - detail), detail, plugin->file, line, end);
}

static char *
missing_module(const char *detail)
{
  const char *at = strstr(detail, NO_MODULE);
  if (at == NULL)
    return NULL;
  at += strlen(NO_MODULE);
  const char *end = strchr(at, '\'');
  return end != NULL && end > at ? g_strndup(at, (gsize)(end - at)) : NULL;
}

/* The line that imports `module` ("a.b" also by its first part: Python names what it could not
 * find); 0: none. */
static int
find_import(const Plugin *plugin, const char *module)
{
  gsize len, n = strlen(module);
  const char *text = g_bytes_get_data(plugin->stored, &len);
  g_autoptr(Outline) outline = outline_read(text, len, TRUE);
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = outline->items->pdata[i];
    if (item->type == OUTLINE_IMPORT && strncmp(item->name, module, n) == 0 &&
        (item->name[n] == '\0' || item->name[n] == '.'))
      return item->line;
  }
  return 0;
}

static char *
without_place(const char *detail)
{
  const char *start, *end;
  int line;
  if (!find_line(detail, &start, &end, &line))
    return g_strdup(detail);
  g_autofree char *joined = g_strdup_printf("%.*s%s", (int)(start - detail), detail, end);
  return g_strdup(g_strstrip(joined));
}

Diagnostic *
server_traceback_locate(const char *detail, const Plugin *plugin)
{
  const char *start, *end;
  int line = 0;
  g_autofree char *module = missing_module(detail);
  if (!find_line(detail, &start, &end, &line) && module != NULL)
    line = find_import(plugin, module);
  if (line == 0)
    return NULL;
  gsize len;
  const char *text = g_bytes_get_data(plugin->content, &len);
  g_autofree char *message = without_place(detail);
  return diagnostic_new(plugin->file, line, 0, message, text, len);
}

/* Python's own words and those of its libraries, for what is done a second time in one process. */
static gboolean
is_second_time(const char *detail)
{
  static const char *const words[] = {"is already defined for this MetaData instance",
                                      "Duplicated timeseries in CollectorRegistry",
                                      "Address already in use", "signal only works in main thread"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(detail, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static const char *
what_helps_once(void)
{
  return _(
      "The server's process has loaded such code before, and it can be loaded only once. What "
      "helps: __table_args__ = {\"extend_existing\": True} for a table, unregistering a metric "
      "before it is made, closing a port; or a restart of Open WebUI.");
}

void
server_traceback_explain_once(const char *once, GError *error)
{
  g_autofree char *hint = g_strdup(owup_error_hint(error));
  owup_error_set_hint(error, _("Likely for this (%s): %s%s%s"), once, what_helps_once(),
                      hint != NULL ? "\n" : "", hint != NULL ? hint : "");
}

char *
server_traceback_hint(const char *detail)
{
  if (is_second_time(detail))
    return g_strdup(what_helps_once());
  g_autofree char *module = missing_module(detail);
  if (module == NULL)
    return NULL;
  char *dot = strchr(module, '.');
  if (dot != NULL)
    *dot = '\0';
  if (strcmp(module, "open_webui") == 0)
    return g_strdup(
        _("This Open WebUI has no such module of its own; it may have moved in that version."));
  return g_strdup_printf(
      _("If a package brings it, name it in the docstring, e.g. requirements: %s"), module);
}
