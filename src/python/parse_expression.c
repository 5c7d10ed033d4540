/* SPDX-License-Identifier: MIT */
#include "parser.h"

/* CPython's own stack ends before this. */
#define LAMBDA_LIMIT 300

gboolean
parser_token_starts_expression(TokenType type)
{
  switch ((int)type) {
  case TOK_NAME:
  case TOK_NUMBER:
  case TOK_STRING:
  case TOK_FSTRING_START:
  case TOK_LPAR:
  case TOK_LSQB:
  case TOK_LBRACE:
  case TOK_ELLIPSIS:
  case TOK_PLUS:
  case TOK_MINUS:
  case TOK_TILDE:
  case TOK_FALSE:
  case TOK_NONE:
  case TOK_TRUE:
  case TOK_AWAIT:
  case TOK_LAMBDA:
  case TOK_NOT:
    return TRUE;
  default:
    return FALSE;
  }
}

static int
precedence_of(const Parser *parser)
{
  static const guint8 precedences[N_TOKENS] = {
      [TOK_OR] = PREC_OR,           [TOK_AND] = PREC_AND,
      [TOK_NOT] = PREC_COMPARE, /* not in */
      [TOK_IN] = PREC_COMPARE,      [TOK_IS] = PREC_COMPARE,
      [TOK_COMPARE] = PREC_COMPARE, [TOK_VBAR] = PREC_BITOR,
      [TOK_CARET] = PREC_BITOR + 1, [TOK_AMPER] = PREC_BITOR + 2,
      [TOK_SHIFT] = PREC_BITOR + 3, [TOK_PLUS] = PREC_BITOR + 4,
      [TOK_MINUS] = PREC_BITOR + 4, [TOK_STAR] = PREC_BITOR + 5,
      [TOK_SLASH] = PREC_BITOR + 5, [TOK_DIVIDE] = PREC_BITOR + 5,
      [TOK_AT] = PREC_BITOR + 5,
  };
  return precedences[parser->token.type];
}

static void
parse_operator(Parser *parser)
{
  TokenType type = parser->token.type;
  parser_advance(parser);
  if (type == TOK_NOT)
    parser_expect(parser, TOK_IN);
  else if (type == TOK_IS)
    parser_accept(parser, TOK_NOT);
}

static void
check_await(Parser *parser)
{
  if (parser->in_comprehensions > 0 || parser->scope.async || parser->later.message != NULL)
    return;
  parser_note(parser, parser->token.place, "%s",
              parser->scope.function ? "'await' outside async function"
                                     : "'await' outside function");
  parser->later_is_await = TRUE;
}

/* Signs, await and powers, from left to right: what they work on ends the same way. */
static void
parse_unary(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  gboolean operation = FALSE, await;
  do {
    while (parser_at(parser, TOK_MINUS) || parser_at(parser, TOK_PLUS) ||
           parser_at(parser, TOK_TILDE)) {
      operation = TRUE;
      parser_advance(parser);
    }
    await = parser_at(parser, TOK_AWAIT);
    if (await) {
      check_await(parser);
      parser_advance(parser);
    }
    parse_primary(parser, expr);
    if (parser_at(parser, TOK_STARSTAR))
      operation = TRUE;
  } while (parser_accept(parser, TOK_STARSTAR));
  if (operation || await)
    expr_init(expr, operation ? EXPR_OPERATION : EXPR_AWAIT, start);
}

void
parse_operators(Parser *parser, int precedence, Expr *expr)
{
  SourcePos start = parser->token.place;
  Expr right;
  if (precedence <= PREC_NOT && parser_at(parser, TOK_NOT)) {
    while (parser_accept(parser, TOK_NOT))
      ;
    parse_operators(parser, PREC_COMPARE, expr);
    expr_init(expr, EXPR_BOOLEAN, start);
  } else {
    parse_unary(parser, expr);
  }
  int found;
  while ((found = precedence_of(parser)) >= precedence) {
    parse_operator(parser);
    parse_operators(parser, found + 1, &right);
    expr_init(expr,
              found == PREC_COMPARE  ? EXPR_COMPARISON
              : found < PREC_COMPARE ? EXPR_BOOLEAN
                                     : EXPR_OPERATION,
              start);
  }
}

/* An operand of "if", a list or the like; remembered for "forgot a comma". */
static void
parse_operand(Parser *parser, Expr *expr)
{
  parse_operators(parser, PREC_OR, expr);
  parser->operand = expr->place;
  parser->operand_is_name = expr->kind == EXPR_NAME && !expr->parens;
}

/* Behind the word. In an f-string's field a lambda's colon would begin the format. */
static void
parse_lambda_head(Parser *parser, SourcePos lambda)
{
  if (++parser->lambdas > LAMBDA_LIMIT)
    parser_give_up(parser);
  parse_params(parser, TOK_COLON);
  parser->lambdas--;
  parser_expect(parser, TOK_COLON);
  if (parser_at(parser, TOK_FSTRING_MIDDLE))
    parser_fail(parser, lambda, "f-string: lambda expressions are not allowed without parentheses");
  parser->scope = (Scope){.function = TRUE};
}

/* "a if b else c" and "lambda: a" go on where they end, so a loop will do. */
void
parse_expression(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  Scope scope = parser->scope;
  guint yields = parser->yields;
  gboolean lambda = FALSE, conditional = FALSE, any_lambda = FALSE;
  Expr condition;
  for (;;) {
    SourcePos here = parser->token.place;
    if (parser_accept(parser, TOK_LAMBDA)) {
      any_lambda = TRUE;
      lambda = lambda || !conditional;
      parse_lambda_head(parser, here);
      continue;
    }
    parse_operand(parser, expr);
    if (!parser_accept(parser, TOK_IF))
      break;
    SourcePos value = expr->place;
    conditional = TRUE;
    parse_operand(parser, &condition);
    if (!parser_at(parser, TOK_ELSE) && !parser_at(parser, TOK_COLON))
      parser_fail(parser, value, "expected 'else' after 'if' expression");
    parser_expect(parser, TOK_ELSE);
  }
  parser->scope = scope;
  if (any_lambda)
    parser->yields = yields;
  if (lambda || conditional)
    expr_init(expr, lambda ? EXPR_LAMBDA : EXPR_CONDITIONAL, start);
}

void
parse_named(Parser *parser, Expr *expr)
{
  parse_expression(parser, expr);
  if (!parser_at(parser, TOK_WALRUS) || expr->kind != EXPR_NAME || expr->parens)
    return;
  Expr value;
  parser_bind(parser, expr->names);
  parser_advance(parser);
  parse_expression(parser, &value);
  expr_init(expr, EXPR_NAMED, expr->place);
}

void
parse_starred(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  Expr inner;
  parser_expect(parser, TOK_STAR);
  parse_operators(parser, PREC_BITOR, &inner);
  parser->operand = inner.place;
  parser->operand_is_name = FALSE;
  expr_init(expr, EXPR_STARRED, start);
  expr_add_element(expr, &inner);
  expr->stars = 0;
}

static void
parse_list_element(Parser *parser, Expr *expr)
{
  if (parser_at(parser, TOK_STAR))
    parse_starred(parser, expr);
  else
    parse_expression(parser, expr);
}

void
parse_star_list(Parser *parser, Expr *expr)
{
  parse_list_element(parser, expr);
  if (!parser_at(parser, TOK_COMMA)) {
    if (expr->kind == EXPR_STARRED && !parser_at(parser, TOK_ASSIGN))
      parser_note(parser, expr->place, "can't use starred expression here");
    return;
  }
  Expr first = *expr, element;
  expr_init(expr, EXPR_TUPLE, first.place);
  expr_add_element(expr, &first);
  while (parser_accept(parser, TOK_COMMA) &&
         (parser_at(parser, TOK_STAR) || parser_token_starts_expression(parser->token.type))) {
    parse_list_element(parser, &element);
    expr_add_element(expr, &element);
  }
}

void
parse_yield(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  Expr value;
  parser_expect(parser, TOK_YIELD);
  parser->yields++;
  parser->yield_place = start;
  if (!parser->scope.function)
    parser_note(parser, start, "'yield' outside function");
  if (parser_at(parser, TOK_FROM) && parser->scope.async)
    parser_note(parser, start, "'yield from' inside async function");
  if (parser_accept(parser, TOK_FROM))
    parse_expression(parser, &value);
  else if (parser_at(parser, TOK_STAR) || parser_token_starts_expression(parser->token.type))
    parse_star_list(parser, &value);
  expr_init(expr, EXPR_YIELD, start);
}

void
parse_value(Parser *parser, Expr *expr)
{
  if (parser_at(parser, TOK_YIELD))
    parse_yield(parser, expr);
  else
    parse_star_list(parser, expr);
}

void
parse_target(Parser *parser, Expr *expr)
{
  if (parser_at(parser, TOK_STAR))
    parse_starred(parser, expr);
  else
    parse_operators(parser, PREC_BITOR, expr);
}

void
parse_target_list(Parser *parser, Expr *expr)
{
  parse_target(parser, expr);
  if (!parser_at(parser, TOK_COMMA))
    return;
  Expr first = *expr, element;
  expr_init(expr, EXPR_TUPLE, first.place);
  expr_add_element(expr, &first);
  while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_IN) && !parser->stopped) {
    parse_target(parser, &element);
    expr_add_element(expr, &element);
  }
}
