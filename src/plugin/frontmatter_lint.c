/* SPDX-License-Identifier: MIT */
#include "frontmatter_lint.h"

#include "outline.h"

#include <glib/gi18n.h>
#include <string.h>

#define QUOTES "\"\"\""
#define WIDE_COLON "："

typedef struct {
  const char *start, *end; /* without blanks round it */
  int number;              /* from 1 */
} Line;

/* A text that is read line by line. */
typedef struct {
  const char *at, *end;
  int number;
} Cursor;

/* A key with a colon, as people write it. */
typedef struct {
  const char *key; /* as the server wants it. Static. */
  gboolean wide;   /* a full-width colon */
  gboolean blank;  /* a blank before the colon */
} Written;

/* The keys of real plugins' frontmatter, without those that any note about a file may have
 * (description, license). The first is the title. */
static const char *const plugin_keys[] = {
    "title",       "version",     "author",       "authors",
    "author_url",  "author_urls", "funding_url",  "required_open_webui_version",
    "icon_url",    "git_url",     "openwebui_id", "open_webui_version",
    "requirements"};

static gboolean
next_line(Cursor *cursor, Line *line)
{
  if (cursor->at >= cursor->end)
    return FALSE;
  const char *end = memchr(cursor->at, '\n', (gsize)(cursor->end - cursor->at));
  *line = (Line){cursor->at, end != NULL ? end : cursor->end, ++cursor->number};
  cursor->at = end != NULL ? end + 1 : cursor->end;
  while (line->start < line->end && g_ascii_isspace(*line->start))
    line->start++;
  while (line->end > line->start && g_ascii_isspace(line->end[-1]))
    line->end--;
  return TRUE;
}

static gboolean
begins_with(const char *at, const char *end, const char *text)
{
  gsize n = strlen(text);
  return (gsize)(end - at) >= n && memcmp(at, text, n) == 0;
}

static gboolean
holds(const char *at, const char *end, const char *text)
{
  return at < end && memmem(at, (gsize)(end - at), text, strlen(text)) != NULL;
}

static const char *
known_key(const char *start, gsize n)
{
  static const char description[] = "description";
  for (gsize i = 0; i < G_N_ELEMENTS(plugin_keys); i++)
    if (strlen(plugin_keys[i]) == n && g_ascii_strncasecmp(plugin_keys[i], start, n) == 0)
      return plugin_keys[i];
  return strlen(description) == n && g_ascii_strncasecmp(description, start, n) == 0 ? description
                                                                                     : NULL;
}

/* Does a plugin's key stand at `at`, with a colon of whatever form? */
static gboolean
read_key(const char *at, const char *end, Written *written)
{
  const char *stop = at;
  while (stop < end && (g_ascii_isalpha(*stop) || *stop == '_'))
    stop++;
  const char *colon = stop;
  while (colon < end && (*colon == ' ' || *colon == '\t'))
    colon++;
  *written = (Written){known_key(at, (gsize)(stop - at)), begins_with(colon, end, WIDE_COLON),
                       colon > stop};
  return written->key != NULL && (written->wide || begins_with(colon, end, ":"));
}

static void
add(GPtrArray *unread, const char *file, int line, const char *message)
{
  g_ptr_array_add(unread, diagnostic_new(file, line, 0, message, NULL, 0));
}

/* The lines of a frontmatter whose colon is no such to a server. Prose below a good line is none.
 */
static void
check_colons(const char *file, Cursor cursor, const Frontmatter *frontmatter, GPtrArray *unread)
{
  Line line;
  Written written;
  while (next_line(&cursor, &line) && !holds(line.start, line.end, QUOTES)) {
    if (!read_key(line.start, line.end, &written) || !(written.wide || written.blank) ||
        frontmatter_get(frontmatter, written.key) != NULL)
      continue;
    g_autofree char *message = g_strdup_printf(
        written.wide
            ? _("\"" WIDE_COLON "\" is a full-width colon; the server reads only \"%s: …\"")
            : _("a blank stands before the colon; the server reads only \"%s: …\""),
        written.key);
    add(unread, file, line.number, message);
  }
}

/* Behind the quotes with which a docstring begins at `at`, or NULL. */
static const char *
behind_quotes(const char *at, const char *end, const char **quotes)
{
  static const char *const all[] = {QUOTES, "'''"};
  while (at < end && g_ascii_isalpha(*at))
    at++;
  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    if (begins_with(at, end, all[i])) {
      *quotes = all[i];
      return at + strlen(all[i]);
    }
  }
  return NULL;
}

/* Has the docstring whose text begins at the cursor a title? */
static gboolean
holds_title(Cursor cursor, const char *quotes)
{
  Line line;
  while (next_line(&cursor, &line)) {
    Written written;
    if (read_key(line.start, line.end, &written) && written.key == plugin_keys[0])
      return TRUE;
    if (holds(line.start, line.end, quotes))
      return FALSE;
  }
  return FALSE;
}

/* A frontmatter that is not where a server looks for it. */
static void
check_place(const char *file, const char *text, gsize len, GPtrArray *unread)
{
  int number;
  const char *quotes, *end = text + len, *at = outline_docstring(text, len, &number);
  at = at != NULL ? behind_quotes(at, end, &quotes) : NULL;
  if (at != NULL && holds_title((Cursor){at, end, number}, quotes))
    add(unread, file, number,
        number > 1
            ? _("the docstring stands not on the first line, so no server reads it")
            : _("the first line is not " QUOTES " alone, so no server reads this docstring"));
}

GPtrArray *
frontmatter_lint(const char *file, const char *text, gsize len, const Frontmatter *frontmatter)
{
  GPtrArray *unread = g_ptr_array_new_with_free_func((GDestroyNotify)diagnostic_free);
  Cursor below = {text, text + len, 0};
  Line first;
  gboolean begins = next_line(&below, &first) &&
                    first.end - first.start == (gssize)strlen(QUOTES) &&
                    begins_with(first.start, first.end, QUOTES);
  if (begins)
    check_colons(file, below, frontmatter, unread);
  else
    check_place(file, text, len, unread);
  return unread;
}

char *
frontmatter_lint_text(const Diagnostic *unread)
{
  return g_strdup_printf("%s:%d: %s", unread->file, unread->line, unread->message);
}

gboolean
frontmatter_lint_mentioned(const char *text, gsize len)
{
  static const char title[] = "title:";
  return len > 0 && memmem(text, len, title, strlen(title)) != NULL;
}

gboolean
frontmatter_lint_declares(const Frontmatter *frontmatter)
{
  if (frontmatter_get_text(frontmatter, plugin_keys[0]) == NULL)
    return FALSE;
  for (gsize i = 1; i < G_N_ELEMENTS(plugin_keys); i++)
    if (frontmatter_get(frontmatter, plugin_keys[i]) != NULL)
      return TRUE;
  return FALSE;
}
