/* SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>

/* What may begin the subject of a match but also go on behind a variable of that name: only the
 * colon at the end of the line tells. */
static gboolean
line_ends_with_colon(Parser *parser)
{
  Lexer *lexer = &parser->lexer;
  LexerPoint here = lexer->now;
  Token token = {0};
  TokenType last;
  do {
    last = token.type;
    lexer_next(lexer, &token);
  } while (token.type != TOK_NEWLINE && token.type != TOK_END && token.type != TOK_ERROR &&
           !(token.type == TOK_SEMICOLON && lexer->now.level == 0));
  lexer->now = here;
  lexer_clear(lexer);
  return token.type == TOK_NEWLINE && last == TOK_COLON;
}

gboolean
parser_at_match(Parser *parser)
{
  const char *at, *end;
  if (!token_is(&parser->token, "match"))
    return FALSE;
  char next = lexer_peek(&parser->lexer, &at);
  if (next == 0 || strchr("([{-+~*.\"'", next) != NULL)
    return line_ends_with_colon(parser);
  if (!byte_is_name(next))
    return FALSE;
  for (end = at; end < parser->lexer.end && byte_is_name(*end); end++)
    ;
  switch ((int)lexer_word_type(at, (gsize)(end - at))) {
  case TOK_NAME:
  case TOK_NONE:
  case TOK_TRUE:
  case TOK_FALSE:
  case TOK_AWAIT:
  case TOK_LAMBDA:
    return TRUE;
  case TOK_NOT: /* "match not in x" */
    return line_ends_with_colon(parser);
  default:
    return FALSE;
  }
}

static void parse_pattern(Parser *parser);

static void
parse_number(Parser *parser)
{
  parser_accept(parser, TOK_MINUS);
  parser_expect(parser, TOK_NUMBER);
  if (parser_accept(parser, TOK_PLUS) || parser_accept(parser, TOK_MINUS))
    parser_expect(parser, TOK_NUMBER);
}

/* [*]pattern, ... and `close`. */
static void
parse_sequence(Parser *parser, TokenType close)
{
  while (!parser_at(parser, close) && !parser->stopped) {
    if (parser_accept(parser, TOK_STAR))
      parser_bind_name(parser);
    else
      parse_pattern(parser);
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
  parser_expect(parser, close);
}

static void
parse_class_pattern(Parser *parser)
{
  gboolean named = FALSE;
  parser_expect(parser, TOK_LPAR);
  while (!parser_at(parser, TOK_RPAR) && !parser->stopped) {
    const char *at;
    gboolean keyword = parser_at(parser, TOK_NAME) && lexer_peek(&parser->lexer, &at) == '=' &&
                       (at + 1 == parser->lexer.end || at[1] != '=');
    if (keyword) {
      parser_advance(parser);
      parser_advance(parser);
    } else if (named) {
      parser_fail(parser, parser->token.place, "positional patterns follow keyword patterns");
    }
    named = named || keyword;
    parse_pattern(parser);
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
  parser_expect(parser, TOK_RPAR);
}

/* A name to bind, a dotted name to compare with, or a class. */
static void
parse_name_pattern(Parser *parser)
{
  guint name = parser_name_bit(parser);
  gboolean plain = TRUE;
  parser_advance(parser);
  for (; parser_accept(parser, TOK_DOT); plain = FALSE)
    parser_expect(parser, TOK_NAME);
  if (parser_at(parser, TOK_LPAR))
    parse_class_pattern(parser);
  else if (plain)
    parser_bind(parser, name);
}

static void
parse_literal(Parser *parser)
{
  Expr literal;
  parse_primary(parser, &literal);
}

/* How the patterns begin that are also keys of mappings. */
static void (*const literals[N_TOKENS])(Parser *) = {
    [TOK_MINUS] = parse_number,          [TOK_NUMBER] = parse_number, [TOK_STRING] = parse_literal,
    [TOK_FSTRING_START] = parse_literal, [TOK_NONE] = parse_literal,  [TOK_TRUE] = parse_literal,
    [TOK_FALSE] = parse_literal,
};

static void
parse_mapping_key(Parser *parser)
{
  if (literals[parser->token.type] != NULL) {
    literals[parser->token.type](parser);
    return;
  }
  parser_expect(parser, TOK_NAME);
  do {
    parser_expect(parser, TOK_DOT);
    parser_expect(parser, TOK_NAME);
  } while (parser_at(parser, TOK_DOT));
}

static void
parse_mapping(Parser *parser)
{
  parser_expect(parser, TOK_LBRACE);
  while (!parser_at(parser, TOK_RBRACE) && !parser->stopped) {
    if (parser_accept(parser, TOK_STARSTAR)) {
      parser_bind_name(parser);
    } else {
      parse_mapping_key(parser);
      parser_expect(parser, TOK_COLON);
      parse_pattern(parser);
    }
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
  parser_expect(parser, TOK_RBRACE);
}

static void
parse_closed_pattern(Parser *parser)
{
  if (literals[parser->token.type] != NULL)
    literals[parser->token.type](parser);
  else if (parser_at(parser, TOK_NAME))
    parse_name_pattern(parser);
  else if (parser_accept(parser, TOK_LPAR))
    parse_sequence(parser, TOK_RPAR);
  else if (parser_accept(parser, TOK_LSQB))
    parse_sequence(parser, TOK_RSQB);
  else if (parser_at(parser, TOK_LBRACE))
    parse_mapping(parser);
  else
    parser_fail_unexpected(parser);
}

static void
parse_pattern(Parser *parser)
{
  do
    parse_closed_pattern(parser);
  while (parser_accept(parser, TOK_VBAR));
  if (!parser_accept(parser, TOK_AS))
    return;
  if (token_is(&parser->token, "_"))
    parser_fail(parser, parser->token.place, "cannot use '_' as a target");
  else if (!parser_at(parser, TOK_NAME))
    parser_fail(parser, parser->token.place, "invalid pattern target");
  parser_bind_name(parser);
}

static void
parse_case(Parser *parser)
{
  int line = parser->token.place.line;
  if (!token_is(&parser->token, "case")) {
    parser_fail_unexpected(parser);
    return;
  }
  parser_advance(parser);
  if (parser_at(parser, TOK_COLON) || parser_at(parser, TOK_IF))
    parser_fail_unexpected(parser);
  do {
    if (parser_accept(parser, TOK_STAR))
      parser_bind_name(parser);
    else
      parse_pattern(parser);
  } while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_COLON) &&
           !parser_at(parser, TOK_IF) && !parser->stopped);
  if (parser_at(parser, TOK_IF))
    parse_condition(parser);
  parse_block(parser, "'case' statement", line);
}

void
parse_match(Parser *parser)
{
  int line = parser->token.place.line;
  Expr subject;
  parser_advance(parser);
  if (parser_at(parser, TOK_STAR))
    parse_star_list(parser, &subject);
  else
    parse_named(parser, &subject);
  while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_COLON) && !parser->stopped) {
    if (parser_at(parser, TOK_STAR))
      parse_starred(parser, &subject);
    else
      parse_named(parser, &subject);
  }
  if (parser_at(parser, TOK_NEWLINE))
    parser_fail(parser, parser->token.place, "expected ':'");
  parser_expect(parser, TOK_COLON);
  parse_indented(parser, "'match' statement", line, parse_case);
}
