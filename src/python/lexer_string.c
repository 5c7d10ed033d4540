/* SPDX-License-Identifier: MIT */
#include "lexer_private.h"

#include <string.h>

/* No name of a character is longer (Unicode 16: 88). */
#define NAME_LIMIT 256

static gboolean
name_is_wrong(const char *at, const char *end)
{
  if (at == end || *at != '{' || end - at < 2 || at[1] == '}')
    return TRUE;
  const char *limit = end - at > NAME_LIMIT ? at + NAME_LIMIT : end;
  for (at++; at < limit; at++) {
    if (*at == '}')
      return FALSE;
    if (*at == '"' || *at == '\'' || byte_ends_line(*at))
      return TRUE;
  }
  return FALSE; /* too far to say */
}

gboolean
lexer_escape_is_wrong(const char *at, const char *end, gboolean bytes)
{
  if (end - at < 2)
    return FALSE;
  char c = at[1];
  int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (bytes && c != 'x')
    return FALSE;
  if (c == 'N')
    return name_is_wrong(at + 2, end);
  guint64 value = 0;
  for (int i = 0; i < digits; i++) {
    if (end - at <= 2 + i || !g_ascii_isxdigit(at[2 + i]))
      return TRUE;
    value = value * 16 + (guint64)g_ascii_xdigit_value(at[2 + i]);
  }
  return value > 0x10ffff;
}

gboolean
lexer_quotes_at(const Lexer *lexer, const char *at, char quote, int quotes)
{
  if (lexer->end - at < quotes || *at != quote)
    return FALSE;
  return quotes == 1 || (at[1] == quote && at[2] == quote);
}

/* Within an f-string's field the quote that the string opened with is the f-string's own end: what
 * is missing is the brace. */
static void
fail_unterminated(Lexer *lexer, Token *token, char quote, int quotes)
{
  guint n = lexer->now.n_nest;
  const LexerNest *nest = n > 0 ? &lexer->nest[n - 1] : NULL;
  if (nest != NULL && nest->field && lexer->nest[nest->fstring].quote == quote &&
      lexer->nest[nest->fstring].quotes == quotes)
    lexer_fail(lexer, token, token->place.at, token->place.line, "f-string: expecting '}'");
  else
    lexer_fail(lexer, token, token->place.at, token->place.line,
               "unterminated %sstring literal (detected at line %d)",
               quotes == 3 ? "triple-quoted " : "", lexer_last_line(lexer));
}

/* Steps over a backslash and what it escapes. */
static void
read_backslash(Lexer *lexer, Token *token, gboolean raw)
{
  LexerPoint *now = &lexer->now;
  if (!raw && token->escape == NULL && lexer_escape_is_wrong(now->at, lexer->end, token->bytes))
    token->escape = now->at;
  now->at++;
  if (now->at == lexer->end)
    return;
  if (byte_ends_line(*now->at))
    lexer_break_line(lexer);
  else if ((guchar)*now->at < 0x80)
    now->at++;
}

static gboolean
is_plain(char c)
{
  return c != '"' && c != '\'' && c != '\\' && !byte_ends_line(c) && (guchar)c < 0x80;
}

static void
read_body(Lexer *lexer, Token *token, char quote, int quotes, gboolean raw)
{
  LexerPoint *now = &lexer->now;
  for (;;) {
    while (now->at < lexer->end && is_plain(*now->at))
      now->at++;
    if (now->at == lexer->end)
      break;
    char c = *now->at;
    if (c == '\\') {
      read_backslash(lexer, token, raw);
    } else if (byte_ends_line(c)) {
      if (quotes == 1)
        break;
      lexer_break_line(lexer);
    } else if (lexer_quotes_at(lexer, now->at, quote, quotes)) {
      now->at += quotes;
      return;
    } else {
      if ((guchar)c >= 0x80 && token->foreign == NULL)
        token->foreign = now->at;
      now->at++;
    }
  }
  fail_unterminated(lexer, token, quote, quotes);
}

void
lexer_read_string(Lexer *lexer, Token *token, const char *quote)
{
  gboolean raw = FALSE;
  token->bytes = FALSE;
  for (const char *at = token->place.at; at < quote; at++) {
    raw = raw || *at == 'r' || *at == 'R';
    token->bytes = token->bytes || *at == 'b' || *at == 'B';
  }
  token->type = TOK_STRING;
  int quotes = lexer_quotes_at(lexer, quote, *quote, 3) ? 3 : 1;
  token->body = quote + quotes;
  lexer->now.at = token->body;
  read_body(lexer, token, *quote, quotes, raw);
}
