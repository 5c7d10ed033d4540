/* SPDX-License-Identifier: MIT */
#include "parser.h"

static void
parse_annotation(Parser *parser, const Expr *target)
{
  Expr expr;
  SourcePos colon = parser->token.place;
  parser_expect(parser, TOK_COLON);
  parser_check_annotated(parser, target, colon);
  parse_expression(parser, &expr);
  if (!parser_accept(parser, TOK_ASSIGN))
    return;
  parser_bind(parser, target->names);
  parse_value(parser, &expr);
}

static void
parse_assignments(Parser *parser, Expr *expr)
{
  for (gboolean first = TRUE; parser_at(parser, TOK_ASSIGN); first = FALSE) {
    parser_check_assigned(parser, expr, first);
    parser_bind(parser, expr->names);
    parser_advance(parser);
    parse_value(parser, expr);
  }
}

static void
parse_expression_statement(Parser *parser)
{
  Expr expr, value;
  parse_value(parser, &expr);
  if (parser_at(parser, TOK_COLON)) {
    parse_annotation(parser, &expr);
  } else if (parser_at(parser, TOK_AUGMENT)) {
    parser_check_augmented(parser, &expr);
    parser_bind(parser, expr.names);
    parser_advance(parser);
    parse_value(parser, &value);
  } else {
    parse_assignments(parser, &expr);
  }
  if (!parser_at(parser, TOK_NEWLINE) && !parser_at(parser, TOK_SEMICOLON))
    parser_fail_after(parser, &expr);
}

static void
parse_return(Parser *parser)
{
  Expr value;
  if (!parser->scope.function)
    parser_note(parser, parser->token.place, "'return' outside function");
  else if (parser->scope.star_handler)
    parser_note(parser, parser->token.place,
                "'break', 'continue' and 'return' cannot appear in an except* block");
  parser_advance(parser);
  if (parser_at(parser, TOK_STAR) || parser_token_starts_expression(parser->token.type))
    parse_star_list(parser, &value);
}

static void
parse_break(Parser *parser)
{
  gboolean is_break = parser_at(parser, TOK_BREAK);
  if (parser->scope.star_handler)
    parser_note(parser, parser->token.place,
                "'break', 'continue' and 'return' cannot appear in an except* block");
  else if (!parser->scope.loop)
    parser_note(parser, parser->token.place, "%s",
                is_break ? "'break' outside loop" : "'continue' not properly in loop");
  parser_advance(parser);
}

static void
parse_raise(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  if (!parser_token_starts_expression(parser->token.type))
    return;
  parse_expression(parser, &expr);
  if (parser_accept(parser, TOK_FROM))
    parse_expression(parser, &expr);
}

static void
parse_assert(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  parse_expression(parser, &expr);
  if (parser_accept(parser, TOK_COMMA))
    parse_expression(parser, &expr);
}

static void
parse_del(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  parse_star_list(parser, &expr);
  parser_check_deleted(parser, &expr);
}

static void
parse_name_list(Parser *parser)
{
  if (parser_at(parser, TOK_NONLOCAL) && parser->scope.module)
    parser_note(parser, parser->token.place, "nonlocal declaration not allowed at module level");
  do {
    parser_advance(parser);
    parser_expect(parser, TOK_NAME);
  } while (parser_at(parser, TOK_COMMA));
}

/* Does "type" begin "type X = ..."? Nothing else has a name behind a name. */
static gboolean
at_type_alias(Parser *parser)
{
  const char *at, *end;
  if (!token_is(&parser->token, "type") || !byte_is_name(lexer_peek(&parser->lexer, &at)))
    return FALSE;
  for (end = at; end < parser->lexer.end && byte_is_name(*end); end++)
    ;
  return !g_ascii_isdigit(*at) && lexer_word_type(at, (gsize)(end - at)) == TOK_NAME;
}

static void
parse_type_alias(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  parser_bind_name(parser);
  parse_type_params(parser);
  parser_expect(parser, TOK_ASSIGN);
  parse_expression(parser, &expr);
}

static void
parse_simple(Parser *parser)
{
  static void (*const parse[N_TOKENS])(Parser *) = {
      [TOK_RETURN] = parse_return,      [TOK_IMPORT] = parse_import,
      [TOK_FROM] = parse_from,          [TOK_RAISE] = parse_raise,
      [TOK_PASS] = parser_advance,      [TOK_DEL] = parse_del,
      [TOK_ASSERT] = parse_assert,      [TOK_BREAK] = parse_break,
      [TOK_CONTINUE] = parse_break,     [TOK_GLOBAL] = parse_name_list,
      [TOK_NONLOCAL] = parse_name_list,
  };
  if (parse[parser->token.type] != NULL)
    parse[parser->token.type](parser);
  else if (at_type_alias(parser))
    parse_type_alias(parser);
  else
    parse_expression_statement(parser);
}

/* `from __future__` may follow only its like and a docstring, which may be in parentheses. */
static void
note_beginning(Parser *parser)
{
  gboolean docstring = parser->token.place.at == parser->first &&
                       (parser_at(parser, TOK_STRING) || parser_at(parser, TOK_LPAR));
  if (!parser_at(parser, TOK_FROM) && !docstring)
    parser->future_allowed = FALSE;
}

void
parse_simple_line(Parser *parser)
{
  do {
    note_beginning(parser);
    parse_simple(parser);
  } while (parser_accept(parser, TOK_SEMICOLON) && !parser_at(parser, TOK_NEWLINE) &&
           !parser->stopped);
  parser_expect(parser, TOK_NEWLINE);
}

void
parse_statement(Parser *parser)
{
  if (parse_compound(parser))
    parser->future_allowed = FALSE;
  else
    parse_simple_line(parser);
}

void
parse_file(Parser *parser)
{
  parser->first = parser->token.place.at;
  while (!parser->stopped && !parser_at(parser, TOK_END))
    parse_statement(parser);
}
