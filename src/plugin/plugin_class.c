/* SPDX-License-Identifier: MIT */
#include "plugin_class.h"

#include "diagnostic.h"
#include "edit_distance.h"
#include "outline.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const method_names[N_KINDS][4] = {
    [KIND_PIPE] = {"pipe", "pipes"},
    [KIND_FILTER] = {"inlet", "outlet", "stream"},
    [KIND_ACTION] = {"action"},
    [KIND_EVENT] = {"event"},
};

static gboolean
is_class(const OutlineItem *item, const char *name)
{
  return item->type == OUTLINE_CLASS && item->column == 1 && strcmp(item->name, name) == 0;
}

gboolean
plugin_class_mentioned(const char *text, gsize len)
{
  for (int kind = 0; kind < N_KINDS; kind++) {
    const char *name = kind_class((Kind)kind);
    if (len > 0 && memmem(text, len, name, strlen(name)) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_method_of(const char *name, Kind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS(method_names[kind]) && method_names[kind][i] != NULL; i++)
    if (strcmp(name, method_names[kind][i]) == 0)
      return TRUE;
  return FALSE;
}

/* Has the class a method that a server calls? */
static gboolean
has_method(const OutlineItem *class, Kind kind)
{
  for (guint i = 0; i < class->inside->len; i++) {
    const OutlineItem *item = class->inside->pdata[i];
    if (item->type == OUTLINE_DEF && is_method_of(item->name, kind))
      return TRUE;
  }
  return FALSE;
}

/* Is the class of that kind meant to be the plugin, and no helper of the same name (a model named
 * Action, an enumeration named Event)? */
static gboolean
is_meant(const Outline *outline, const PythonScan *scan, Kind kind)
{
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = outline->items->pdata[i];
    if (item->line == scan->bound[kind].line && is_class(item, kind_class(kind)))
      return kind == KIND_TOOL || item->stub || has_method(item, kind);
  }
  return FALSE;
}

gboolean
plugin_class_intended(const char *text, gsize len, const PythonScan *scan)
{
  g_autoptr(Outline) outline = outline_read(text, len, scan->whole);
  for (int kind = 0; kind < N_KINDS; kind++)
    if (is_meant(outline, scan, (Kind)kind))
      return TRUE;
  return FALSE;
}

static int
count_bound(const PythonScan *scan)
{
  int n = 0;
  for (int kind = 0; kind < N_KINDS; kind++)
    n += scan->bound[kind].line > 0;
  return n;
}

/* A file whose only real plugin class is Tools is a tool, also where it imports or defines helpers
 * named Event or Action: it goes to the tools' API, which looks for Tools alone. */
static gboolean
is_tool_beside_helpers(const char *text, gsize len, const PythonScan *scan)
{
  if (count_bound(scan) < 2)
    return FALSE;
  g_autoptr(Outline) outline = outline_read(text, len, scan->whole);
  for (int kind = 0; kind < N_KINDS; kind++)
    if (kind_family((Kind)kind) == FAMILY_FUNCTION && is_meant(outline, scan, (Kind)kind))
      return FALSE;
  return is_meant(outline, scan, KIND_TOOL);
}

/* By its classes alone, where the scan could not see the whole text. */
static gboolean
kind_of_outline(const char *text, gsize len, Kind *kind)
{
  g_autoptr(Outline) outline = outline_read(text, len, FALSE);
  for (int k = 0; k < N_KINDS; k++) {
    for (guint i = 0; i < outline->items->len; i++) {
      if (is_class(outline->items->pdata[i], kind_class((Kind)k))) {
        *kind = (Kind)k;
        return TRUE;
      }
    }
  }
  return FALSE;
}

/* The kind that a folder above the file is customarily for. */
static Kind
kind_of_folder(const char *file)
{
  g_autofree char *absolute = g_canonicalize_filename(file, NULL);
  g_autofree char *parent = g_path_get_dirname(absolute);
  g_auto(GStrv) names = g_strsplit(parent, G_DIR_SEPARATOR_S, -1);
  for (guint i = g_strv_length(names); i > 0; i--)
    for (int kind = 0; kind < N_KINDS; kind++)
      if (g_ascii_strcasecmp(names[i - 1], kind_folder((Kind)kind)) == 0)
        return (Kind)kind;
  return KIND_FILTER;
}

gboolean
plugin_class_kind(const char *file, const char *text, gsize len, const PythonScan *scan, Kind *kind)
{
  if (is_tool_beside_helpers(text, len, scan))
    *kind = KIND_TOOL;
  else if (!python_scan_kind(scan, kind) && (scan->whole || !kind_of_outline(text, len, kind))) {
    *kind = kind_of_folder(file);
    return FALSE;
  }
  return TRUE;
}

/* The plugin class that a class of this name was probably meant to be. */
static gboolean
nearly_named(const char *name, Kind *kind)
{
  g_autofree char *lower = g_utf8_strdown(name, -1);
  guint best = 2;
  for (int k = 0; k < N_KINDS; k++) {
    g_autofree char *wanted = g_ascii_strdown(kind_class((Kind)k), -1);
    guint distance = edit_distance(lower, wanted, best);
    if (distance < best) {
      best = distance;
      *kind = (Kind)k;
    }
  }
  return best < 2;
}

/* Is it a plugin but for its name? */
static gboolean
resembles(const OutlineItem *item)
{
  Kind near;
  if (item->type != OUTLINE_CLASS || item->column > 1)
    return FALSE;
  if (nearly_named(item->name, &near))
    return TRUE;
  for (int kind = 0; kind < N_KINDS; kind++)
    if (has_method(item, (Kind)kind))
      return TRUE;
  return FALSE;
}

gboolean
plugin_class_resemble(const char *text, gsize len, const PythonScan *scan)
{
  g_autoptr(Outline) outline = outline_read(text, len, scan->whole);
  for (guint i = 0; i < outline->items->len; i++)
    if (resembles(outline->items->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Is there code that may bind a name where no scan sees it? */
static gboolean
may_bind_unseen(const char *text, gsize len)
{
  static const char *const ways[] = {"exec(", "globals()", "setattr(", "__getattr__"};
  for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
    if (memmem(text, len, ways[i], strlen(ways[i])) != NULL)
      return TRUE;
  for (int kind = 0; kind < N_KINDS; kind++) {
    g_autofree char *global = g_strconcat("global ", kind_class((Kind)kind), NULL);
    if (memmem(text, len, global, strlen(global)) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* The first unindented class whose name is nearly that of a plugin class, else the first indented
 * one that has it; NULL: neither. */
static const OutlineItem *
find_near_miss(const Outline *outline, Kind *kind)
{
  const OutlineItem *miss = NULL;
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = outline->items->pdata[i];
    gboolean indented = item->column > 1;
    Kind near;
    if (item->type != OUTLINE_CLASS || !nearly_named(item->name, &near) ||
        indented != g_str_equal(item->name, kind_class(near)) || (indented && miss != NULL))
      continue;
    miss = item;
    *kind = near;
    if (!indented)
      break;
  }
  return miss;
}

static void
report_missing(const char *file, const char *text, gsize len, GPtrArray *diagnostics)
{
  Kind kind = KIND_FILTER;
  g_autofree char *message = NULL;
  g_autoptr(Outline) outline = outline_read(text, len, TRUE);
  const OutlineItem *miss = find_near_miss(outline, &kind);
  gboolean indented = miss != NULL && miss->column > 1;
  if ((miss == NULL || indented) && plugin_class_mentioned(text, len) && may_bind_unseen(text, len))
    return;
  if (miss == NULL)
    message = g_strdup(_(
        "no plugin class: a plugin has a class Pipe, Filter, Action, Event or Tools at top level"));
  else if (indented)
    message =
        g_strdup_printf(_("class %s is indented; a server finds it only at top level"), miss->name);
  else
    message = g_strdup_printf(_("class %s makes no plugin; did you mean \"class %s\"?"), miss->name,
                              kind_class(kind));
  g_ptr_array_add(diagnostics, diagnostic_new(file, miss != NULL ? miss->line : 0,
                                              miss != NULL ? miss->column : 0, message, text, len));
}

static void
report_two(const char *file, const char *text, gsize len, const PythonScan *scan,
           const Kind both[2], Kind taken, GPtrArray *diagnostics)
{
  int first = scan->bound[both[0]].line, second = scan->bound[both[1]].line;
  g_autofree char *message = g_strdup_printf(
      _("two plugin classes: %s (line %d) and %s (line %d); a server takes %s. Give "
        "each a file of its own"),
      kind_class(both[0]), first, kind_class(both[1]), second, kind_class(taken));
  int line = taken == both[0] ? second : first;
  g_ptr_array_add(diagnostics, diagnostic_new(file, line, 1, message, text, len));
}

void
plugin_class_check(const char *file, const char *text, gsize len, const PythonScan *scan,
                   GPtrArray *diagnostics)
{
  Kind taken, meant[N_KINDS];
  if (!python_scan_kind(scan, &taken)) {
    if (!scan->star_import)
      report_missing(file, text, len, diagnostics);
    return;
  }
  if (count_bound(scan) < 2)
    return;
  g_autoptr(Outline) outline = outline_read(text, len, TRUE);
  int n = 0;
  for (int kind = 0; kind < N_KINDS; kind++)
    if (is_meant(outline, scan, (Kind)kind))
      meant[n++] = (Kind)kind;
  if (n > 1)
    report_two(file, text, len, scan, meant, taken, diagnostics);
}
