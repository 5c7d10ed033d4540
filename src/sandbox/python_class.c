#include "python_class.h"

#include "json_exact.h"

#include <string.h>

typedef struct {
  const char *at, *end;
  GString *line; /* one logical line, without comments, its line breaks as spaces */
  int indent;
} LineReader;

/* Where the string that begins at `at` (its quote) ends. */
static const char *
skip_string(const char *at, const char *end)
{
  char quote = *at;
  gboolean triple = at + 2 < end && at[1] == quote && at[2] == quote;
  at += triple ? 3 : 1;
  while (at < end) {
    if (*at == '\\' && at + 1 < end)
      at += 2;
    else if (*at == quote && !triple)
      return at + 1;
    else if (*at == quote && at + 2 < end && at[1] == quote && at[2] == quote)
      return at + 3;
    else if (*at == '\n' && !triple)
      return at;
    else
      at++;
  }
  return end;
}

static gboolean
is_plain(char c)
{
  switch (c) {
  case '"':
  case '\'':
  case '#':
  case '\\':
  case '\n':
  case '\r':
  case '(':
  case ')':
  case '[':
  case ']':
  case '{':
  case '}':
    return FALSE;
  default:
    return TRUE;
  }
}

/* Takes one piece (plain text, a string, a comment, a joined line, a bracket) into the line. */
static void
take_piece(LineReader *reader, int *depth)
{
  const char *at = reader->at;
  if (is_plain(*at)) {
    while (reader->at < reader->end && is_plain(*reader->at))
      reader->at++;
    g_string_append_len(reader->line, at, reader->at - at);
    return;
  }
  if (*at == '"' || *at == '\'') {
    reader->at = skip_string(at, reader->end);
    g_string_append_len(reader->line, at, reader->at - at);
    return;
  }
  if (*at == '#') {
    while (reader->at < reader->end && *reader->at != '\n')
      reader->at++;
    return;
  }
  if (strchr("([{", *at) != NULL)
    ++*depth;
  else if (strchr(")]}", *at) != NULL && *depth > 0)
    --*depth;
  gboolean joined = *at == '\\' && at + 1 < reader->end && (at[1] == '\n' || at[1] == '\r');
  g_string_append_c(reader->line, joined || *at == '\n' || *at == '\r' ? ' ' : *at);
  reader->at += joined ? 2 : 1;
}

/* The next logical line that is not empty. */
static gboolean
next_line(LineReader *reader)
{
  while (reader->at < reader->end) {
    g_string_truncate(reader->line, 0);
    reader->indent = 0;
    for (; reader->at < reader->end && strchr(" \t\f", *reader->at) != NULL; reader->at++)
      reader->indent = *reader->at == '\t' ? (reader->indent / 8 + 1) * 8 : reader->indent + 1;
    int depth = 0;
    while (reader->at < reader->end && (depth > 0 || *reader->at != '\n'))
      take_piece(reader, &depth);
    if (reader->at < reader->end)
      reader->at++;
    g_strstrip(reader->line->str);
    reader->line->len = strlen(reader->line->str);
    if (reader->line->len > 0)
      return TRUE;
  }
  return FALSE;
}

static void
class_field_free(ClassField *field)
{
  g_free(field->name);
  g_free(field->type);
  g_free(field->value);
  g_free(field);
}

void
class_outline_free(ClassOutline *outline)
{
  if (outline == NULL)
    return;
  g_free(outline->name);
  g_free(outline->bases);
  g_ptr_array_unref(outline->fields);
  g_ptr_array_unref(outline->methods);
  g_ptr_array_unref(outline->classes);
  g_free(outline);
}

/* The length of the identifier at `text`, 0: none. */
static gsize
word_length(const char *text)
{
  gsize len = 0;
  while (g_ascii_isalnum(text[len]) || text[len] == '_' || (guchar)text[len] >= 0x80)
    len++;
  return g_ascii_isdigit(text[0]) ? 0 : len;
}

/* The text after the keyword and blanks, or NULL where the line does not begin with it. */
static const char *
after_keyword(const char *line, const char *keyword)
{
  gsize len = strlen(keyword);
  if (strncmp(line, keyword, len) != 0 || !g_ascii_isspace(line[len]))
    return NULL;
  line += len;
  while (g_ascii_isspace(*line))
    line++;
  return line;
}

/* The first of `stops` outside strings and brackets, or the end. */
static const char *
find_outside(const char *text, const char *stops)
{
  const char *end = text + strlen(text);
  int depth = 0;
  while (text < end) {
    if (depth == 0 && strchr(stops, *text) != NULL)
      return text;
    if (*text == '"' || *text == '\'') {
      text = skip_string(text, end);
      continue;
    }
    if (strchr("([{", *text) != NULL)
      depth++;
    else if (strchr(")]}", *text) != NULL)
      depth--;
    text++;
  }
  return end;
}

static ClassOutline *
begin_class(const char *rest)
{
  ClassOutline *outline = g_new0(ClassOutline, 1);
  gsize len = word_length(rest);
  outline->name = g_strndup(rest, len);
  const char *colon = find_outside(rest + len, ":");
  g_autofree char *bases = g_strstrip(g_strndup(rest + len, (gsize)(colon - rest) - len));
  gsize size = strlen(bases);
  outline->bases = size >= 2 ? g_strstrip(g_strndup(bases + 1, size - 2)) : g_strdup("");
  outline->fields = g_ptr_array_new_with_free_func((GDestroyNotify)class_field_free);
  outline->methods = g_ptr_array_new_with_free_func(g_free);
  outline->classes = g_ptr_array_new_with_free_func((GDestroyNotify)class_outline_free);
  return outline;
}

/* `name: type = value` or `name = value`; other statements are passed over. */
static void
take_field(ClassOutline *outline, const char *line)
{
  gsize len = word_length(line);
  const char *rest = line + len;
  while (*rest == ' ')
    rest++;
  if (len == 0 || (*rest != ':' && *rest != '=') || rest[1] == '=')
    return;
  ClassField *field = g_new0(ClassField, 1);
  field->name = g_strndup(line, len);
  const char *equals = *rest == '=' ? rest : find_outside(rest + 1, "=");
  field->type =
      *rest == '=' ? g_strdup("") : g_strstrip(g_strndup(rest + 1, (gsize)(equals - rest) - 1));
  field->value = *equals == '=' ? g_strstrip(g_strdup(equals + 1)) : NULL;
  g_ptr_array_add(outline->fields, field);
}

static gboolean
sets_toggle(const char *line, gboolean in_body)
{
  g_autoptr(ClassOutline) scratch = begin_class("x:");
  if (g_str_has_prefix(line, "self."))
    line += 5;
  else if (!in_body)
    return FALSE;
  if (!g_str_has_prefix(line, "toggle"))
    return FALSE;
  take_field(scratch, line);
  if (scratch->fields->len == 0)
    return FALSE;
  const ClassField *field = scratch->fields->pdata[0];
  return g_str_equal(field->name, "toggle") && g_strcmp0(field->value, "True") == 0;
}

/* The classes that the current line is in: none, the wanted one, or one inside that. */
typedef struct {
  ClassOutline *outline; /* NULL: a class that nobody asked for */
  int indent;            /* of its statement */
  int body;              /* of its body, -1 before its first line */
} Open;

static void
take_member(Open *open, const char *line)
{
  const char *method = after_keyword(line, "async");
  method = after_keyword(method != NULL ? method : line, "def");
  if (method != NULL)
    g_ptr_array_add(open->outline->methods, g_strndup(method, word_length(method)));
  else
    take_field(open->outline, line);
}

ClassOutline *
class_outline(const char *text, gsize len, const char *name)
{
  LineReader reader = {text, text + len, g_string_new(NULL), 0};
  ClassOutline *found = NULL;
  Open open[2];
  int depth = 0;
  while (next_line(&reader)) {
    while (depth > 0 && open[depth - 1].indent >= reader.indent)
      depth--;
    Open *in = depth > 0 ? &open[depth - 1] : NULL;
    if (in != NULL && in->body < 0)
      in->body = reader.indent;
    gboolean direct = in == NULL || in->body == reader.indent;
    const char *rest = after_keyword(reader.line->str, "class");
    if (rest != NULL && direct && depth < 2 && (in == NULL || in->outline != NULL)) {
      g_autoptr(ClassOutline) outline = begin_class(rest);
      open[depth] = (Open){outline, reader.indent, -1};
      if (in != NULL) {
        g_ptr_array_add(in->outline->classes, g_steal_pointer(&outline));
      } else if (g_str_equal(outline->name, name)) {
        class_outline_free(found);
        found = g_steal_pointer(&outline);
      } else {
        open[depth].outline = NULL;
      }
      depth++;
      continue;
    }
    if (in == NULL || in->outline == NULL)
      continue;
    if (sets_toggle(reader.line->str, direct && depth == 1) && open[0].outline != NULL)
      open[0].outline->toggles = TRUE;
    if (direct)
      take_member(in, reader.line->str);
  }
  g_string_free(reader.line, TRUE);
  return found;
}

gboolean
class_outline_find(const ClassOutline *outline, const char *name, const ClassOutline **inner)
{
  *inner = NULL;
  for (guint i = 0; i < outline->classes->len; i++) {
    const ClassOutline *class = outline->classes->pdata[i];
    if (g_str_equal(class->name, name))
      *inner = class;
  }
  for (guint i = 0; *inner == NULL && i < outline->fields->len; i++) {
    const ClassField *field = outline->fields->pdata[i];
    if (g_str_equal(field->name, name) && field->value != NULL)
      return TRUE;
  }
  return *inner != NULL;
}

/* A plain string without escapes that JSON does not know. */
static json_t *
string_literal(const char *text, gsize len)
{
  gsize quotes = len >= 6 && text[1] == text[0] && text[2] == text[0] ? 3 : 1;
  const char *end = text + len;
  if (len < 2 * quotes || skip_string(text, end) != end)
    return NULL;
  GString *value = g_string_new(NULL);
  for (const char *at = text + quotes; at < end - quotes; at++) {
    if (*at == '\\' && at[1] == '\n')
      at++;
    else if (*at == '\\' && strchr("\\\"'nt", at[1]) != NULL)
      g_string_append_c(value, *++at == 'n' ? '\n' : *at == 't' ? '\t' : *at);
    else
      g_string_append_c(value, *at);
  }
  json_t *json = json_stringn(value->str, value->len);
  g_string_free(value, TRUE);
  return json;
}

json_t *
python_class_literal(const char *text)
{
  gsize len = strlen(text);
  if (g_str_equal(text, "True"))
    return json_true();
  if (g_str_equal(text, "False"))
    return json_false();
  if (g_str_equal(text, "None"))
    return json_null();
  if (len > 0 && (text[0] == '"' || text[0] == '\''))
    return string_literal(text, len);
  /* What is left and is JSON means the same in Python. */
  return json_exact_parse_text(text, JSON_DECODE_ANY);
}

char *
python_class_argument(const char *call, const char *name)
{
  const char *at = strchr(call, '(');
  if (at == NULL || !g_str_has_suffix(call, ")"))
    return NULL;
  g_autofree char *arguments = g_strndup(at + 1, strlen(at + 1) - 1);
  for (char *argument = arguments; *argument != '\0';) {
    char *comma = arguments + (find_outside(argument, ",") - arguments);
    gboolean last = *comma == '\0';
    *comma = '\0';
    g_strstrip(argument);
    gsize len = word_length(argument);
    const char *rest = argument + len;
    while (*rest == ' ')
      rest++;
    gboolean named = len > 0 && rest[0] == '=' && rest[1] != '=';
    if (name == NULL ? !named && *argument != '\0'
                     : named && strlen(name) == len && strncmp(argument, name, len) == 0)
      return g_strstrip(g_strdup(named ? rest + 1 : argument));
    if (last)
      break;
    argument = comma + 1;
  }
  return NULL;
}
