/* SPDX-License-Identifier: MIT */
#include "lexer_private.h"

#include <string.h>

static char
byte_at(const Lexer *lexer, const char *at)
{
  return at < lexer->end ? *at : 0;
}

/* The error is about what ends before `at`; the caret points at its last character. */
static void
fail_number(Lexer *lexer, Token *token, const char *at, const char *message)
{
  lexer_fail(lexer, token, at > token->place.at ? at - 1 : at, lexer->now.line, "%s", message);
}

/* Digits with single underscores between them. FALSE after an error. */
static gboolean
read_digits(Lexer *lexer, Token *token)
{
  const char *at = lexer->now.at;
  for (;;) {
    while (byte_is_digit(byte_at(lexer, at)))
      at++;
    if (byte_at(lexer, at) != '_')
      break;
    at++;
    if (!byte_is_digit(byte_at(lexer, at))) {
      fail_number(lexer, token, at, "invalid decimal literal");
      return FALSE;
    }
  }
  lexer->now.at = at;
  return TRUE;
}

static gboolean
word_follows(const Lexer *lexer, const char *word)
{
  gsize len = strlen(word);
  return (gsize)(lexer->end - lexer->now.at) >= len && memcmp(lexer->now.at, word, len) == 0;
}

/* "1if x else y" is fine: these words may follow a number without a blank. */
static void
check_end(Lexer *lexer, Token *token, const char *kind)
{
  static const char *const words[] = {"and", "else", "for", "if", "in", "is", "or", "not"};
  char next = byte_at(lexer, lexer->now.at);
  if (!byte_is_name(next) || (guchar)next >= 0x80)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (word_follows(lexer, words[i]))
      return;
  fail_number(lexer, token, lexer->now.at, kind);
}

/* 0x, 0o, 0b. */
static void
read_radix(Lexer *lexer, Token *token, int radix, const char *kind)
{
  const char *at = lexer->now.at + 2;
  gboolean any = FALSE;
  for (;; at++) {
    char c = byte_at(lexer, at);
    if (c == '_')
      c = byte_at(lexer, ++at);
    int value = g_ascii_xdigit_value(c);
    if (value < 0 && any && at[-1] != '_')
      break;
    if (value < 0 || value >= radix) {
      gboolean digit = byte_is_digit(c);
      if (!digit && value >= 0 && at[-1] != '_' && any)
        break;
      if (digit)
        lexer_fail(lexer, token, at, lexer->now.line, "invalid digit '%c' in %s literal", c,
                   radix == 8 ? "octal" : "binary");
      else
        fail_number(lexer, token, at, kind);
      return;
    }
    any = TRUE;
  }
  lexer->now.at = at;
  check_end(lexer, token, kind);
}

static gboolean
read_exponent(Lexer *lexer, Token *token)
{
  const char *at = lexer->now.at + 1;
  if (byte_at(lexer, at) == '+' || byte_at(lexer, at) == '-') {
    at++;
    if (!byte_is_digit(byte_at(lexer, at))) {
      fail_number(lexer, token, at, "invalid decimal literal");
      return FALSE;
    }
  } else if (!byte_is_digit(byte_at(lexer, at))) {
    return TRUE; /* perhaps "1else" */
  }
  lexer->now.at = at;
  return read_digits(lexer, token);
}

static void
read_decimal(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  const char *start = now->at;
  gboolean whole = TRUE;
  if (*now->at != '.' && !read_digits(lexer, token))
    return;
  const char *digits_end = now->at;
  const char *kind = "invalid decimal literal";
  if (byte_at(lexer, now->at) == '.') {
    whole = FALSE;
    now->at++;
    if (byte_is_digit(byte_at(lexer, now->at)) && !read_digits(lexer, token))
      return;
  }
  char c = byte_at(lexer, now->at);
  if (c == 'e' || c == 'E') {
    const char *before = now->at;
    if (!read_exponent(lexer, token))
      return;
    whole = whole && now->at == before;
  }
  c = byte_at(lexer, now->at);
  if (c == 'j' || c == 'J') {
    whole = FALSE;
    now->at++;
    kind = "invalid imaginary literal";
  }
  gboolean zero = TRUE;
  for (const char *at = start; zero && at < digits_end; at++)
    zero = *at == '0' || *at == '_';
  if (whole && *start == '0' && !zero) {
    lexer_fail(lexer, token, start, now->line,
               "leading zeros in decimal integer literals are not permitted; use an 0o "
               "prefix for octal integers");
    return;
  }
  check_end(lexer, token, kind);
}

void
lexer_read_number(Lexer *lexer, Token *token)
{
  token->type = TOK_NUMBER;
  char second = *lexer->now.at == '0' ? g_ascii_tolower(byte_at(lexer, lexer->now.at + 1)) : 0;
  if (second == 'x')
    read_radix(lexer, token, 16, "invalid hexadecimal literal");
  else if (second == 'o')
    read_radix(lexer, token, 8, "invalid octal literal");
  else if (second == 'b')
    read_radix(lexer, token, 2, "invalid binary literal");
  else
    read_decimal(lexer, token);
}
