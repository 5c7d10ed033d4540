/* SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>

/* The length in bytes that CPython's decoder sees: characters beyond ASCII as \UXXXXXXXX, line
 * breaks as \n. */
static int
decoder_offset(const char *from, const char *to)
{
  int offset = 0;
  for (const char *at = from; at < to; at++) {
    if ((guchar)*at < 0x80)
      offset += !(*at == '\r' && at[1] == '\n');
    else if (((guchar)*at & 0xc0) == 0xc0)
      offset += 10;
  }
  return offset;
}

static const char *
escape_problem(char c)
{
  return c == 'x'   ? "truncated \\xXX escape"
         : c == 'u' ? "truncated \\uXXXX escape"
         : c == 'U' ? "truncated \\UXXXXXXXX escape"
                    : "malformed \\N character escape";
}

/* How far the decoder got in the escape, at most its whole length. */
static int
escape_length(const char *escape, const char *end)
{
  if (escape[1] == 'N' && escape + 2 < end && escape[2] == '{') {
    const char *at = escape + 3;
    while (at < end && *at != '}' && *at != '"' && *at != '\'')
      at++;
    return (int)(at - escape);
  }
  int whole = escape[1] == 'x' ? 4 : escape[1] == 'u' ? 6 : escape[1] == 'U' ? 10 : 2, n = 2;
  while (n < whole && escape + n < end && g_ascii_isxdigit(escape[n]))
    n++;
  return n;
}

void
parser_check_escapes(Parser *parser, const Token *token)
{
  if (token->escape == NULL)
    return;
  int from = decoder_offset(token->body, token->escape);
  int n = escape_length(token->escape, token->end);
  if (token->bytes)
    parser_fail(parser, token->place, "(value error) invalid \\x escape at position %d", from);
  else
    parser_fail(parser, token->place,
                "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: %s",
                from, from + n - 1,
                token->escape[1] == 'U' && n == 10 ? "illegal Unicode character"
                                                   : escape_problem(token->escape[1]));
}

static void
parse_string(Parser *parser)
{
  Token token = parser->token;
  if (token.bytes && token.foreign != NULL)
    parser_fail(parser, token.place, "bytes can only contain ASCII literal characters");
  parser_check_escapes(parser, &token);
  parser_advance(parser);
}

/* Strings side by side are one. */
static void
parse_strings(Parser *parser, Expr *expr)
{
  gboolean bytes = FALSE, text = FALSE;
  expr_init(expr, EXPR_LITERAL, parser->token.place);
  for (;;) {
    if (parser_at(parser, TOK_STRING)) {
      bytes = bytes || parser->token.bytes;
      text = text || !parser->token.bytes;
      parse_string(parser);
    } else if (parser_at(parser, TOK_FSTRING_START)) {
      text = TRUE;
      expr->kind = EXPR_FSTRING;
      parse_fstring(parser);
    } else {
      break;
    }
  }
  if (bytes && text)
    parser_fail(parser, expr->place, "cannot mix bytes and nonbytes literals");
}

static void
parse_name(Parser *parser, Expr *expr)
{
  expr_init(expr, EXPR_NAME, parser->token.place);
  expr->names = parser_name_bit(parser);
  parser_advance(parser);
}

static void
parse_word(Parser *parser, Expr *expr)
{
  static const ExprKind kinds[N_TOKENS] = {
      [TOK_NUMBER] = EXPR_LITERAL, [TOK_NONE] = EXPR_NONE,         [TOK_TRUE] = EXPR_TRUE,
      [TOK_FALSE] = EXPR_FALSE,    [TOK_ELLIPSIS] = EXPR_ELLIPSIS,
  };
  expr_init(expr, kinds[parser->token.type], parser->token.place);
  parser_advance(parser);
}

static void
fail_atom(Parser *parser, Expr *expr)
{
  expr_init(expr, EXPR_LITERAL, parser->token.place);
  parser_fail_unexpected(parser);
}

static void
parse_atom(Parser *parser, Expr *expr)
{
  static void (*const parse[N_TOKENS])(Parser *, Expr *) = {
      [TOK_NAME] = parse_name,      [TOK_NUMBER] = parse_word,
      [TOK_NONE] = parse_word,      [TOK_TRUE] = parse_word,
      [TOK_FALSE] = parse_word,     [TOK_ELLIPSIS] = parse_word,
      [TOK_STRING] = parse_strings, [TOK_FSTRING_START] = parse_strings,
      [TOK_LPAR] = parse_group,     [TOK_LSQB] = parse_list,
      [TOK_LBRACE] = parse_braces,
  };
  (parse[parser->token.type] != NULL ? parse[parser->token.type] : fail_atom)(parser, expr);
}

/* A call or subscript. The names in it are no targets: those mentioned before it stay so. */
static void
parse_brackets(Parser *parser, Expr *expr, SourcePos start)
{
  int lines[N_KINDS];
  memcpy(lines, parser->name_line, sizeof lines);
  gboolean call = parser_at(parser, TOK_LPAR);
  if (call)
    parse_arguments(parser, TRUE);
  else
    parse_subscript(parser);
  memcpy(parser->name_line, lines, sizeof lines);
  expr_init(expr, call ? EXPR_CALL : EXPR_SUBSCRIPT, start);
}

void
parse_primary(Parser *parser, Expr *expr)
{
  SourcePos start = parser->token.place;
  parse_atom(parser, expr);
  for (;;) {
    if (parser_accept(parser, TOK_DOT)) {
      parser_expect(parser, TOK_NAME);
      expr_init(expr, EXPR_ATTRIBUTE, start);
    } else if (parser_at(parser, TOK_LPAR) || parser_at(parser, TOK_LSQB)) {
      parse_brackets(parser, expr, start);
    } else {
      return;
    }
  }
}
