/* SPDX-License-Identifier: MIT */
#include "lexer_private.h"

void
lexer_open_fstring(Lexer *lexer, Token *token, const char *quote, gboolean raw)
{
  LexerPoint *now = &lexer->now;
  int quotes = lexer_quotes_at(lexer, quote, *quote, 3) ? 3 : 1;
  now->at = quote + quotes;
  token->type = TOK_FSTRING_START;
  if (now->n_nest - now->level + 1 >= LEXER_MAX_FSTRINGS) {
    lexer_fail(lexer, token, token->place.at, now->line, "too many nested f-strings");
    return;
  }
  lexer->nest[now->n_nest++] = (LexerNest){
      .open = 'f', .quote = *quote, .quotes = quotes, .raw = raw, .place = token->place};
}

gboolean
lexer_in_fstring_text(const Lexer *lexer)
{
  guint n = lexer->now.n_nest;
  return n > 0 && (lexer->nest[n - 1].open == 'f' || lexer->nest[n - 1].spec);
}

static void
fail_unterminated(Lexer *lexer, Token *token, const LexerNest *fstring)
{
  lexer_fail(lexer, token, fstring->place.at, fstring->place.line,
             "unterminated %sf-string literal (detected at line %d)",
             fstring->quotes == 3 ? "triple-quoted " : "", lexer_last_line(lexer));
}

/* 3.12 and 3.13 let a line break end a format, in single quotes too, where nothing but the brace
 * follows. Steps to it, or stays and gives FALSE. */
static gboolean
skip_to_brace(Lexer *lexer)
{
  LexerPoint *now = &lexer->now;
  const char *at = now->at;
  while (at < lexer->end && g_ascii_isspace(*at))
    at++;
  if (at == lexer->end || (*at != '}' && *at != '{'))
    return FALSE;
  while (now->at < at) {
    if (byte_ends_line(*now->at))
      lexer_break_line(lexer);
    else
      now->at++;
  }
  return TRUE;
}

static void
read_backslash(Lexer *lexer, Token *token, gboolean raw)
{
  LexerPoint *now = &lexer->now;
  gboolean name = !raw && lexer->end - now->at > 2 && now->at[1] == 'N' && now->at[2] == '{';
  if (!raw && token->escape == NULL && lexer_escape_is_wrong(now->at, lexer->end, FALSE))
    token->escape = now->at;
  now->at++;
  if (name) {
    while (now->at < lexer->end && *now->at != '}' && *now->at != '"' && *now->at != '\'' &&
           !byte_ends_line(*now->at))
      now->at++;
    if (now->at < lexer->end && *now->at == '}')
      now->at++;
  } else if (now->at == lexer->end) {
    return;
  } else if (byte_ends_line(*now->at)) {
    lexer_break_line(lexer);
  } else if ((guchar)*now->at < 0x80 && *now->at != '{' && *now->at != '}') {
    now->at++;
  }
}

static gboolean
is_doubled(const Lexer *lexer)
{
  const char *at = lexer->now.at;
  return lexer->end - at > 1 && at[1] == *at;
}

/* To the next brace or quotes that mean something. FALSE after an error. */
static gboolean
skip_text(Lexer *lexer, Token *token, const LexerNest *fstring, gboolean spec)
{
  LexerPoint *now = &lexer->now;
  for (; now->at < lexer->end;) {
    char c = *now->at;
    if (c == '\\') {
      read_backslash(lexer, token, fstring->raw);
    } else if (byte_ends_line(c)) {
      if (fstring->quotes == 3)
        lexer_break_line(lexer);
      else if (!spec || !skip_to_brace(lexer))
        break;
    } else if (c == '{' || c == '}') {
      if (spec || !is_doubled(lexer))
        return TRUE;
      now->at += 2;
    } else if (lexer_quotes_at(lexer, now->at, fstring->quote, fstring->quotes)) {
      return TRUE;
    } else {
      now->at++;
    }
  }
  fail_unterminated(lexer, token, fstring);
  return FALSE;
}

static void
read_close(Lexer *lexer, Token *token, const LexerNest *fstring, gboolean spec)
{
  if (spec) {
    lexer_fail(lexer, token, token->place.at, token->place.line,
               "f-string: expecting '}', or format specs");
    return;
  }
  token->type = TOK_FSTRING_END;
  lexer->now.at += fstring->quotes;
  lexer->now.n_nest--;
}

static void
read_brace(Lexer *lexer, Token *token, gboolean spec)
{
  LexerPoint *now = &lexer->now;
  if (*now->at++ == '{') {
    token->type = TOK_LBRACE;
    lexer_push_bracket(lexer, token, '{', TRUE);
  } else if (spec) {
    token->type = TOK_RBRACE;
    now->n_nest--;
    now->level--;
  } else {
    lexer_fail(lexer, token, token->place.at, token->place.line,
               "f-string: single '}' is not allowed");
  }
}

void
lexer_read_fstring_text(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  const LexerNest *nest = &lexer->nest[now->n_nest - 1];
  gboolean spec = nest->field;
  const LexerNest *fstring = spec ? &lexer->nest[nest->fstring] : nest;
  const char *start = now->at;
  token->place = (SourcePos){.at = start, .line = now->line};
  token->body = start;
  token->bytes = FALSE;
  if (!skip_text(lexer, token, fstring, spec))
    return;
  if (now->at > start)
    token->type = TOK_FSTRING_MIDDLE;
  else if (*now->at == fstring->quote)
    read_close(lexer, token, fstring, spec);
  else
    read_brace(lexer, token, spec);
}
