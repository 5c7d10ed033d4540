/* SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>

void
parser_init(Parser *parser, const char *text, gsize len, PythonScan *scan)
{
  lexer_init(&parser->lexer, text, len);
  parser->scan = scan;
  parser->scope = (Scope){.module = TRUE};
  parser->future_allowed = TRUE;
  parser_advance(parser);
}

void
parser_clear(Parser *parser)
{
  lexer_clear(&parser->lexer);
  g_clear_pointer(&parser->error.message, g_free);
  g_clear_pointer(&parser->later.message, g_free);
}

static void
stop(Parser *parser)
{
  parser->stopped = TRUE;
  parser->stopped_line = parser->token.place.line;
  parser->token.type = TOK_END;
}

void
parser_advance(Parser *parser)
{
  if (parser->stopped)
    return;
  parser->level = parser->lexer.now.level;
  lexer_next(&parser->lexer, &parser->token);
  if (parser_at(parser, TOK_ERROR))
    stop(parser);
}

gboolean
parser_accept(Parser *parser, TokenType type)
{
  if (parser->token.type != type || parser->stopped)
    return FALSE;
  parser_advance(parser);
  return TRUE;
}

gboolean
parser_expect(Parser *parser, TokenType type)
{
  if (parser_accept(parser, type))
    return TRUE;
  parser_fail_unexpected(parser);
  return FALSE;
}

void
parser_fail(Parser *parser, SourcePos place, const char *format, ...)
{
  va_list args;
  if (parser->stopped)
    return;
  va_start(args, format);
  parser->error = (ScanError){.place = place, .message = g_strdup_vprintf(format, args)};
  va_end(args);
  stop(parser);
}

void
parser_give_up(Parser *parser)
{
  if (!parser->stopped)
    stop(parser);
}

void
parser_note(Parser *parser, SourcePos place, const char *format, ...)
{
  va_list args;
  if (parser->stopped || parser->later.message != NULL)
    return;
  va_start(args, format);
  parser->later = (ScanError){.place = place, .message = g_strdup_vprintf(format, args)};
  va_end(args);
  parser->later_is_await = FALSE;
}

void
parser_fail_unexpected(Parser *parser)
{
  SourcePos place = parser->token.place;
  switch ((int)(parser->stopped ? TOK_END : parser->token.type)) {
  case TOK_INDENT:
    /* The caret stands under the last blank, unless the line begins behind a backslash. */
    if (place.at > parser->lexer.text && place.at[-1] != '\n' && place.at[-1] != '\r')
      place.at--;
    parser_fail(parser, place, "unexpected indent");
    parser->final = TRUE;
    break;
  case TOK_DEDENT:
    parser_fail(parser, place, "unexpected unindent");
    parser->final = TRUE;
    break;
  default:
    parser_fail(parser, place, "invalid syntax");
  }
}

/* Which of the words the operand begins with, or NULL. */
static const char *
operand_word(const Parser *parser, const char *const *words)
{
  const char *at = parser->operand.at;
  for (; *words != NULL; words++) {
    gsize len = strlen(*words);
    if ((gsize)(parser->lexer.end - at) > len && memcmp(at, *words, len) == 0 &&
        !g_ascii_isalnum(at[len]) && at[len] != '_')
      return *words;
  }
  return NULL;
}

/* A guess did not hold, whatever was found while making it. */
static void
fail_instead(Parser *parser, SourcePos place)
{
  g_clear_pointer(&parser->error.message, g_free);
  parser->error = (ScanError){.place = place, .message = g_strdup("invalid syntax")};
  if (!parser->stopped)
    stop(parser);
  parser->stopped_line = place.line;
}

/* Two expressions side by side in brackets. */
static gboolean
fail_missing_comma(Parser *parser)
{
  static const char *const soft_keywords[] = {"match", "case", "type", "_", NULL};
  SourcePos unexpected = parser->token.place, operand = parser->operand;
  if (!parser_token_starts_expression(parser->token.type) ||
      operand_word(parser, soft_keywords) != NULL ||
      (parser->operand_is_name &&
       (parser_at(parser, TOK_STRING) || parser_at(parser, TOK_FSTRING_START))))
    return FALSE;
  Expr next;
  parse_expression(parser, &next);
  if (parser->stopped && parser->error.message == NULL)
    return TRUE;
  if (parser->stopped || parser->level == 0)
    fail_instead(parser, unexpected);
  else
    parser_fail(parser, operand, "invalid syntax. Perhaps you forgot a comma?");
  return TRUE;
}

static gboolean
fail_old_statement(Parser *parser)
{
  static const char *const statements[] = {"print", "exec", NULL};
  if (!parser_token_starts_expression(parser->token.type) || !parser->operand_is_name)
    return FALSE;
  const char *word = operand_word(parser, statements);
  if (word != NULL)
    parser_fail(parser, parser->operand,
                "Missing parentheses in call to '%s'. Did you mean %s(...)?", word, word);
  return word != NULL;
}

/* "=" where only an expression can be: "==" or ":=" may have been meant. */
static void
fail_assignment_inside(Parser *parser, const Expr *expr)
{
  SourcePos assign = parser->token.place;
  gboolean name = expr->kind == EXPR_NAME && !expr->parens;
  Expr value;
  parser_advance(parser);
  parse_operators(parser, PREC_BITOR, &value);
  if (parser->stopped && parser->error.message == NULL)
    return;
  if (parser->stopped || parser_at(parser, TOK_ASSIGN) || parser_at(parser, TOK_WALRUS) ||
      (!name && !expr_may_be_compared(expr)))
    fail_instead(parser, assign);
  else if (name)
    parser_fail(parser, expr->place,
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
  else
    parser_fail(parser, expr->place,
                "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                expr_name(expr->kind));
}

void
parser_fail_after(Parser *parser, const Expr *expr)
{
  if (parser->stopped || fail_old_statement(parser) || fail_missing_comma(parser))
    return;
  if (parser_at(parser, TOK_ASSIGN))
    fail_assignment_inside(parser, expr);
  else if (parser_at(parser, TOK_WALRUS) && expr->kind != EXPR_NAME)
    parser_fail(parser, expr->place, "cannot use assignment expressions with %s",
                expr_name(expr->kind));
  else
    parser_fail_unexpected(parser);
}

/* CPython reads on behind an error of the grammar, since one of a token may explain it. A bracket
 * that is still open at the end of the text explains only what is below its own line. */
static gboolean
lexer_error_wins(const Parser *parser)
{
  const ScanError *error = &parser->lexer.error;
  if (error->weak)
    return FALSE;
  const LexerNest *open = lexer_open_bracket(&parser->lexer);
  gboolean never_closed = parser->lexer.now.at == parser->lexer.end && open != NULL &&
                          error->place.at == open->place.at;
  return !never_closed || parser->stopped_line > error->place.line;
}

const ScanError *
parser_finish(Parser *parser)
{
  Token token = {.type = TOK_NEWLINE};
  while (!parser->final && token.type != TOK_END && token.type != TOK_ERROR)
    lexer_next(&parser->lexer, &token);
  if (parser->lexer.error.message != NULL &&
      (parser->error.message == NULL || lexer_error_wins(parser)))
    return &parser->lexer.error;
  if (parser->error.message != NULL)
    return &parser->error;
  return parser->later.message != NULL ? &parser->later : NULL;
}
