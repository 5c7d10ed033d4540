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
    parser_note(parser, name->place,
                g_strdup_printf("duplicate argument '%.*s' in function definition",
                                parser_token_width(name), name->place.at));
  parser_expect(parser, TOK_NAME);
  params->any = TRUE;
  if (params->close == TOK_COLON || !parser_accept(parser, TOK_COLON))
    return;
  if (star && parser->token.type == TOK_STAR)
    parse_starred(parser, &annotation);
  else
    parse_expression(parser, &annotation);
  if (parser->token.type != TOK_COMMA && parser->token.type != params->close &&
      parser->token.type != TOK_ASSIGN)
    parser_fail_after(parser, &annotation);
}

static void
parse_plain(Parser *parser, Params *params)
{
  Expr value;
  SourcePos start = parser->token.place;
  parse_name(parser, params, FALSE);
  params->bare_star = FALSE;
  if (parser->token.type == TOK_ASSIGN) {
    SourcePos assign = parser->token.place;
    parser_advance(parser);
    if (parser->token.type == TOK_COMMA || parser->token.type == params->close)
      parser_fail(parser, assign, g_strdup("expected default value expression"));
    parse_expression(parser, &value);
    if (parser->token.type != TOK_COMMA && parser->token.type != params->close)
      parser_fail_after(parser, &value);
    params->defaults = TRUE;
  } else if (params->defaults && !params->star &&
             (parser->token.type == TOK_COMMA || parser->token.type == params->close)) {
    parser_fail(parser, start,
                g_strdup("parameter without a default follows parameter with a default"));
  }
}

static void
parse_slash(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->star)
    parser_fail(parser, start, g_strdup("/ must be ahead of *"));
  else if (params->slash)
    parser_fail(parser, start, g_strdup("/ may appear only once"));
  else if (!params->any)
    parser_fail(parser, start, g_strdup("at least one argument must precede /"));
  params->slash = TRUE;
  parser_advance(parser);
}

static void
parse_star(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->star)
    parser_fail(parser, start, g_strdup("* argument may appear only once"));
  params->star = TRUE;
  params->star_place = start;
  parser_advance(parser);
  params->bare_star = parser->token.type == TOK_COMMA || parser->token.type == params->close;
  if (params->bare_star)
    return;
  parse_name(parser, params, TRUE);
  if (parser->token.type == TOK_ASSIGN)
    parser_fail(parser, parser->token.place,
                g_strdup("var-positional argument cannot have default value"));
}

static void
parse_rest(Parser *parser, Params *params)
{
  parser_advance(parser);
  params->rest = TRUE;
  if (params->bare_star)
    parser_fail(parser, params->star_place, g_strdup("named arguments must follow bare *"));
  parse_name(parser, params, FALSE);
  if (parser->token.type == TOK_ASSIGN)
    parser_fail(parser, parser->token.place,
                g_strdup("var-keyword argument cannot have default value"));
}

/* Python 2 could take tuples apart there. */
static void
fail_parenthesized(Parser *parser, const Params *params)
{
  SourcePos start = parser->token.place;
  do
    parser_advance(parser);
  while (parser->token.type == TOK_NAME || parser->token.type == TOK_COMMA);
  if (parser->token.type == TOK_RPAR)
    parser_fail(parser, start,
                g_strdup(params->close == TOK_COLON
                             ? "Lambda expression parameters cannot be parenthesized"
                             : "Function parameters cannot be parenthesized"));
  parser_fail(parser, start, g_strdup("invalid syntax"));
}

static void
parse_param(Parser *parser, Params *params)
{
  SourcePos start = parser->token.place;
  if (params->rest)
    parser_fail(parser, start, g_strdup("arguments cannot follow var-keyword argument"));
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
  while (parser->token.type != close && !parser->stopped) {
    parse_param(parser, &params);
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
  if (params.bare_star)
    parser_fail(parser, params.star_place, g_strdup("named arguments must follow bare *"));
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
    if (defaults && parser->token.type != TOK_ASSIGN)
      parser_note(parser, start,
                  g_strdup("non-default type parameter follows default type parameter"));
    if (parser_accept(parser, TOK_ASSIGN)) {
      defaults = TRUE;
      if (parser->token.type == TOK_STAR)
        parse_starred(parser, &expr);
      else
        parse_expression(parser, &expr);
    }
  } while (parser_accept(parser, TOK_COMMA) && parser->token.type != TOK_RSQB);
  parser_expect(parser, TOK_RSQB);
}
