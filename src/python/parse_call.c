/* SPDX-License-Identifier: MIT */
#include "parser.h"

typedef struct {
  NameSet keywords;
  gboolean named;       /* name=value was there */
  gboolean unpacked;    /* **kwargs was there */
  gboolean after_named; /* a positional argument behind them */
  gboolean after_unpacked;
  gboolean generator_allowed;
  gboolean generator; /* a generator without parentheses was there */
  SourcePos generator_place;
  guint n;
} Arguments;

static void
parse_keyword(Parser *parser, Arguments *arguments, const Token *name, const Expr *left)
{
  Expr value;
  if (left->kind >= EXPR_NONE && left->kind <= EXPR_FALSE)
    parser_fail(parser, left->place, "cannot assign to %s", expr_name(left->kind));
  else if (left->kind != EXPR_NAME || left->parens)
    parser_fail(parser, left->place,
                "expression cannot contain assignment, perhaps you meant \"==\"?");
  parser_expect(parser, TOK_ASSIGN);
  if (parser_at(parser, TOK_COMMA) || parser_at(parser, TOK_RPAR))
    parser_fail(parser, name->place, "expected argument value expression");
  parse_expression(parser, &value);
  if (parser_at_comprehension(parser))
    parser_fail(parser, left->place,
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
  if (!name_set_add(&arguments->keywords, name))
    parser_note(parser, name->place, "keyword argument repeated: %.*s", parser_token_width(name),
                name->place.at);
  arguments->named = TRUE;
}

/* Said where the arguments end, as CPython does. */
static void
check_order(Parser *parser, const Arguments *arguments)
{
  SourcePos place = parser->token.place;
  if (arguments->after_unpacked)
    parser_fail(parser, place, "positional argument follows keyword argument unpacking");
  else if (arguments->after_named)
    parser_fail(parser, place, "positional argument follows keyword argument");
}

static void
parse_positional(Parser *parser, Arguments *arguments)
{
  Token name = parser->token;
  ElementMark mark = parser_mark_element(parser);
  Expr expr;
  parse_named(parser, &expr);
  if (parser_at(parser, TOK_ASSIGN)) {
    parse_keyword(parser, arguments, &name, &expr);
    return;
  }
  if (parser_at_comprehension(parser) && arguments->generator_allowed) {
    parse_comprehension(parser, &mark, EXPR_GENERATOR);
    arguments->generator = TRUE;
    arguments->generator_place = expr.place;
  }
  if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_RPAR))
    parser_fail_after(parser, &expr);
  arguments->after_unpacked = arguments->after_unpacked || arguments->unpacked;
  arguments->after_named = arguments->after_named || arguments->named;
}

static void
parse_argument(Parser *parser, Arguments *arguments)
{
  Expr expr;
  if (parser_accept(parser, TOK_STARSTAR)) {
    parse_expression(parser, &expr);
    arguments->unpacked = TRUE;
  } else if (parser_at(parser, TOK_STAR)) {
    if (arguments->unpacked)
      parser_fail(parser, parser->token.place,
                  "iterable argument unpacking follows keyword argument unpacking");
    parser_advance(parser);
    parse_expression(parser, &expr);
  } else {
    parse_positional(parser, arguments);
    return;
  }
  if (parser_at(parser, TOK_ASSIGN))
    parser_fail_unexpected(parser);
}

void
parse_arguments(Parser *parser, gboolean generator)
{
  Arguments arguments = {.generator_allowed = generator};
  parser_expect(parser, TOK_LPAR);
  while (!parser_at(parser, TOK_RPAR) && !parser->stopped) {
    parse_argument(parser, &arguments);
    arguments.n++;
    if (!parser_at(parser, TOK_RPAR) && !parser_at(parser, TOK_COMMA))
      parser_fail_after(parser, &(Expr){.kind = EXPR_NAME, .place = parser->operand});
    gboolean comma = parser_accept(parser, TOK_COMMA);
    if (arguments.generator && (comma || arguments.n > 1))
      parser_fail(parser, arguments.generator_place, "Generator expression must be parenthesized");
  }
  check_order(parser, &arguments);
  parser_expect(parser, TOK_RPAR);
}

/* [a], [a:b:c], [*a] */
static void
parse_slice(Parser *parser)
{
  Expr expr;
  int colons = 0;
  if (parser_accept(parser, TOK_STAR)) {
    parse_expression(parser, &expr);
    return;
  }
  if (!parser_at(parser, TOK_COLON))
    parse_named(parser, &expr);
  for (; colons < 2 && parser_accept(parser, TOK_COLON); colons++)
    if (parser_token_starts_expression(parser->token.type))
      parse_expression(parser, &expr);
  if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_RSQB) && colons == 0)
    parser_fail_after(parser, &expr);
}

void
parse_subscript(Parser *parser)
{
  parser_expect(parser, TOK_LSQB);
  do
    parse_slice(parser);
  while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_RSQB));
  parser_expect(parser, TOK_RSQB);
}
