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

/* [*]pattern, ... up to `close`; TRUE: a comma or a star was there. */
static void
parse_sequence(Parser *parser, TokenType close)
{
  while (parser->token.type != close && !parser->stopped) {
    if (parser_accept(parser, TOK_STAR))
      parser_bind_name(parser);
    else
      parse_pattern(parser);
    if (!parser_accept(parser, TOK_COMMA))
      break;
  }
}

static void
parse_class_pattern(Parser *parser)
{
  gboolean named = FALSE;
  parser_expect(parser, TOK_LPAR);
  while (parser->token.type != TOK_RPAR && !parser->stopped) {
    const char *at;
    gboolean keyword = parser->token.type == TOK_NAME && lexer_peek(&parser->lexer, &at) == '=' &&
                       (at + 1 == parser->lexer.end || at[1] != '=');
    if (keyword) {
      parser_advance(parser);
      parser_advance(parser);
    } else if (named) {
      parser_fail(parser, parser->token.place,
                  g_strdup("positional patterns follow keyword patterns"));
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
  if (parser->token.type == TOK_LPAR)
    parse_class_pattern(parser);
  else if (plain)
    parser_bind(parser, name);
}

static void
parse_mapping_key(Parser *parser)
{
  Expr key;
  switch ((int)parser->token.type) {
  case TOK_NAME:
    parser_advance(parser);
    do {
      parser_expect(parser, TOK_DOT);
      parser_expect(parser, TOK_NAME);
    } while (parser->token.type == TOK_DOT);
    break;
  case TOK_MINUS:
  case TOK_NUMBER:
    parse_number(parser);
    break;
  case TOK_STRING:
  case TOK_FSTRING_START:
  case TOK_NONE:
  case TOK_TRUE:
  case TOK_FALSE:
    parse_primary(parser, &key);
    break;
  default:
    parser_fail_unexpected(parser);
  }
}

static void
parse_mapping(Parser *parser)
{
  parser_expect(parser, TOK_LBRACE);
  while (parser->token.type != TOK_RBRACE && !parser->stopped) {
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
  Expr literal;
  switch ((int)parser->token.type) {
  case TOK_NAME:
    parse_name_pattern(parser);
    break;
  case TOK_MINUS:
  case TOK_NUMBER:
    parse_number(parser);
    break;
  case TOK_STRING:
  case TOK_FSTRING_START:
  case TOK_NONE:
  case TOK_TRUE:
  case TOK_FALSE:
    parse_primary(parser, &literal);
    break;
  case TOK_LPAR:
    parser_advance(parser);
    parse_sequence(parser, TOK_RPAR);
    parser_expect(parser, TOK_RPAR);
    break;
  case TOK_LSQB:
    parser_advance(parser);
    parse_sequence(parser, TOK_RSQB);
    parser_expect(parser, TOK_RSQB);
    break;
  case TOK_LBRACE:
    parse_mapping(parser);
    break;
  default:
    parser_fail_unexpected(parser);
  }
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
    parser_fail(parser, parser->token.place, g_strdup("cannot use '_' as a target"));
  else if (parser->token.type != TOK_NAME)
    parser_fail(parser, parser->token.place, g_strdup("invalid pattern target"));
  parser_bind_name(parser);
}

static void
parse_case(Parser *parser)
{
  int line = parser->token.place.line;
  Expr guard;
  if (!token_is(&parser->token, "case")) {
    parser_fail_unexpected(parser);
    return;
  }
  parser_advance(parser);
  if (parser->token.type == TOK_COLON || parser->token.type == TOK_IF)
    parser_fail_unexpected(parser);
  do {
    if (parser_accept(parser, TOK_STAR))
      parser_bind_name(parser);
    else
      parse_pattern(parser);
  } while (parser_accept(parser, TOK_COMMA) && parser->token.type != TOK_COLON &&
           parser->token.type != TOK_IF && !parser->stopped);
  if (parser_accept(parser, TOK_IF)) {
    parse_named(parser, &guard);
    if (parser->token.type != TOK_COLON && parser->token.type != TOK_NEWLINE)
      parser_fail_after(parser, &guard);
  }
  parse_block(parser, "'case' statement", line);
}

void
parse_match(Parser *parser)
{
  int line = parser->token.place.line;
  Expr subject;
  parser_advance(parser);
  if (parser->token.type == TOK_STAR)
    parse_star_list(parser, &subject);
  else
    parse_named(parser, &subject);
  if (parser->token.type == TOK_COMMA) {
    while (parser_accept(parser, TOK_COMMA) && parser->token.type != TOK_COLON &&
           !parser->stopped) {
      if (parser->token.type == TOK_STAR)
        parse_starred(parser, &subject);
      else
        parse_named(parser, &subject);
    }
  }
  if (parser->token.type == TOK_NEWLINE)
    parser_fail(parser, parser->token.place, g_strdup("expected ':'"));
  parser_expect(parser, TOK_COLON);
  parser_expect(parser, TOK_NEWLINE);
  if (parser->token.type != TOK_INDENT)
    parser_fail(parser, parser->token.place,
                g_strdup_printf("expected an indented block after %s on line %d",
                                "'match' statement", line));
  parser_advance(parser);
  do
    parse_case(parser);
  while (!parser->stopped && parser->token.type != TOK_DEDENT);
  parser_accept(parser, TOK_DEDENT);
}
