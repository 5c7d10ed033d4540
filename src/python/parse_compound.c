/* SPDX-License-Identifier: MIT */
#include "parser.h"

/* ":" or what CPython says where a line ends without it; where `always`, wherever it is missing. */
static void
expect_colon(Parser *parser, gboolean always)
{
  if (!parser_at(parser, TOK_COLON) && (always || parser_at(parser, TOK_NEWLINE)))
    parser_fail(parser, parser->token.place, "expected ':'");
  parser_expect(parser, TOK_COLON);
}

void
parse_indented(Parser *parser, const char *what, int line, void (*parse)(Parser *))
{
  parser_expect(parser, TOK_NEWLINE);
  if (!parser_at(parser, TOK_INDENT))
    parser_fail(parser, parser->token.place, "expected an indented block after %s on line %d", what,
                line);
  parser_advance(parser);
  while (!parser->stopped && !parser_at(parser, TOK_DEDENT))
    parse(parser);
  parser_accept(parser, TOK_DEDENT);
}

/* What stands behind the colon. */
static void
parse_body(Parser *parser, const char *what, int line)
{
  if (parser_at(parser, TOK_NEWLINE))
    parse_indented(parser, what, line, parse_statement);
  else
    parse_simple_line(parser);
}

void
parse_block(Parser *parser, const char *what, int line)
{
  expect_colon(parser, FALSE);
  parse_body(parser, what, line);
}

/* The same behind `else`, `try` and `finally`. */
static void
parse_bare(Parser *parser, const char *what)
{
  int line = parser->token.place.line;
  parser_advance(parser);
  expect_colon(parser, TRUE);
  parse_body(parser, what, line);
}

static void
parse_else(Parser *parser)
{
  if (parser_at(parser, TOK_ELSE))
    parse_bare(parser, "'else' statement");
}

void
parse_condition(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  parse_named(parser, &expr);
  if (!parser_at(parser, TOK_COLON) && !parser_at(parser, TOK_NEWLINE))
    parser_fail_after(parser, &expr);
}

static void
parse_if(Parser *parser)
{
  int line = parser->token.place.line;
  parse_condition(parser);
  parse_block(parser, "'if' statement", line);
  while (parser_at(parser, TOK_ELIF)) {
    line = parser->token.place.line;
    parse_condition(parser);
    parse_block(parser, "'elif' statement", line);
  }
  parse_else(parser);
}

/* The body of a loop, and its else, which is outside of it. */
static void
parse_loop_body(Parser *parser, const char *what, int line)
{
  Scope scope = parser->scope;
  parser->scope.loop = TRUE;
  parser->scope.star_handler = FALSE;
  parse_block(parser, what, line);
  parser->scope = scope;
  parse_else(parser);
}

static void
parse_while(Parser *parser)
{
  int line = parser->token.place.line;
  parse_condition(parser);
  parse_loop_body(parser, "'while' statement", line);
}

static void
parse_for(Parser *parser)
{
  int line = parser->token.place.line;
  Expr target, value;
  parser_advance(parser);
  parse_target_list(parser, &target);
  parser_check_target(parser, &target);
  parser_bind(parser, target.names);
  parser_expect(parser, TOK_IN);
  parse_star_list(parser, &value);
  parse_loop_body(parser, "'for' statement", line);
}

static void
parse_with_item(Parser *parser)
{
  Expr expr, target;
  if (parser_at(parser, TOK_LPAR))
    parser->with_group = parser->token.place.at;
  parse_expression(parser, &expr);
  if (parser_accept(parser, TOK_AS)) {
    parse_target(parser, &target);
    parser_check_target(parser, &target);
    parser_bind(parser, target.names);
  } else if (!parser_at(parser, TOK_COMMA) && !parser_at(parser, TOK_COLON) &&
             !parser_at(parser, TOK_NEWLINE)) {
    parser_fail_after(parser, &expr);
  }
}

static void
parse_with(Parser *parser)
{
  int line = parser->token.place.line;
  do {
    parser_advance(parser);
    parse_with_item(parser);
  } while (parser_at(parser, TOK_COMMA));
  parse_block(parser, "'with' statement", line);
}

/* `except A, B:` without parentheses is fine from 3.14 on (PEP 758). */
static void
parse_exceptions(Parser *parser)
{
  Expr expr;
  SourcePos start = parser->token.place;
  parse_expression(parser, &expr);
  gboolean several = parser_at(parser, TOK_COMMA);
  while (parser_accept(parser, TOK_COMMA) && parser_token_starts_expression(parser->token.type))
    parse_expression(parser, &expr);
  if (parser_at(parser, TOK_AS) && several)
    parser_fail(parser, start, "multiple exception types must be parenthesized");
  if (parser_accept(parser, TOK_AS))
    parser_bind_name(parser);
  else if (!parser_at(parser, TOK_COLON) && !parser_at(parser, TOK_NEWLINE))
    parser_fail_after(parser, &expr);
}

typedef struct {
  gboolean any;
  gboolean star; /* except* */
  gboolean bare; /* without a type: nothing may follow */
  SourcePos last;
} Handlers;

static void
parse_handler(Parser *parser, Handlers *handlers)
{
  Scope scope = parser->scope;
  SourcePos start = parser->token.place;
  parser_advance(parser);
  gboolean star = parser_accept(parser, TOK_STAR);
  if (handlers->any && star != handlers->star)
    parser_fail(parser, start, "cannot have both 'except' and 'except*' on the same 'try'");
  if (handlers->bare)
    parser_note(parser, handlers->last, "default 'except:' must be last");
  handlers->last = start;
  handlers->any = TRUE;
  handlers->star = star;
  handlers->bare = parser_at(parser, TOK_COLON);
  if (handlers->bare && star)
    parser_fail(parser, parser->token.place, "expected one or more exception types");
  if (!handlers->bare && !parser_at(parser, TOK_NEWLINE))
    parse_exceptions(parser);
  parser->scope.star_handler = star || scope.star_handler;
  parse_block(parser, star ? "'except*' statement" : "'except' statement", start.line);
  parser->scope = scope;
}

static void
parse_try(Parser *parser)
{
  Handlers handlers = {0};
  parse_bare(parser, "'try' statement");
  if (!parser_at(parser, TOK_EXCEPT) && !parser_at(parser, TOK_FINALLY))
    parser_fail(parser, parser->token.place, "expected 'except' or 'finally' block");
  while (parser_at(parser, TOK_EXCEPT))
    parse_handler(parser, &handlers);
  if (handlers.any)
    parse_else(parser);
  if (parser_at(parser, TOK_FINALLY))
    parse_bare(parser, "'finally' statement");
}

static void
parse_function(Parser *parser, gboolean async)
{
  int line = parser->token.place.line;
  Scope scope = parser->scope;
  Expr result;
  parser_advance(parser);
  parser_bind_name(parser);
  parse_type_params(parser);
  if (!parser_at(parser, TOK_LPAR))
    parser_fail(parser, parser->token.place, "expected '('");
  parser_advance(parser);
  parse_params(parser, TOK_RPAR);
  parser_expect(parser, TOK_RPAR);
  SourcePos arrow = parser->token.place;
  if (parser_accept(parser, TOK_ARROW)) {
    if (!parser_token_starts_expression(parser->token.type))
      parser_fail(parser, arrow, "expected ':'");
    parse_expression(parser, &result);
  }
  if (!parser_at(parser, TOK_COLON))
    parser_fail(parser, parser->token.place, "expected ':'");
  parser->scope = (Scope){.function = TRUE, .async = async};
  parse_block(parser, "function definition", line);
  parser->scope = scope;
}

static void
parse_def(Parser *parser)
{
  parse_function(parser, FALSE);
}

static void
parse_class(Parser *parser)
{
  int line = parser->token.place.line;
  Scope scope = parser->scope;
  parser_advance(parser);
  parser_bind_name(parser);
  parse_type_params(parser);
  if (parser_at(parser, TOK_LPAR))
    parse_arguments(parser, FALSE);
  parser->scope = (Scope){0};
  parse_block(parser, "class definition", line);
  parser->scope = scope;
}

static void
parse_async(Parser *parser)
{
  SourcePos start = parser->token.place;
  parser_advance(parser);
  if (parser_at(parser, TOK_DEF)) {
    parse_function(parser, TRUE);
  } else if (parser_at(parser, TOK_WITH) || parser_at(parser, TOK_FOR)) {
    gboolean with = parser_at(parser, TOK_WITH);
    if (!parser->scope.async)
      parser_note(parser, start, "%s",
                  with ? "'async with' outside async function"
                       : "'async for' outside async function");
    if (with)
      parse_with(parser);
    else
      parse_for(parser);
  } else {
    parser_fail_unexpected(parser);
  }
}

static void
parse_decorated(Parser *parser)
{
  Expr expr;
  while (parser_accept(parser, TOK_AT)) {
    parse_named(parser, &expr);
    if (!parser_at(parser, TOK_NEWLINE))
      parser_fail_after(parser, &expr);
    parser_expect(parser, TOK_NEWLINE);
  }
  gboolean async = parser_accept(parser, TOK_ASYNC);
  if (parser_at(parser, TOK_DEF))
    parse_function(parser, async);
  else if (parser_at(parser, TOK_CLASS) && !async)
    parse_class(parser);
  else
    parser_fail_unexpected(parser);
}

gboolean
parse_compound(Parser *parser)
{
  static void (*const parse[N_TOKENS])(Parser *) = {
      [TOK_IF] = parse_if,       [TOK_WHILE] = parse_while, [TOK_FOR] = parse_for,
      [TOK_WITH] = parse_with,   [TOK_TRY] = parse_try,     [TOK_DEF] = parse_def,
      [TOK_CLASS] = parse_class, [TOK_ASYNC] = parse_async, [TOK_AT] = parse_decorated,
  };
  if (parse[parser->token.type] != NULL)
    parse[parser->token.type](parser);
  else if (parser_at_match(parser))
    parse_match(parser);
  else
    return FALSE;
  return TRUE;
}
