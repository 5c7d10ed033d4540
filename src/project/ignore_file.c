/* SPDX-License-Identifier: MIT */
#include "ignore_file.h"

#include <string.h>

typedef struct {
  char **parts; /* the pattern between its slashes; "**" stands for any number of parts */
  gboolean negated;
  gboolean folders_only;
} Rule;

struct IgnoreFile {
  GPtrArray *rules; /* of Rule */
};

static void
rule_free(gpointer data)
{
  Rule *rule = data;
  g_strfreev(rule->parts);
  g_free(rule);
}

void
ignore_file_free(IgnoreFile *ignore)
{
  if (ignore == NULL)
    return;
  g_ptr_array_unref(ignore->rules);
  g_free(ignore);
}

/* Cuts trailing blanks off that no backslash protects, and a CR. */
static void
trim(char *line)
{
  gsize n = strlen(line);
  if (n > 0 && line[n - 1] == '\r')
    n--;
  while (n > 0 && line[n - 1] == ' ' && !(n > 1 && line[n - 2] == '\\'))
    n--;
  line[n] = '\0';
}

/* Adds the rule of one line; `line` is consumed. */
static void
add_rule(IgnoreFile *ignore, char *line)
{
  trim(line);
  char *pattern = line;
  gboolean negated = *pattern == '!';
  if (negated)
    pattern++;
  gsize n = strlen(pattern);
  gboolean folders_only = n > 0 && pattern[n - 1] == '/';
  if (folders_only)
    pattern[--n] = '\0';
  if (n == 0)
    return;
  gboolean anchored = strchr(pattern, '/') != NULL;
  if (*pattern == '/')
    pattern++;
  g_autofree char *whole = anchored ? g_strdup(pattern) : g_strconcat("**/", pattern, NULL);
  Rule *rule = g_new0(Rule, 1);
  rule->parts = g_strsplit(whole, "/", -1);
  rule->negated = negated;
  rule->folders_only = folders_only;
  g_ptr_array_add(ignore->rules, rule);
}

static IgnoreFile *
ignore_new(void)
{
  IgnoreFile *ignore = g_new0(IgnoreFile, 1);
  ignore->rules = g_ptr_array_new_with_free_func(rule_free);
  return ignore;
}

IgnoreFile *
ignore_file_parse(const char *text, gsize len)
{
  IgnoreFile *ignore = ignore_new();
  g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);
  g_auto(GStrv) lines =
      g_strsplit(g_str_has_prefix(valid, "\xEF\xBB\xBF") ? valid + 3 : valid, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '#')
      add_rule(ignore, lines[i]);
  return ignore;
}

IgnoreFile *
ignore_file_from_globs(const char *const *globs)
{
  IgnoreFile *ignore = ignore_new();
  for (guint i = 0; globs != NULL && globs[i] != NULL; i++) {
    g_autofree char *glob = g_utf8_make_valid(globs[i], -1);
    add_rule(ignore, glob);
  }
  return ignore;
}

/* Is `c` in the named class ("alpha" of "[:alpha:]")? ASCII only. */
static gboolean
in_class(gunichar c, const char *name, gsize len)
{
  static const char *const names[] = {"alnum", "alpha", "digit", "lower",
                                      "upper", "space", "punct", "xdigit"};
  static const GAsciiType types[] = {G_ASCII_ALNUM, G_ASCII_ALPHA, G_ASCII_DIGIT, G_ASCII_LOWER,
                                     G_ASCII_UPPER, G_ASCII_SPACE, G_ASCII_PUNCT, G_ASCII_XDIGIT};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
      return c < 0x80 && (g_ascii_table[c] & types[i]) != 0;
  return FALSE;
}

/* One item of a bracket expression at `*at`: a class, a range or a character. */
static gboolean
match_item(const char **at, gunichar c)
{
  const char *close;
  if (g_str_has_prefix(*at, "[:") && (close = strstr(*at + 2, ":]")) != NULL) {
    gboolean hit = in_class(c, *at + 2, (gsize)(close - *at - 2));
    *at = close + 2;
    return hit;
  }
  if (**at == '\\' && (*at)[1] != '\0')
    (*at)++;
  gunichar low = g_utf8_get_char(*at), high = low;
  *at = g_utf8_next_char(*at);
  if (**at == '-' && (*at)[1] != ']' && (*at)[1] != '\0') {
    (*at)++;
    if (**at == '\\' && (*at)[1] != '\0')
      (*at)++;
    high = g_utf8_get_char(*at);
    *at = g_utf8_next_char(*at);
  }
  return c >= low && c <= high;
}

/* A bracket expression; `*at` stands after its "[" and is moved behind it. One that is not closed
 * matches nothing. */
static gboolean
match_bracket(const char **at, gunichar c)
{
  gboolean negated = **at == '!' || **at == '^', hit = FALSE;
  if (negated)
    (*at)++;
  for (const char *first = *at; **at != '\0' && (**at != ']' || *at == first);)
    hit = match_item(at, c) || hit;
  if (**at != ']')
    return FALSE;
  (*at)++;
  return hit != negated;
}

/* Does the one pattern element at `*at` match `c`? Moves `*at` behind it. */
static gboolean
match_char(const char **at, gunichar c)
{
  if (**at == '?') {
    (*at)++;
    return TRUE;
  }
  if (**at == '[') {
    (*at)++;
    return match_bracket(at, c);
  }
  if (**at == '\\' && (*at)[1] != '\0')
    (*at)++;
  gunichar want = g_utf8_get_char(*at);
  *at = g_utf8_next_char(*at);
  return c == want;
}

/* One part of a path against one part of a pattern; time is at most the product of both lengths. */
static gboolean
match_part(const char *pattern, const char *text)
{
  const char *star = NULL, *mark = NULL;
  while (*text != '\0') {
    if (*pattern == '*') {
      star = ++pattern;
      mark = text;
      continue;
    }
    const char *after = pattern;
    if (*pattern != '\0' && match_char(&after, g_utf8_get_char(text))) {
      pattern = after;
      text = g_utf8_next_char(text);
    } else if (star != NULL) {
      pattern = star;
      text = mark = g_utf8_next_char(mark);
    } else {
      return FALSE;
    }
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static gboolean
match_parts(char **pattern, char **path)
{
  char **star = NULL, **mark = NULL;
  while (*path != NULL) {
    if (*pattern != NULL && strcmp(*pattern, "**") == 0) {
      star = ++pattern;
      mark = path;
      if (*pattern == NULL)
        return TRUE;
    } else if (*pattern != NULL && match_part(*pattern, *path)) {
      pattern++;
      path++;
    } else if (star != NULL) {
      pattern = star;
      path = ++mark;
    } else {
      return FALSE;
    }
  }
  return *pattern == NULL;
}

IgnoreVerdict
ignore_file_match(const IgnoreFile *ignore, const char *path, gboolean is_folder)
{
  if (ignore->rules->len == 0)
    return IGNORE_SILENT;
  g_autofree char *valid = g_utf8_make_valid(path, -1);
  g_auto(GStrv) parts = g_strsplit(valid, "/", -1);
  for (guint i = ignore->rules->len; i > 0; i--) {
    const Rule *rule = g_ptr_array_index(ignore->rules, i - 1);
    if ((is_folder || !rule->folders_only) && match_parts(rule->parts, parts))
      return rule->negated ? IGNORE_TAKES : IGNORE_LEAVES;
  }
  return IGNORE_SILENT;
}
