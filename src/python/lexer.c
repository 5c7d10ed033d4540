/* SPDX-License-Identifier: MIT */
#include "lexer.h"
#include "lexer_private.h"

#include <string.h>

void
lexer_init(Lexer *lexer, const char *text, gsize len)
{
  lexer->text = text;
  lexer->end = text + len;
  lexer->now = (LexerPoint){.at = text, .line = 1, .line_start = TRUE};
  lexer->error = (ScanError){0};
}

void
lexer_clear(Lexer *lexer)
{
  g_clear_pointer(&lexer->error.message, g_free);
}

void
lexer_fail(Lexer *lexer, Token *token, const char *at, int line, const char *format, ...)
{
  va_list args;
  token->type = TOK_ERROR;
  if (lexer->error.message != NULL)
    return;
  va_start(args, format);
  lexer->error.message = g_strdup_vprintf(format, args);
  va_end(args);
  lexer->error.place = (SourcePos){.at = at, .line = line};
}

void
lexer_fail_weakly(Lexer *lexer, Token *token, const char *at, int line, const char *message)
{
  gboolean first = lexer->error.message == NULL;
  lexer_fail(lexer, token, at, line, "%s", message);
  lexer->error.weak = lexer->error.weak || first;
}

int
lexer_last_line(const Lexer *lexer)
{
  const LexerPoint *now = &lexer->now;
  gboolean empty = now->at == lexer->end && now->at > lexer->text && byte_ends_line(now->at[-1]);
  return now->line - empty;
}

void
lexer_break_line(Lexer *lexer)
{
  LexerPoint *now = &lexer->now;
  if (*now->at == '\r' && now->at + 1 < lexer->end && now->at[1] == '\n')
    now->at++;
  now->at++;
  now->line++;
}

gboolean
lexer_continue_line(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  const char *backslash = now->at++;
  if (now->at == lexer->end) {
    lexer_fail_weakly(lexer, token, backslash, now->line, "unexpected EOF while parsing");
    return FALSE;
  }
  if (!byte_ends_line(*now->at)) {
    lexer_fail_weakly(lexer, token, now->at, now->line,
                      "unexpected character after line continuation character");
    return FALSE;
  }
  lexer_break_line(lexer);
  if (now->at == lexer->end) {
    lexer_fail_weakly(lexer, token, backslash + 1, now->line - 1, "unexpected EOF while parsing");
    return FALSE;
  }
  return TRUE;
}

const LexerNest *
lexer_open_bracket(const Lexer *lexer)
{
  for (guint i = lexer->now.n_nest; i > 0; i--)
    if (lexer->nest[i - 1].open != 'f')
      return &lexer->nest[i - 1];
  return NULL;
}

char
lexer_peek(const Lexer *lexer, const char **where)
{
  const char *at = lexer->now.at;
  for (; at < lexer->end; at++) {
    if (*at == ' ' || *at == '\t' || *at == '\f')
      continue;
    if (*at != '\\')
      break;
    while (at + 1 < lexer->end && byte_ends_line(at[1]))
      at++;
  }
  *where = at;
  return at < lexer->end ? *at : 0;
}

gboolean
token_is(const Token *token, const char *word)
{
  gsize len = (gsize)(token->end - token->place.at);
  return token->type == TOK_NAME && strlen(word) == len && memcmp(token->place.at, word, len) == 0;
}

int
source_pos_column(const char *text, const char *at)
{
  int column = 1;
  for (; at > text && !byte_ends_line(at[-1]); at--)
    column += ((guchar)at[-1] & 0xc0) != 0x80;
  return column;
}

gboolean
lexer_push_bracket(Lexer *lexer, Token *token, char open, gboolean field)
{
  LexerPoint *now = &lexer->now;
  if (now->level == LEXER_MAX_BRACKETS) {
    lexer_fail(lexer, token, token->place.at, token->place.line, "too many nested parentheses");
    return FALSE;
  }
  guint fstring = now->n_nest;
  while (field && lexer->nest[--fstring].open != 'f')
    ;
  lexer->nest[now->n_nest++] =
      (LexerNest){.open = open, .field = field, .fstring = fstring, .place = token->place};
  now->level++;
  return TRUE;
}

static gboolean
brackets_match(char open, char close)
{
  return (open == '(' && close == ')') || (open == '[' && close == ']') ||
         (open == '{' && close == '}');
}

static void
fail_mismatch(Lexer *lexer, Token *token, const LexerNest *nest, char close)
{
  const char *at = token->place.at;
  int line = token->place.line;
  if (nest->field)
    lexer_fail(lexer, token, at, line, "f-string: unmatched '%c'", close);
  else if (nest->place.line != lexer->now.line)
    lexer_fail(lexer, token, at, line,
               "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", close,
               nest->open, nest->place.line);
  else
    lexer_fail(lexer, token, at, line,
               "closing parenthesis '%c' does not match opening parenthesis '%c'", close,
               nest->open);
}

static void
pop_bracket(Lexer *lexer, Token *token, char close)
{
  LexerPoint *now = &lexer->now;
  if (now->level == 0) {
    lexer_fail(lexer, token, token->place.at, token->place.line, "unmatched '%c'", close);
    return;
  }
  const LexerNest *nest = &lexer->nest[now->n_nest - 1];
  if (!brackets_match(nest->open, close)) {
    fail_mismatch(lexer, token, nest, close);
    return;
  }
  now->n_nest--;
  now->level--;
}

/* A token of `len` bytes. */
static void
accept_operator(Lexer *lexer, Token *token, TokenType type, gsize len)
{
  token->type = type;
  lexer->now.at += len;
}

static void
read_bracket(Lexer *lexer, Token *token, char c)
{
  static const char brackets[] = "()[]{}";
  guint which = (guint)(strchr(brackets, c) - brackets);
  accept_operator(lexer, token, (TokenType)(TOK_LPAR + which), 1);
  if (which % 2 == 0)
    lexer_push_bracket(lexer, token, c, FALSE);
  else
    pop_bracket(lexer, token, c);
}

/* The colon and the exclamation mark of a replacement field end its expression. */
static void
read_colon(Lexer *lexer, Token *token, char next)
{
  LexerPoint *now = &lexer->now;
  LexerNest *nest = now->n_nest > 0 ? &lexer->nest[now->n_nest - 1] : NULL;
  gboolean field = nest != NULL && nest->field;
  if (next == '=' && !field) {
    accept_operator(lexer, token, TOK_WALRUS, 2);
    return;
  }
  accept_operator(lexer, token, TOK_COLON, 1);
  if (field)
    nest->spec = TRUE;
}

static void
read_dot(Lexer *lexer, Token *token, char next)
{
  const char *at = lexer->now.at;
  if (byte_is_digit(next))
    lexer_read_number(lexer, token);
  else if (next == '.' && lexer->end - at > 2 && at[2] == '.')
    accept_operator(lexer, token, TOK_ELLIPSIS, 3);
  else
    accept_operator(lexer, token, TOK_DOT, 1);
}

/* An operator that may be doubled and may have a = behind it. */
static void
read_doubled(Lexer *lexer, Token *token, char c, TokenType one, TokenType two)
{
  const char *at = lexer->now.at;
  gsize len = two != TOK_ERROR && lexer->end - at > 1 && at[1] == c ? 2 : 1;
  if ((gsize)(lexer->end - at) > len && at[len] == '=')
    accept_operator(lexer, token, one == TOK_COMPARE && len == 1 ? TOK_COMPARE : TOK_AUGMENT,
                    len + 1);
  else
    accept_operator(lexer, token, len == 2 ? two : one, len);
}

/* What means the same wherever it stands. */
static void
read_simple(Lexer *lexer, Token *token, char c)
{
  static const struct {
    TokenType once, twice; /* TOK_ERROR: it does not stand twice */
  } arithmetic[128] = {
      ['*'] = {TOK_STAR, TOK_STARSTAR}, ['/'] = {TOK_SLASH, TOK_DIVIDE},
      ['+'] = {TOK_PLUS, TOK_ERROR},    ['-'] = {TOK_MINUS, TOK_ERROR},
      ['%'] = {TOK_DIVIDE, TOK_ERROR},  ['@'] = {TOK_AT, TOK_ERROR},
      ['&'] = {TOK_AMPER, TOK_ERROR},   ['|'] = {TOK_VBAR, TOK_ERROR},
      ['^'] = {TOK_CARET, TOK_ERROR},
  };
  static const TokenType single[128] = {
      [','] = TOK_COMMA,   [';'] = TOK_SEMICOLON, ['~'] = TOK_TILDE,
      ['$'] = TOK_STRANGE, ['?'] = TOK_STRANGE,   ['`'] = TOK_STRANGE,
  };
  guchar at = (guchar)c & 0x7f;
  if (arithmetic[at].once != TOK_END)
    read_doubled(lexer, token, c, arithmetic[at].once, arithmetic[at].twice);
  else if (single[at] != TOK_END)
    accept_operator(lexer, token, single[at], 1);
  else
    lexer_fail(lexer, token, lexer->now.at, lexer->now.line,
               "invalid non-printable character U+%04X", (guchar)c);
}

static void
read_compare(Lexer *lexer, Token *token, char c, char next)
{
  if (c == '<' && next == '>')
    accept_operator(lexer, token, TOK_OLD_NOT_EQUAL, 2);
  else if (c == '!' && next != '=')
    accept_operator(lexer, token, TOK_EXCLAMATION, 1);
  else if (c == '!' || (c == '=' && next == '='))
    accept_operator(lexer, token, TOK_COMPARE, 2);
  else if (c == '=')
    accept_operator(lexer, token, TOK_ASSIGN, 1);
  else
    read_doubled(lexer, token, c, TOK_COMPARE, TOK_SHIFT);
}

static void
read_operator(Lexer *lexer, Token *token, char c)
{
  char next = lexer->end - lexer->now.at > 1 ? lexer->now.at[1] : 0;
  switch (c) {
  case '(':
  case ')':
  case '[':
  case ']':
  case '{':
  case '}':
    read_bracket(lexer, token, c);
    break;
  case ':':
    read_colon(lexer, token, next);
    break;
  case '.':
    read_dot(lexer, token, next);
    break;
  case '=':
  case '!':
  case '<':
  case '>':
    read_compare(lexer, token, c, next);
    break;
  default:
    if (c == '-' && next == '>')
      accept_operator(lexer, token, TOK_ARROW, 2);
    else
      read_simple(lexer, token, c);
  }
}

/* To the next token of the logical line. FALSE after an error. */
static gboolean
skip_blanks(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  while (now->at < lexer->end) {
    switch (*now->at) {
    case ' ':
    case '\t':
    case '\f':
      now->at++;
      break;
    case '#':
      while (now->at < lexer->end && !byte_ends_line(*now->at))
        now->at++;
      break;
    case '\\':
      if (!lexer_continue_line(lexer, token))
        return FALSE;
      break;
    case '\n':
    case '\r':
      if (now->level == 0)
        return TRUE;
      lexer_break_line(lexer);
      break;
    default:
      return TRUE;
    }
  }
  return TRUE;
}

/* The end of the text is shown behind its last line, not below it. */
static void
place_at_end(const Lexer *lexer, Token *token)
{
  const char *at = lexer->end;
  int line = lexer_last_line(lexer);
  if (line < lexer->now.line) {
    at--;
    at -= at > lexer->text && at[0] == '\n' && at[-1] == '\r';
  }
  token->place = (SourcePos){.at = at, .line = line};
}

static void
read_end(Lexer *lexer, Token *token)
{
  const LexerNest *open = lexer_open_bracket(lexer);
  place_at_end(lexer, token);
  if (open != NULL) {
    lexer_fail(lexer, token, open->place.at, open->place.line, "'%c' was never closed", open->open);
  } else if (lexer->now.in_line) {
    lexer->now.in_line = FALSE;
    token->type = TOK_NEWLINE;
  } else if (lexer->now.n_indents > 0) {
    lexer->now.n_indents--;
    token->type = TOK_DEDENT;
  } else {
    token->type = TOK_END;
  }
}

static void
read_token(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  if (!skip_blanks(lexer, token))
    return;
  token->place = (SourcePos){.at = now->at, .line = now->line};
  if (now->at == lexer->end) {
    read_end(lexer, token);
    return;
  }
  char c = *now->at;
  if (byte_ends_line(c)) {
    token->type = TOK_NEWLINE;
    now->in_line = FALSE;
    now->line_start = TRUE;
    lexer_break_line(lexer);
    return;
  }
  now->in_line = TRUE;
  if (byte_is_digit(c))
    lexer_read_number(lexer, token);
  else if (byte_is_name(c))
    lexer_read_word(lexer, token);
  else if (c == '"' || c == '\'')
    lexer_read_string(lexer, token, now->at);
  else
    read_operator(lexer, token, c);
}

void
lexer_next(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  token->place = (SourcePos){.at = now->at, .line = now->line};
  token->escape = token->foreign = NULL;
  if (lexer->error.message != NULL) {
    token->type = TOK_ERROR;
  } else if (lexer_in_fstring_text(lexer)) {
    lexer_read_fstring_text(lexer, token);
  } else if (!now->line_start || lexer_read_indent(lexer, token)) {
    token->place = (SourcePos){.at = now->at, .line = now->line};
    if (now->pending == 0) {
      read_token(lexer, token);
    } else {
      token->type = now->pending > 0 ? TOK_INDENT : TOK_DEDENT;
      now->pending += now->pending > 0 ? -1 : 1;
    }
  }
  token->end = now->at;
}
