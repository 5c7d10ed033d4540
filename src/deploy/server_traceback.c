#include "server_traceback.h"

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

/* Does this line import `module` ("a.b" also by its first part: Python names what it could not
 * find)? */
static gboolean
line_imports(const char *line, gsize len, const char *module)
{
  g_autofree char *text = g_strndup(line, len);
  const char *at = g_strchug(text);
  if (g_str_has_prefix(at, "import "))
    at += strlen("import ");
  else if (g_str_has_prefix(at, "from "))
    at += strlen("from ");
  else
    return FALSE;
  gsize n = strlen(module);
  for (const char *hit = at; (hit = strstr(hit, module)) != NULL; hit += n) {
    gboolean begins = hit == at || strchr(" ,", hit[-1]) != NULL;
    if (begins && (hit[n] == '\0' || strchr(" ,.;#", hit[n]) != NULL))
      return TRUE;
  }
  return FALSE;
}

static int
find_import(const Plugin *plugin, const char *module)
{
  gsize len, line_len;
  const char *text = g_bytes_get_data(plugin->stored, &len);
  const char *end = text + len;
  int number = 1;
  for (const char *at = text; at < end; number++) {
    const char *stop = memchr(at, '\n', (gsize)(end - at));
    line_len = (gsize)((stop != NULL ? stop : end) - at);
    if (line_imports(at, line_len, module))
      return number;
    at += line_len + 1;
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

char *
server_traceback_hint(const char *detail)
{
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
