/* SPDX-License-Identifier: MIT */
#include "once_mark.h"

#include "lexer.h"

#include <glib/gi18n.h>
#include <string.h>

#define SHARED_BASE_MODULE "open_webui.internal.db"
#define METRICS_MODULE "prometheus_client"

typedef struct {
  Lexer lexer;
  Token token;
  int depth;                   /* of blocks */
  int skipped;                 /* the depth of a def or a main part that is under way, -1: none */
  int class;                   /* the depth of a class on a shared base, -1: none */
  char *table;                 /* its table */
  gboolean extends;            /* it may be declared again */
  GHashTable *bases, *metrics; /* what such names are called here */
  char *found;
} Marks;

static gboolean
is_text(TokenType type)
{
  return type > TOK_DEDENT;
}

static char *
token_word(const Token *token)
{
  return g_strndup(token->place.at, (gsize)(token->end - token->place.at));
}

static gboolean
is_one_of(const Token *token, GHashTable *names)
{
  g_autofree char *word = token->type == TOK_NAME ? token_word(token) : NULL;
  return word != NULL && g_hash_table_contains(names, word);
}

/* What stands between the quotes. Owned by the caller. */
static char *
string_text(const Token *token)
{
  const char *start = token->place.at, *end = token->end;
  while (start < end && *start != '"' && *start != '\'')
    start++;
  while (start < end && (*start == '"' || *start == '\''))
    start++;
  while (end > start && (end[-1] == '"' || end[-1] == '\''))
    end--;
  return g_strndup(start, (gsize)(end - start));
}

/* A keyword of Table(), or a key of __table_args__. */
static gboolean
lets_extend(const Token *token)
{
  g_autofree char *key = token->type == TOK_STRING ? string_text(token) : NULL;
  return token_is(token, "extend_existing") || g_strcmp0(key, "extend_existing") == 0;
}

static void
step(Marks *marks)
{
  lexer_next(&marks->lexer, &marks->token);
}

/* The name of what is declared: a string, else it is not known. Owned by the caller. */
static char *
declared_name(const Token *token)
{
  return token->type == TOK_STRING ? string_text(token) : g_strdup("?");
}

/* The dotted name at the current token; steps behind it. Owned by the caller. */
static char *
read_dotted(Marks *marks)
{
  GString *name = g_string_new(NULL);
  while (marks->token.type == TOK_NAME || marks->token.type == TOK_DOT) {
    g_string_append_len(name, marks->token.place.at, marks->token.end - marks->token.place.at);
    step(marks);
  }
  return g_string_free(name, FALSE);
}

/* `from MODULE import NAME as OTHER, …`: which names are worth knowing. */
static void
read_from(Marks *marks)
{
  step(marks);
  g_autofree char *module = read_dotted(marks);
  gboolean base = g_str_equal(module, SHARED_BASE_MODULE);
  if (!base && !g_str_equal(module, METRICS_MODULE))
    return;
  while (is_text(marks->token.type) && marks->token.type != TOK_SEMICOLON) {
    Token name = marks->token;
    step(marks);
    if (name.type != TOK_NAME)
      continue;
    gboolean wanted = base ? token_is(&name, "Base") : TRUE;
    if (marks->token.type == TOK_AS) {
      step(marks);
      name = marks->token;
    }
    if (wanted && name.type == TOK_NAME)
      g_hash_table_add(base ? marks->bases : marks->metrics, token_word(&name));
  }
}

/* `class NAME(…):` */
static void
read_class(Marks *marks)
{
  gboolean shared = FALSE;
  while (is_text(marks->token.type) &&
         !(marks->token.type == TOK_COLON && marks->lexer.now.n_nest == 0)) {
    shared = shared || is_one_of(&marks->token, marks->bases);
    step(marks);
  }
  if (!shared || marks->class >= 0)
    return;
  marks->class = marks->depth;
  marks->extends = FALSE;
}

static void
leave_class(Marks *marks)
{
  if (marks->table != NULL && !marks->extends && marks->found == NULL)
    marks->found = g_strdup_printf(_("table '%s'"), marks->table);
  g_clear_pointer(&marks->table, g_free);
  marks->class = -1;
}

/* `Table("rows", Base.metadata, …)` */
static void
read_table(Marks *marks)
{
  gboolean shared = FALSE, extends = FALSE;
  Token name = marks->token;
  while (is_text(marks->token.type) && marks->lexer.now.n_nest > 0) {
    shared = shared || is_one_of(&marks->token, marks->bases);
    extends = extends || lets_extend(&marks->token);
    step(marks);
  }
  g_autofree char *declared = declared_name(&name);
  if (shared && !extends && marks->found == NULL)
    marks->found = g_strdup_printf(_("table '%s'"), declared);
}

static void
read_metric(Marks *marks)
{
  gboolean own = FALSE;
  Token name = marks->token;
  while (is_text(marks->token.type) && marks->lexer.now.n_nest > 0) {
    own = own || token_is(&marks->token, "registry");
    step(marks);
  }
  g_autofree char *declared = declared_name(&name);
  if (!own && marks->found == NULL)
    marks->found = g_strdup_printf(_("metric '%s'"), declared);
}

static gboolean
is_metric(const Token *token)
{
  static const char *const classes[] = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"};
  for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
    if (token_is(token, classes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
binds_port(const Token *token)
{
  static const char *const calls[] = {"start_http_server",   "bind",      "HTTPServer",
                                      "ThreadingHTTPServer", "TCPServer", "create_server"};
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    if (token_is(token, calls[i]))
      return TRUE;
  return FALSE;
}

/* Behind `called(`: what that does. `of` is the name before its dot, if any. */
static void
read_call(Marks *marks, const Token *called, const Token *of)
{
  if (token_is(called, "Table"))
    read_table(marks);
  else if (is_one_of(called, marks->metrics) || token_is(of, METRICS_MODULE)) {
    if (is_metric(called))
      read_metric(marks);
  }
  if (marks->found == NULL && binds_port(called))
    marks->found = g_strdup(_("a bound port"));
  if (marks->found == NULL && token_is(called, "signal") && token_is(of, "signal"))
    marks->found = g_strdup(_("a signal handler"));
}

/* The rest of a statement. */
static void
read_rest(Marks *marks)
{
  Token before = {0}, of = {0}, dot = {0};
  while (is_text(marks->token.type)) {
    Token now = marks->token;
    if (marks->class >= 0 && lets_extend(&now))
      marks->extends = TRUE;
    if (marks->class >= 0 && token_is(&before, "__tablename__") && now.type == TOK_ASSIGN) {
      step(marks);
      if (marks->token.type == TOK_STRING && marks->table == NULL)
        marks->table = string_text(&marks->token);
      continue;
    }
    step(marks);
    if (now.type == TOK_LPAR && before.type == TOK_NAME)
      read_call(marks, &before, dot.type == TOK_DOT ? &of : &dot);
    if (now.type == TOK_DOT)
      of = before;
    dot = before;
    before = now;
  }
}

/* With a statement's first token as the current one. */
static void
read_statement(Marks *marks)
{
  if (marks->skipped >= marks->depth)
    marks->skipped = -1;
  if (marks->class >= marks->depth)
    leave_class(marks);
  gboolean skipped = marks->skipped >= 0;
  if (marks->token.type == TOK_ASYNC)
    step(marks);
  TokenType type = marks->token.type;
  if (type == TOK_FROM && !skipped)
    read_from(marks);
  else if (type == TOK_CLASS && !skipped)
    read_class(marks);
  else if (type == TOK_IF && !skipped) {
    step(marks);
    if (token_is(&marks->token, "__name__"))
      marks->skipped = marks->depth;
  } else if (type == TOK_DEF && !skipped) {
    marks->skipped = marks->depth;
  }
  if (marks->skipped < 0) {
    read_rest(marks);
    return;
  }
  while (is_text(marks->token.type))
    step(marks);
}

char *
once_mark_find(const char *text, gsize len)
{
  Marks marks = {.skipped = -1, .class = -1};
  marks.bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  marks.metrics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  lexer_init(&marks.lexer, text, len);
  step(&marks);
  while (marks.token.type != TOK_END && marks.token.type != TOK_ERROR && marks.found == NULL) {
    if (is_text(marks.token.type)) {
      read_statement(&marks);
      continue;
    }
    marks.depth += marks.token.type == TOK_INDENT ? 1 : marks.token.type == TOK_DEDENT ? -1 : 0;
    step(&marks);
  }
  leave_class(&marks);
  lexer_clear(&marks.lexer);
  g_hash_table_unref(marks.bases);
  g_hash_table_unref(marks.metrics);
  return marks.found;
}
