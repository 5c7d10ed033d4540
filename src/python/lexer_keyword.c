/* SPDX-License-Identifier: MIT */
#include "identifier.h"
#include "lexer_private.h"

#include <string.h>

typedef struct {
  const char *word;
  TokenType type;
} Keyword;

/* By length, from 2 to 8. */
static const Keyword keywords[][8] = {
    {{"as", TOK_AS}, {"if", TOK_IF}, {"in", TOK_IN}, {"is", TOK_IS}, {"or", TOK_OR}},
    {{"and", TOK_AND},
     {"def", TOK_DEF},
     {"del", TOK_DEL},
     {"for", TOK_FOR},
     {"not", TOK_NOT},
     {"try", TOK_TRY}},
    {{"None", TOK_NONE},
     {"True", TOK_TRUE},
     {"elif", TOK_ELIF},
     {"else", TOK_ELSE},
     {"from", TOK_FROM},
     {"pass", TOK_PASS},
     {"with", TOK_WITH}},
    {{"False", TOK_FALSE},
     {"async", TOK_ASYNC},
     {"await", TOK_AWAIT},
     {"break", TOK_BREAK},
     {"class", TOK_CLASS},
     {"raise", TOK_RAISE},
     {"while", TOK_WHILE},
     {"yield", TOK_YIELD}},
    {{"assert", TOK_ASSERT},
     {"except", TOK_EXCEPT},
     {"global", TOK_GLOBAL},
     {"import", TOK_IMPORT},
     {"lambda", TOK_LAMBDA},
     {"return", TOK_RETURN}},
    {{"finally", TOK_FINALLY}},
    {{"continue", TOK_CONTINUE}, {"nonlocal", TOK_NONLOCAL}},
};

TokenType
lexer_word_type(const char *word, gsize len)
{
  if (len < 2 || len > 8)
    return TOK_NAME;
  const Keyword *row = keywords[len - 2];
  for (guint i = 0; i < G_N_ELEMENTS(keywords[0]) && row[i].word != NULL; i++)
    if (row[i].word[0] == word[0] && memcmp(row[i].word, word, len) == 0)
      return row[i].type;
  return TOK_NAME;
}

static void
fail_character(Lexer *lexer, Token *token, const char *at, gunichar c)
{
  char utf8[7] = "";
  g_unichar_to_utf8(c, utf8);
  if (identifier_is_printable(c))
    lexer_fail(lexer, token, at, token->place.line, "invalid character '%s' (U+%04X)", utf8, c);
  else
    lexer_fail(lexer, token, at, token->place.line, "invalid non-printable character U+%04X", c);
}

/* Names may hold letters of every script, but not full-width punctuation. */
static void
check_characters(Lexer *lexer, Token *token)
{
  const char *at = token->place.at;
  for (; at < lexer->now.at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    gboolean fine = at == token->place.at ? identifier_starts(c) : identifier_continues(c);
    if (!fine) {
      fail_character(lexer, token, at, c);
      return;
    }
  }
}

/* What a string's prefix says; FALSE: it is none. */
static gboolean
read_prefix(const char *word, gsize len, gboolean *format, gboolean *raw)
{
  static const char *const plain[] = {"r", "u", "b", "br", "rb", "f", "t", "fr", "rf", "tr", "rt"};
  for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
    if (strlen(plain[i]) != len || g_ascii_strncasecmp(plain[i], word, len) != 0)
      continue;
    *format = strpbrk(plain[i], "ft") != NULL;
    *raw = strchr(plain[i], 'r') != NULL;
    return TRUE;
  }
  return FALSE;
}

void
lexer_read_word(Lexer *lexer, Token *token)
{
  LexerPoint *now = &lexer->now;
  const char *start = now->at;
  guchar any = 0;
  for (; now->at < lexer->end && byte_is_name(*now->at); now->at++)
    any |= (guchar)*now->at;
  gsize len = (gsize)(now->at - start);
  gboolean format, raw;
  if (len <= 2 && now->at < lexer->end && (*now->at == '"' || *now->at == '\'') &&
      read_prefix(start, len, &format, &raw)) {
    if (format)
      lexer_open_fstring(lexer, token, now->at, raw);
    else
      lexer_read_string(lexer, token, now->at);
    return;
  }
  token->type = lexer_word_type(start, len);
  if (any >= 0x80)
    check_characters(lexer, token);
}
