/* SPDX-License-Identifier: MIT */
#include "parser.h"

typedef struct {
  TokenType close; /* TOK_COLON: of a lambda, without annotations */
  NameSet names;
  gboolean any;
  gboolean slash;
  gboolean star;
  gboolean bare_star; /* a name must follow */
  SourcePos star_place;
  gboolean rest; /* **kwargs: nothing may follow */
  gboolean defaults;
} Params;

static void
parse_name(Parser *parser, Params *params, gboolean star)
{
  Expr annotation;
  const Token *name = &parser->token;
  if (name->type == TOK_NAME && !name_set_add(&params->names, name))
    parser_note(parser, name->place, "duplicate argument '%.*s' in function definition",
                parser_token_width(name), name->place.at);
  parser_expect(parser, TOK_NAME);
  params->any = TRUE;
  if (params->close == TOK_COLON || !parser_accept(parser, TOK_COLON))
    return;
  if (star && parser_at(parser, TOK_STAR))
    parse_starred(parser, &annotation);
  else
    parse_expression(parser, &annotation);
  if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, params->close) &&
      !parser_at(parser, TOK_ASSIGN))
    parser_fail_after(parser, &annotation);
}

static void
parse_plain(Parser *parser, Params *params)
{
  Expr value;
  SourcePos start = parser->token.place;
  parse_name(parser, params, FALSE);
  params->bare_star = FALSE;
  if (parser_at(parser, TOK_ASSIGN)) {
    SourcePos assign = parser->token.place;
    parser_advance(parser);
    if (parser_at(parser, TOK_COMMA) || parser_at(parser, params->close))
      parser_fail(parser, assign, "expected default value expression");
    parse_expression(parser, &value);
    if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, params->close))
      parser_fail_after(parser, &value);
    params->defaults = TRUE;
  } else if (params->defaults && !params->star &&
             (parser_at(parser, TOK_COMMA) || parser_at(parser, params->close))) {
    parser_fail(parser, start, "parameter without a default follows parameter with a default");
  }
}

static void
parse_slash(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->star)
    parser_fail(parser, start, "/ must be ahead of *");
  else if (params->slash)
    parser_fail(parser, start, "/ may appear only once");
  else if (!params->any)
    parser_fail(parser, start, "at least one argument must precede /");
  params->slash = TRUE;
  parser_advance(parser);
}

static void
parse_star(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->star)
    parser_fail(parser, start, "* argument may appear only once");
  params->star = TRUE;
  params->star_place = start;
  parser_advance(parser);
  params->bare_star = parser_at(parser, TOK_COMMA) || parser_at(parser, params->close);
  if (params->bare_star)
    return;
  parse_name(parser, params, TRUE);
  if (parser_at(parser, TOK_ASSIGN))
    parser_fail(parser, parser->token.place, "var-positional argument cannot have default value");
}

static void
parse_rest(Parser *parser, Params *params)
{
  parser_advance(parser);
  params->rest = TRUE;
  if (params->bare_star)
    parser_fail(parser, params->star_place, "named arguments must follow bare *");
  parse_name(parser, params, FALSE);
  if (parser_at(parser, TOK_ASSIGN))
    parser_fail(parser, parser->token.place, "var-keyword argument cannot have default value");
}

/* Python 2 could take tuples apart there. */
static void
fail_parenthesized(Parser *parser, const Params *params)
{
  SourcePos start = parser->token.place;
  do
    parser_advance(parser);
  while (parser_at(parser, TOK_NAME) || parser_at(parser, TOK_COMMA));
  if (parser_at(parser, TOK_RPAR))
    parser_fail(parser, start, "%s",
                params->close == TOK_COLON ? "Lambda expression parameters cannot be parenthesized"
                                           : "Function parameters cannot be parenthesized");
  parser_fail(parser, start, "invalid syntax");
}

static void
parse_param(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->rest)
    parser_fail(parser, start, "arguments cannot follow var-keyword argument");
  switch ((int)parser->token.type) {
  case TOK_SLASH:
    parse_slash(parser, params);
    break;
  case TOK_STAR:
    parse_star(parser, params);
    break;
  case TOK_STARSTAR:
    parse_rest(parser, params);
    break;
  case TOK_LPAR:
    fail_parenthesized(parser, params);
    break;
  default:
    parse_plain(parser, params);
  }
}

void
parse_params(Parser *parser, TokenType close)
{
  Params params = {.close = close};
  while (!parser_at(parser, close) && !parser->stopped) {
    parse_param(parser, &params);
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
  if (params.bare_star)
    parser_fail(parser, params.star_place, "named arguments must follow bare *");
}

/* [T, *Ts, **P], with bounds and defaults (PEP 695, PEP 696). */
void
parse_type_params(Parser *parser)
{
  Expr expr;
  gboolean defaults = FALSE;
  if (!parser_accept(parser, TOK_LSQB))
    return;
  do {
    SourcePos start = parser->token.place;
    gboolean plain = !parser_accept(parser, TOK_STAR) && !parser_accept(parser, TOK_STARSTAR);
    parser_expect(parser, TOK_NAME);
    if (plain && parser_accept(parser, TOK_COLON))
      parse_expression(parser, &expr);
    if (defaults && !parser_at(parser, TOK_ASSIGN))
      parser_note(parser, start, "non-default type parameter follows default type parameter");
    if (parser_accept(parser, TOK_ASSIGN)) {
      defaults = TRUE;
      if (parser_at(parser, TOK_STAR))
        parse_starred(parser, &expr);
      else
        parse_expression(parser, &expr);
    }
  } while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_RSQB));
  parser_expect(parser, TOK_RSQB);
}
