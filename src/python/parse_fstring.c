/* SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>

static void
parse_conversion(Parser *parser)
{
  const Token *token = &parser->token;
  if (!parser_accept(parser, TOK_EXCLAMATION))
    return;
  gboolean known = token->type == TOK_NAME && token->end - token->place.at == 1 &&
                   strchr("sra", *token->place.at) != NULL;
  if (token->type == TOK_NAME && !known)
    parser_fail(parser, token->place,
                "f-string: invalid conversion character '%.*s': expected 's', 'r', or 'a'",
                parser_token_width(token), token->place.at);
  else if (!known)
    parser_fail(parser, token->place, "%s",
                token->type == TOK_RBRACE || token->type == TOK_COLON
                    ? "f-string: missing conversion character"
                    : "f-string: invalid conversion character");
  parser_advance(parser);
}

/* Does an expression begin here? */
static void
check_begin(Parser *parser)
{
  const Token *token = &parser->token;
  switch ((int)token->type) {
  case TOK_RBRACE:
  case TOK_COLON:
  case TOK_EXCLAMATION:
  case TOK_ASSIGN:
    parser_fail(parser, token->place, "f-string: valid expression required before '%c'",
                *token->place.at);
    break;
  case TOK_STAR:
  case TOK_YIELD:
    break;
  default:
    if (!parser_token_starts_expression(token->type))
      parser_fail(parser, token->place, "f-string: expecting a valid expression after '{'");
  }
}

static void parse_field(Parser *parser);

static void
parse_format(Parser *parser)
{
  for (;;) {
    if (parser_at(parser, TOK_FSTRING_MIDDLE)) {
      parser_check_escapes(parser, &parser->token);
      parser_advance(parser);
    } else if (parser_at(parser, TOK_LBRACE)) {
      parse_field(parser);
    } else {
      return;
    }
  }
}

/* From { to } */
static void
parse_field(Parser *parser)
{
  Expr expr;
  parser_expect(parser, TOK_LBRACE);
  check_begin(parser);
  parse_value(parser, &expr);
  if (parser_token_starts_expression(parser->token.type))
    parser_fail_after(parser, &expr);
  if (!parser_accept(parser, TOK_ASSIGN) && !parser_at(parser, TOK_EXCLAMATION) &&
      !parser_at(parser, TOK_COLON) && !parser_at(parser, TOK_RBRACE))
    parser_fail(parser, parser->token.place, "f-string: expecting '=', or '!', or ':', or '}'");
  parse_conversion(parser);
  if (parser_accept(parser, TOK_COLON))
    parse_format(parser);
  if (!parser_at(parser, TOK_RBRACE))
    parser_fail(parser, parser->token.place, "f-string: expecting '}'");
  parser_advance(parser);
}

void
parse_fstring(Parser *parser)
{
  parser_expect(parser, TOK_FSTRING_START);
  parse_format(parser);
  parser_expect(parser, TOK_FSTRING_END);
}
