/* SPDX-License-Identifier: MIT */
#include "lexer_private.h"

typedef struct {
  int column;     /* with tabs of 8 */
  int alt_column; /* with tabs of 1 */
} Width;

/* The white space at the begin of a line. A backslash in it joins lines; the first one fixes the
 * width. FALSE after an error. */
static gboolean
measure(Lexer *lexer, Token *token, Width *width)
{
  LexerPoint *now = &lexer->now;
  int fixed = 0;
  *width = (Width){0};
  for (; now->at < lexer->end; now->at++) {
    if (*now->at == ' ') {
      width->column++;
      width->alt_column++;
    } else if (*now->at == '\t') {
      width->column = (width->column / 8 + 1) * 8;
      width->alt_column++;
    } else if (*now->at == '\f') {
      *width = (Width){0};
    } else if (*now->at == '\\') {
      fixed = fixed != 0 ? fixed : width->column;
      if (!lexer_continue_line(lexer, token))
        return FALSE;
      now->at--;
    } else {
      break;
    }
  }
  if (fixed != 0)
    *width = (Width){.column = fixed, .alt_column = fixed};
  return TRUE;
}

/* Empty lines and comments say nothing about the indentation. */
static gboolean
skip_empty_line(Lexer *lexer)
{
  LexerPoint *now = &lexer->now;
  if (now->at < lexer->end && *now->at == '#')
    while (now->at < lexer->end && !byte_ends_line(*now->at))
      now->at++;
  if (now->at == lexer->end || !byte_ends_line(*now->at))
    return FALSE;
  lexer_break_line(lexer);
  return TRUE;
}

/* The caret stands where CPython has it: at the line's begin or behind its end. */
static void
fail_at_indent(Lexer *lexer, Token *token, gboolean behind, const char *message)
{
  const char *at = lexer->now.at;
  while (behind && at < lexer->end && !byte_ends_line(*at))
    at++;
  while (!behind && at > lexer->text && !byte_ends_line(at[-1]))
    at--;
  lexer_fail_weakly(lexer, token, at, lexer->now.line, message);
}

static int
indent_at(const int *indents, guint n)
{
  return n > 0 ? indents[n - 1] : 0;
}

static gboolean
apply(Lexer *lexer, Token *token, const Width *width)
{
  LexerPoint *now = &lexer->now;
  gboolean consistent;
  if (width->column > indent_at(lexer->indents, now->n_indents)) {
    if (now->n_indents + 1 >= LEXER_MAX_INDENTS) {
      fail_at_indent(lexer, token, FALSE, "too many levels of indentation");
      return FALSE;
    }
    consistent = width->alt_column > indent_at(lexer->alt_indents, now->n_indents);
    lexer->indents[now->n_indents] = width->column;
    lexer->alt_indents[now->n_indents++] = width->alt_column;
    now->pending = 1;
  } else {
    while (width->column < indent_at(lexer->indents, now->n_indents)) {
      now->n_indents--;
      now->pending--;
    }
    if (width->column != indent_at(lexer->indents, now->n_indents)) {
      fail_at_indent(lexer, token, TRUE, "unindent does not match any outer indentation level");
      return FALSE;
    }
    consistent = width->alt_column == indent_at(lexer->alt_indents, now->n_indents);
  }
  if (!consistent)
    fail_at_indent(lexer, token, FALSE, "inconsistent use of tabs and spaces in indentation");
  return consistent;
}

gboolean
lexer_read_indent(Lexer *lexer, Token *token)
{
  Width width;
  do {
    if (!measure(lexer, token, &width))
      return FALSE;
  } while (skip_empty_line(lexer));
  lexer->now.line_start = FALSE;
  /* At the end of the text every block ends, whatever blanks stand there. */
  return lexer->now.at == lexer->end || apply(lexer, token, &width);
}
