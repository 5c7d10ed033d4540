/* SPDX-License-Identifier: MIT */
#include "outline.h"

#include "lexer.h"

#include <string.h>

/* A class or function whose block may go on. */
typedef struct {
  OutlineItem *item;
  int indent; /* of its statement */
  int body;   /* of its block, -1 before its first line */
} Block;

typedef struct {
  Outline *outline;
  const char *text, *end;
  Lexer lexer;
  Token token;          /* the current one */
  const char *last_end; /* of the last token that is text */
  GArray *blocks;       /* of Block, the innermost last */
  int indent;           /* of the current line, with tabs of 8 */
  int column;
  gboolean whole;
} Reader;

static gboolean
is_text(TokenType type)
{
  return type > TOK_DEDENT;
}

/* Reads on at `at`, whatever came before. */
static void
restart(Reader *reader, const char *at, int line)
{
  lexer_clear(&reader->lexer);
  lexer_init(&reader->lexer, at, (gsize)(reader->end - at));
  reader->lexer.now.line = line;
  reader->last_end = MIN(reader->last_end, at);
}

/* Reads on in the line below. */
static void
restart_below(Reader *reader, SourcePos place)
{
  const char *at = place.at;
  while (at < reader->end && !byte_ends_line(*at))
    at++;
  if (at < reader->end)
    at += at[0] == '\r' && reader->end - at > 1 && at[1] == '\n' ? 2 : 1;
  restart(reader, at, place.line + 1);
  reader->token.type = TOK_NEWLINE;
}

/* To the next token. No bracket holds a class or def: there one was never closed. In a broken text
 * the quotes may be the other way round, so that code stands in what looks like a string. */
static void
advance(Reader *reader)
{
  Token *token = &reader->token;
  if (is_text(token->type))
    reader->last_end = token->end;
  lexer_next(&reader->lexer, token);
  TokenType type = token->type;
  if ((type == TOK_CLASS || type == TOK_DEF) && reader->lexer.now.level > 0) {
    restart(reader, token->place.at, token->place.line);
    token->type = TOK_NEWLINE;
  } else if (!reader->whole && (type == TOK_STRING || type == TOK_FSTRING_MIDDLE) &&
             reader->lexer.now.line > token->place.line) {
    restart_below(reader, token->place);
  }
}

static gboolean
ends_statement(const Reader *reader)
{
  TokenType type = reader->token.type;
  return !is_text(type) || (type == TOK_SEMICOLON && reader->lexer.now.n_nest == 0);
}

/* Steps to the token of that type outside brackets, or to the statement's end; the end of what is
 * above it. */
static const char *
skip_to(Reader *reader, TokenType type)
{
  while (!ends_statement(reader) && !(reader->token.type == type && reader->lexer.now.n_nest == 0))
    advance(reader);
  return reader->last_end;
}

/* The tokens' text: a blank where blanks and comments part them. */
static char *
text_between(const char *start, const char *end)
{
  GString *text = g_string_new(NULL);
  const char *last = NULL;
  Lexer lexer;
  Token token;
  lexer_init(&lexer, start, end > start ? (gsize)(end - start) : 0);
  for (;;) {
    lexer_next(&lexer, &token);
    if (token.type == TOK_END || token.type == TOK_ERROR)
      break;
    if (!is_text(token.type))
      continue;
    if (last != NULL && token.place.at > last)
      g_string_append_c(text, ' ');
    g_string_append_len(text, token.place.at, token.end - token.place.at);
    last = token.end;
  }
  lexer_clear(&lexer);
  return g_string_free(text, FALSE);
}

static char *
token_text(const Token *token)
{
  return g_strndup(token->place.at, (gsize)(token->end - token->place.at));
}

static void
item_free(gpointer data)
{
  OutlineItem *item = data;
  g_free(item->name);
  g_free(item->bases);
  g_clear_pointer(&item->inside, g_ptr_array_unref);
  g_free(item->annotation);
  g_free(item->value);
  g_free(item);
}

static Block *
innermost(const Reader *reader)
{
  GArray *blocks = reader->blocks;
  return blocks->len > 0 ? &g_array_index(blocks, Block, blocks->len - 1) : NULL;
}

/* The name is taken. */
static OutlineItem *
add(Reader *reader, OutlineType type, int line, char *name)
{
  const Block *block = innermost(reader);
  OutlineItem *item = g_new0(OutlineItem, 1);
  item->type = type;
  item->line = line;
  item->column = reader->column;
  item->in = block != NULL ? block->item : NULL;
  item->direct = block == NULL || block->body == reader->indent;
  item->name = name;
  g_ptr_array_add(reader->outline->items, item);
  for (guint i = 0; i < reader->blocks->len; i++) {
    const OutlineItem *around = g_array_index(reader->blocks, Block, i).item;
    if (around->type == OUTLINE_CLASS)
      g_ptr_array_add(around->inside, item);
  }
  return item;
}

/* With the class's or function's keyword as the current token: its item, unless no name follows. */
static OutlineItem *
open_block(Reader *reader, OutlineType type)
{
  SourcePos place = reader->token.place;
  advance(reader);
  if (reader->token.type != TOK_NAME)
    return NULL;
  OutlineItem *item = add(reader, type, place.line, token_text(&reader->token));
  item->start = item->end = place.at;
  g_array_append_val(reader->blocks, ((Block){item, reader->indent, -1}));
  advance(reader);
  return item;
}

static void
read_class(Reader *reader)
{
  OutlineItem *item = open_block(reader, OUTLINE_CLASS);
  if (item == NULL)
    return;
  item->inside = g_ptr_array_new();
  if (reader->token.type == TOK_LSQB) {
    skip_to(reader, TOK_RSQB);
    advance(reader);
  }
  const char *start = reader->token.end;
  gboolean any = reader->token.type == TOK_LPAR;
  if (any)
    skip_to(reader, TOK_RPAR);
  item->bases = any ? text_between(start, reader->last_end) : g_strdup("");
}

/* The dotted name of a module at the current token. */
static void
read_module(Reader *reader)
{
  SourcePos place = reader->token.place;
  if (reader->token.type != TOK_NAME)
    return;
  while (reader->token.type == TOK_NAME || reader->token.type == TOK_DOT)
    advance(reader);
  add(reader, OUTLINE_IMPORT, place.line,
      g_strndup(place.at, (gsize)(reader->last_end - place.at)));
}

static void
read_import(Reader *reader)
{
  gboolean from = reader->token.type == TOK_FROM;
  do {
    advance(reader);
    read_module(reader);
    skip_to(reader, from ? TOK_END : TOK_COMMA);
  } while (reader->token.type == TOK_COMMA);
}

/* `name: annotation = value` or `name = value`; other statements are passed over. */
static void
read_field(Reader *reader)
{
  const Block *block = innermost(reader);
  Token name = reader->token;
  advance(reader);
  gboolean on_self = token_is(&name, "self") && reader->token.type == TOK_DOT;
  if (on_self) {
    advance(reader);
    name = reader->token;
    advance(reader);
  }
  gboolean declared =
      block != NULL && block->item->type == OUTLINE_CLASS && block->body == reader->indent;
  TokenType type = reader->token.type;
  if (name.type != TOK_NAME || !(declared || on_self) || (type != TOK_COLON && type != TOK_ASSIGN))
    return;
  OutlineItem *item = add(reader, OUTLINE_FIELD, name.place.line, token_text(&name));
  item->on_self = on_self;
  const char *start = reader->token.end;
  if (type == TOK_COLON)
    item->annotation = text_between(start, skip_to(reader, TOK_ASSIGN));
  if (ends_statement(reader))
    return;
  start = reader->token.end;
  item->value = text_between(start, skip_to(reader, TOK_END));
}

/* How far the line of the current token is indented. */
static void
measure(Reader *reader)
{
  const char *at = reader->token.place.at;
  while (at > reader->text && !byte_ends_line(at[-1]))
    at--;
  reader->indent = 0;
  reader->column = 1;
  for (; *at == ' ' || *at == '\t' || *at == '\f'; at++, reader->column++)
    reader->indent = *at == '\t' ? (reader->indent / 8 + 1) * 8 : reader->indent + 1;
}

/* Does the class's block begin with the current token, and is that all of a body: nothing yet? A
 * comment above it is more. */
static gboolean
is_stub(const Reader *reader)
{
  const char *at = reader->last_end;
  while (at < reader->token.place.at && !byte_ends_line(*at))
    at++;
  TokenType type = reader->token.type;
  return (type == TOK_PASS || type == TOK_ELLIPSIS) &&
         memchr(at, '#', (gsize)(reader->token.place.at - at)) == NULL;
}

/* With a line's first token as the current one: which blocks it ends, and whether it begins one. */
static void
begin_line(Reader *reader)
{
  Block *block;
  measure(reader);
  while ((block = innermost(reader)) != NULL && block->indent >= reader->indent) {
    block->item->end = reader->last_end;
    g_array_set_size(reader->blocks, reader->blocks->len - 1);
  }
  if (block == NULL || block->body >= 0)
    return;
  block->body = reader->indent;
  block->item->stub = is_stub(reader);
}

static void
read_statement(Reader *reader, gboolean first)
{
  if (first)
    begin_line(reader);
  if (reader->token.type == TOK_ASYNC)
    advance(reader);
  TokenType type = reader->token.type;
  if (type == TOK_CLASS)
    read_class(reader);
  else if (type == TOK_DEF)
    open_block(reader, OUTLINE_DEF);
  else if (type == TOK_IMPORT || type == TOK_FROM)
    read_import(reader);
  else if (type == TOK_NAME && first)
    read_field(reader);
  skip_to(reader, TOK_END);
}

static void
read_all(Reader *reader)
{
  gboolean first = TRUE;
  restart(reader, reader->text, 1);
  advance(reader);
  while (reader->token.type != TOK_END) {
    if (is_text(reader->token.type) && reader->token.type != TOK_SEMICOLON) {
      read_statement(reader, first);
      first = FALSE;
      continue;
    }
    first = first || reader->token.type != TOK_SEMICOLON;
    if (reader->token.type == TOK_ERROR)
      restart_below(reader, reader->lexer.error.place);
    advance(reader);
  }
  for (guint i = 0; i < reader->blocks->len; i++)
    g_array_index(reader->blocks, Block, i).item->end = reader->last_end;
  lexer_clear(&reader->lexer);
}

Outline *
outline_read(const char *text, gsize len, gboolean whole)
{
  Outline *outline = g_new0(Outline, 1);
  outline->items = g_ptr_array_new_with_free_func(item_free);
  if (text == NULL)
    text = "";
  if (!g_utf8_validate(text, (gssize)len, NULL)) {
    text = outline->copy = g_utf8_make_valid(text, (gssize)len);
    len = strlen(text);
  }
  Reader reader = {
      .outline = outline, .text = text, .end = text + len, .last_end = text, .whole = whole};

  reader.blocks = g_array_new(FALSE, FALSE, sizeof(Block));
  read_all(&reader);
  g_array_unref(reader.blocks);
  return outline;
}

void
outline_free(Outline *outline)
{
  if (outline == NULL)
    return;
  g_ptr_array_unref(outline->items);
  g_free(outline->copy);
  g_free(outline);
}

const OutlineItem *
outline_find_class(const Outline *outline, const char *name)
{
  const OutlineItem *found = NULL;
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = outline->items->pdata[i], *around = item->in;
    while (around != NULL && around->type != OUTLINE_CLASS)
      around = around->in;
    if (item->type == OUTLINE_CLASS && around == NULL && g_str_equal(item->name, name))
      found = item;
  }
  return found;
}

char *
outline_class_text(const OutlineItem *item)
{
  return text_between(item->start, item->end);
}

/* Steps to the end of an argument; the end of its text. `*value` is where the text of it begins,
 * and whether a name stands before that is the answer. */
static gboolean
skip_argument(Lexer *lexer, Token *token, const char **value, const char **end)
{
  gboolean named = FALSE;
  TokenType before = TOK_END;
  for (guint n = 0; is_text(token->type) && lexer->now.n_nest > 0; n++) {
    if (token->type == TOK_COMMA && lexer->now.n_nest == 1)
      break;
    if (n == 1 && before == TOK_NAME && token->type == TOK_ASSIGN) {
      named = TRUE;
      *value = token->end;
    }
    before = token->type;
    *end = token->end;
    lexer_next(lexer, token);
  }
  return named;
}

char *
outline_argument(const char *call, const char *name)
{
  Lexer lexer;
  Token token;
  char *found = NULL;
  lexer_init(&lexer, call, strlen(call));
  do
    lexer_next(&lexer, &token);
  while (is_text(token.type) && token.type != TOK_LPAR);
  while (found == NULL && is_text(token.type) && lexer.now.n_nest > 0) {
    lexer_next(&lexer, &token);
    Token first = token;
    const char *value = token.place.at, *end = value;
    gboolean named = skip_argument(&lexer, &token, &value, &end);
    if (is_text(token.type) && end > value && named == (name != NULL) &&
        (name == NULL || token_is(&first, name)))
      found = g_strstrip(g_strndup(value, (gsize)(end - value)));
  }
  lexer_clear(&lexer);
  return found;
}

const char *
outline_docstring(const char *text, gsize len, int *line)
{
  Lexer lexer;
  Token token;
  lexer_init(&lexer, text, len);
  lexer_next(&lexer, &token);
  while (token.type == TOK_NEWLINE || token.type == TOK_INDENT || token.type == TOK_DEDENT ||
         token.type == TOK_IMPORT || token.type == TOK_FROM) {
    while (is_text(token.type))
      lexer_next(&lexer, &token);
    if (token.type != TOK_END && token.type != TOK_ERROR)
      lexer_next(&lexer, &token);
  }
  lexer_clear(&lexer);
  *line = token.place.line;
  /* An error, too, may be in a string, as one that never ends. */
  return token.type == TOK_STRING || token.type == TOK_FSTRING_START || token.type == TOK_ERROR
             ? token.place.at
             : NULL;
}
