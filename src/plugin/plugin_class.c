#include "plugin_class.h"

#include "diagnostic.h"
#include "edit_distance.h"

#include <glib/gi18n.h>
#include <string.h>

#define CLASS "class "

typedef struct {
  const char *start, *end; /* the line's text without its break */
  const char *next;        /* the line after it; the text's end after the last */
} Line;

/* A `class NAME` line. */
typedef struct {
  int line, col;
  gboolean indented;
  char *name;
} ClassLine;

static const char *const method_names[N_KINDS][4] = {
    [KIND_PIPE] = {"pipe", "pipes"},
    [KIND_FILTER] = {"inlet", "outlet", "stream"},
    [KIND_ACTION] = {"action"},
    [KIND_EVENT] = {"event"},
};

static Line
line_at(const char *at, const char *end)
{
  Line line = {at, at, end};
  while (line.end < end && *line.end != '\n' && *line.end != '\r')
    line.end++;
  if (line.end < end)
    line.next =
        line.end + (line.end + 1 < end && line.end[0] == '\r' && line.end[1] == '\n' ? 2 : 1);
  return line;
}

/* The word after `prefix` where the line begins with it, up to the first character that no ASCII
 * identifier has; NULL where it does not. */
static char *
word_after(const char *at, const char *end, const char *prefix)
{
  gsize n = strlen(prefix);
  if ((gsize)(end - at) < n || memcmp(at, prefix, n) != 0)
    return NULL;
  const char *start = at + n;
  while (start < end && *start == ' ')
    start++;
  const char *stop = start;
  while (stop < end && (g_ascii_isalnum(*stop) || *stop == '_' || (*stop & 0x80)))
    stop++;
  return g_strndup(start, (gsize)(stop - start));
}

static const char *
skip_blanks(Line line)
{
  const char *at = line.start;
  while (at < line.end && (*at == ' ' || *at == '\t'))
    at++;
  return at;
}

/* Finds the next `class NAME` line from `*at` on; `*number` is the line's number. The caller owns
 * `found->name`. */
static gboolean
next_class(const char **at, const char *end, int *number, ClassLine *found)
{
  while (*at < end) {
    Line line = line_at(*at, end);
    *at = line.next;
    int here = (*number)++;
    const char *word = skip_blanks(line);
    char *name = word_after(word, line.end, CLASS);
    if (name == NULL)
      continue;
    *found = (ClassLine){here, (int)(word - line.start) + 1, word > line.start, name};
    return TRUE;
  }
  return FALSE;
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

int
plugin_class_find_line(const char *text, gsize len, Kind kind)
{
  const char *at = text;
  int number = 1;
  ClassLine found;
  while (next_class(&at, text + len, &number, &found)) {
    gboolean hit = !found.indented && strcmp(found.name, kind_class(kind)) == 0;
    g_free(found.name);
    if (hit)
      return found.line;
  }
  return 0;
}

static gboolean
is_method_of(const char *name, Kind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS(method_names[kind]) && method_names[kind][i] != NULL; i++)
    if (strcmp(name, method_names[kind][i]) == 0)
      return TRUE;
  return FALSE;
}

/* Is that all of a body: nothing yet? */
static gboolean
is_stub(const char *at, const char *end)
{
  gsize n = (gsize)(end - at);
  return (n >= 4 && memcmp(at, "pass", 4) == 0) || (n >= 3 && memcmp(at, "...", 3) == 0);
}

/* Cuts the next line of a class's body that is not blank; FALSE where the body ends. */
static gboolean
next_body_line(const char **at, const char *end, Line *body, const char **word)
{
  while (*at < end) {
    *body = line_at(*at, end);
    *at = body->next;
    *word = skip_blanks(*body);
    if (*word < body->end)
      return *word > body->start || !(g_ascii_isalpha(**word) || **word == '@');
  }
  return FALSE;
}

/* Has the class whose body begins at `at` a method that a server calls? */
static gboolean
has_method(const char *at, const char *end, Kind kind)
{
  Line body;
  const char *word;
  while (next_body_line(&at, end, &body, &word)) {
    g_autofree char *plain = word_after(word, body.end, "def ");
    g_autofree char *async = word_after(word, body.end, "async def ");
    const char *name = plain != NULL ? plain : async;
    if (name != NULL && is_method_of(name, kind))
      return TRUE;
  }
  return FALSE;
}

/* Does the body that begins at `at` show the kind's plugin: a method that a server calls, or no
 * more than a stub? */
static gboolean
has_plugin_body(const char *at, const char *end, Kind kind)
{
  Line body;
  const char *word, *first = at;
  if (next_body_line(&first, end, &body, &word) && is_stub(word, body.end))
    return TRUE;
  return has_method(at, end, kind);
}

/* The line of the unindented `class` statement that binds the kind's name first; FALSE where
 * something else does. */
static gboolean
find_statement(const char *text, gsize len, const PythonScan *scan, Kind kind, Line *line)
{
  const char *start;
  gsize n;
  if (!diagnostic_find_line(text, len, scan->bound[kind].line, &start, &n))
    return FALSE;
  *line = line_at(start, text + len);
  g_autofree char *name = word_after(start, line->end, CLASS);
  return g_strcmp0(name, kind_class(kind)) == 0;
}

/* Is the class of that kind meant to be the plugin, and no helper of the same name (a model named
 * Action, an enumeration named Event)? */
static gboolean
is_meant(const char *text, gsize len, const PythonScan *scan, Kind kind)
{
  Line line;
  if (!find_statement(text, len, scan, kind, &line))
    return FALSE;
  return kind == KIND_TOOL || has_plugin_body(line.next, text + len, kind);
}

gboolean
plugin_class_intended(const char *text, gsize len, const PythonScan *scan)
{
  for (int kind = 0; kind < N_KINDS; kind++)
    if (is_meant(text, len, scan, (Kind)kind))
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

gboolean
plugin_class_kind(const char *text, gsize len, const PythonScan *scan, Kind *kind)
{
  if (count_bound(scan) < 2)
    return python_scan_kind(scan, kind);
  gboolean function_meant = FALSE;
  for (int k = 0; k < N_KINDS; k++)
    if (kind_family((Kind)k) == FAMILY_FUNCTION)
      function_meant = function_meant || is_meant(text, len, scan, (Kind)k);
  if (!function_meant && is_meant(text, len, scan, KIND_TOOL)) {
    *kind = KIND_TOOL;
    return TRUE;
  }
  return python_scan_kind(scan, kind);
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

/* Is it a plugin but for its name? `at` is where the class's body begins. */
static gboolean
resembles(const ClassLine *found, const char *at, const char *end)
{
  Kind near;
  if (found->indented)
    return FALSE;
  if (nearly_named(found->name, &near))
    return TRUE;
  for (int kind = 0; kind < N_KINDS; kind++)
    if (has_method(at, end, (Kind)kind))
      return TRUE;
  return FALSE;
}

gboolean
plugin_class_resemble(const char *text, gsize len)
{
  const char *at = text;
  int number = 1;
  ClassLine found;
  while (next_class(&at, text + len, &number, &found)) {
    gboolean hit = resembles(&found, at, text + len);
    g_free(found.name);
    if (hit)
      return TRUE;
  }
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
 * one that has it. (An unindented line that has it stands in a string, or the scan had seen it.) */
static gboolean
find_near_miss(const char *text, gsize len, ClassLine *miss, Kind *kind)
{
  const char *at = text;
  int number = 1;
  ClassLine found;
  *miss = (ClassLine){0};
  while (next_class(&at, text + len, &number, &found)) {
    Kind near;
    gboolean hit = nearly_named(found.name, &near);
    gboolean exact = hit && strcmp(found.name, kind_class(near)) == 0;
    if (!hit || found.indented != exact || (found.indented && miss->name != NULL)) {
      g_free(found.name);
      continue;
    }
    g_free(miss->name);
    *miss = found;
    *kind = near;
    if (!found.indented)
      break;
  }
  return miss->name != NULL;
}

static void
report_missing(const char *file, const char *text, gsize len, GPtrArray *diagnostics)
{
  ClassLine miss;
  Kind kind = KIND_FILTER;
  g_autofree char *message = NULL;
  gboolean near = find_near_miss(text, len, &miss, &kind);
  if ((!near || miss.indented) && plugin_class_mentioned(text, len) && may_bind_unseen(text, len)) {
    g_free(miss.name);
    return;
  }
  if (!near)
    message = g_strdup(_(
        "no plugin class: a plugin has a class Pipe, Filter, Action, Event or Tools at top level"));
  else if (miss.indented)
    message =
        g_strdup_printf(_("class %s is indented; a server finds it only at top level"), miss.name);
  else
    message = g_strdup_printf(_("class %s makes no plugin; did you mean \"class %s\"?"), miss.name,
                              kind_class(kind));
  g_ptr_array_add(diagnostics, diagnostic_new(file, miss.line, miss.col, message, text, len));
  g_free(miss.name);
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
  int n = 0;
  for (int kind = 0; kind < N_KINDS && count_bound(scan) > 1; kind++)
    if (is_meant(text, len, scan, (Kind)kind))
      meant[n++] = (Kind)kind;
  if (n > 1)
    report_two(file, text, len, scan, meant, taken, diagnostics);
}
