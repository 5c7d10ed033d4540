/* SPDX-License-Identifier: MIT */
#include "parser.h"

ElementMark
parser_mark_element(const Parser *parser)
{
  return (ElementMark){.yields = parser->yields, .noted = parser->later.message != NULL};
}

gboolean
parser_at_comprehension(const Parser *parser)
{
  return parser_at(parser, TOK_FOR) || parser_at(parser, TOK_ASYNC);
}

static void
parse_clause(Parser *parser)
{
  Expr target, operand;
  parser_accept(parser, TOK_ASYNC);
  parser_expect(parser, TOK_FOR);
  parse_target_list(parser, &target);
  if (!parser_at(parser, TOK_IN))
    parser_fail(parser, parser->token.place, "'in' expected after for-loop variables");
  parser_check_target(parser, &target);
  parser_expect(parser, TOK_IN);
  parse_operators(parser, PREC_OR, &operand);
  while (parser_accept(parser, TOK_IF))
    parse_operators(parser, PREC_OR, &operand);
  parser->operand = operand.place;
  parser->operand_is_name = operand.kind == EXPR_NAME;
}

/* In a generator await is fine even outside of an async function, and of the other comprehensions
 * CPython's versions think differently. */
void
parse_comprehension(Parser *parser, const ElementMark *mark, ExprKind what)
{
  if (parser->later_is_await && !mark->noted)
    g_clear_pointer(&parser->later.message, g_free);
  if (parser->yields != mark->yields)
    parser_note(parser, parser->yield_place, "'yield' inside %s", expr_name(what));
  parser->in_comprehensions++;
  while (parser_at_comprehension(parser))
    parse_clause(parser);
  parser->in_comprehensions--;
}

/* An element of a list, set or group. In the brackets of a `with`, "as" may follow it. */
static void
parse_element(Parser *parser, Expr *expr, gboolean with_items, gboolean *as)
{
  Expr target;
  if (parser_at(parser, TOK_STAR)) {
    parse_starred(parser, expr);
    return;
  }
  parse_named(parser, expr);
  if (!with_items || !parser_accept(parser, TOK_AS))
    return;
  *as = TRUE;
  parse_operators(parser, PREC_BITOR, &target);
  parser_check_target(parser, &target);
  parser_bind(parser, target.names);
}

/* The rest of "a, b, c" up to `close`. */
static void
parse_elements(Parser *parser, TokenType close, Expr *list, const Expr *first, gboolean with_items,
               gboolean *as)
{
  Expr element;
  while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, close) && !parser->stopped) {
    parse_element(parser, &element, with_items, as);
    expr_add_element(list, &element);
    if (parser_at_comprehension(parser) && close != TOK_RPAR)
      parser_fail(parser, first->place,
                  "did you forget parentheses around the comprehension target?");
    if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, close))
      parser_fail_after(parser, &element);
  }
}

static void
fail_unpacking(Parser *parser, const Expr *element)
{
  if (element->kind == EXPR_STARRED)
    parser_fail(parser, element->place, "iterable unpacking cannot be used in comprehension");
}

/* The end of "(a)": still what it was, but in parentheses. */
static void
close_group(Parser *parser, Expr *expr, const Expr *first)
{
  if (first->kind == EXPR_STARRED)
    parser_fail(parser, first->place, "cannot use starred expression here");
  *expr = *first;
  expr->parens = TRUE;
}

void
parse_group(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  gboolean with_items = start.at == parser->with_group, as = FALSE;
  Expr first;
  parser_expect(parser, TOK_LPAR);
  expr_init(expr, EXPR_TUPLE, start);
  expr->parens = TRUE;
  if (parser_accept(parser, TOK_RPAR))
    return;
  ElementMark mark = parser_mark_element(parser);
  if (parser_at(parser, TOK_YIELD))
    parse_yield(parser, &first);
  else
    parse_element(parser, &first, with_items, &as);
  if (parser_at_comprehension(parser)) {
    fail_unpacking(parser, &first);
    parse_comprehension(parser, &mark, EXPR_GENERATOR);
    expr_init(expr, EXPR_GENERATOR, start);
  } else if (parser_at(parser, TOK_COMMA) && first.kind != EXPR_YIELD) {
    expr_add_element(expr, &first);
    parse_elements(parser, TOK_RPAR, expr, &first, with_items, &as);
  } else {
    if (!parser_at(parser, TOK_RPAR))
      parser_fail_after(parser, &first);
    close_group(parser, expr, &first);
  }
  parser_expect(parser, TOK_RPAR);
  if (as && !parser_at(parser, TOK_COLON))
    parser_fail_unexpected(parser);
}

void
parse_list(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  Expr first;
  parser_expect(parser, TOK_LSQB);
  expr_init(expr, EXPR_LIST, start);
  if (parser_accept(parser, TOK_RSQB))
    return;
  ElementMark mark = parser_mark_element(parser);
  parse_element(parser, &first, FALSE, NULL);
  expr_add_element(expr, &first);
  if (parser_at_comprehension(parser)) {
    fail_unpacking(parser, &first);
    parse_comprehension(parser, &mark, EXPR_LIST_COMPREHENSION);
    expr_init(expr, EXPR_LIST_COMPREHENSION, start);
  } else {
    if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_RSQB))
      parser_fail_after(parser, &first);
    parse_elements(parser, TOK_RSQB, expr, &first, FALSE, NULL);
  }
  parser_expect(parser, TOK_RSQB);
}

/* Behind the key of a dict. */
static void
parse_dict_value(Parser *parser)
{
  Expr value;
  SourcePos colon = parser->token.place;
  if (!parser_at(parser, TOK_COLON)) {
    parser_fail(parser, parser->operand, "':' expected after dictionary key");
    return;
  }
  parser_advance(parser);
  if (parser_at(parser, TOK_RBRACE) || parser_at(parser, TOK_COMMA))
    parser_fail(parser, colon, "expression expected after dictionary key and ':'");
  else if (parser_at(parser, TOK_STAR))
    parser_fail(parser, parser->token.place,
                "cannot use a starred expression in a dictionary value");
  parse_expression(parser, &value);
  if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_RBRACE) &&
      !parser_at_comprehension(parser))
    parser_fail_after(parser, &value);
}

/* Behind the first item of a dict, which was "**a" where there is a place of such. */
static void
parse_dict_rest(Parser *parser, Expr *expr, const ElementMark *mark, const SourcePos *unpacking)
{
  Expr key;
  expr->kind = EXPR_DICT;
  if (parser_at_comprehension(parser)) {
    if (unpacking != NULL)
      parser_fail(parser, *unpacking, "dict unpacking cannot be used in dict comprehension");
    parse_comprehension(parser, mark, EXPR_DICT_COMPREHENSION);
    expr->kind = EXPR_DICT_COMPREHENSION;
    return;
  }
  while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_RBRACE) && !parser->stopped) {
    if (parser_accept(parser, TOK_STARSTAR)) {
      parse_operators(parser, PREC_BITOR, &key);
    } else {
      parse_expression(parser, &key);
      parse_dict_value(parser);
    }
  }
}

static void
parse_set_rest(Parser *parser, Expr *expr, const ElementMark *mark, const Expr *first)
{
  expr->kind = EXPR_SET;
  if (parser_at_comprehension(parser)) {
    fail_unpacking(parser, first);
    parse_comprehension(parser, mark, EXPR_SET_COMPREHENSION);
    expr->kind = EXPR_SET_COMPREHENSION;
    return;
  }
  if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_RBRACE))
    parser_fail_after(parser, first);
  parse_elements(parser, TOK_RBRACE, expr, first, FALSE, NULL);
}

void
parse_braces(Parser *parser, Expr *expr)
{
  Expr first;
  expr_init(expr, EXPR_DICT, parser->token.place);
  parser_expect(parser, TOK_LBRACE);
  if (parser_accept(parser, TOK_RBRACE))
    return;
  ElementMark mark = parser_mark_element(parser);
  SourcePos start = parser->token.place;
  if (parser_accept(parser, TOK_STARSTAR)) {
    parse_operators(parser, PREC_BITOR, &first);
    parse_dict_rest(parser, expr, &mark, &start);
  } else {
    parse_element(parser, &first, FALSE, NULL);
    if (parser_at(parser, TOK_COLON) && first.kind != EXPR_STARRED &&
        (first.kind != EXPR_NAMED || first.parens)) {
      parse_dict_value(parser);
      parse_dict_rest(parser, expr, &mark, NULL);
    } else {
      parse_set_rest(parser, expr, &mark, &first);
    }
  }
  parser_expect(parser, TOK_RBRACE);
}
