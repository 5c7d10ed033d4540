#include "parser.h"

/* ":" or what CPython says where a line ends without it; where `always`, wherever it is missing. */
static void
expect_colon(Parser *parser, gboolean always)
{
  if (parser->token.type != TOK_COLON && (always || parser->token.type == TOK_NEWLINE))
    parser_fail(parser, parser->token.place, g_strdup("expected ':'"));
  parser_expect(parser, TOK_COLON);
}

static void
parse_indented(Parser *parser, const char *what, int line)
{
  parser_advance(parser);
  if (parser->token.type != TOK_INDENT)
    parser_fail(parser, parser->token.place,
                g_strdup_printf("expected an indented block after %s on line %d", what, line));
  parser_advance(parser);
  while (!parser->stopped && parser->token.type != TOK_DEDENT)
    parse_statement(parser);
  parser_accept(parser, TOK_DEDENT);
}

void
parse_block(Parser *parser, const char *what, int line)
{
  expect_colon(parser, FALSE);
  if (parser->token.type == TOK_NEWLINE)
    parse_indented(parser, what, line);
  else
    parse_simple_line(parser);
}

/* The same behind `else`, `try` and `finally`. */
static void
parse_bare(Parser *parser, const char *what)
{
  int line = parser->token.place.line;
  parser_advance(parser);
  expect_colon(parser, TRUE);
  if (parser->token.type == TOK_NEWLINE)
    parse_indented(parser, what, line);
  else
    parse_simple_line(parser);
}

static void
parse_else(Parser *parser)
{
  if (parser->token.type == TOK_ELSE)
    parse_bare(parser, "'else' statement");
}

/* The condition of if, elif and while. */
static void
parse_condition(Parser *parser)
{
  Expr expr;
  parser_advance(parser);
  parse_named(parser, &expr);
  if (parser->token.type != TOK_COLON && parser->token.type != TOK_NEWLINE)
    parser_fail_after(parser, &expr);
}

static void
parse_if(Parser *parser)
{
  int line = parser->token.place.line;
  parse_condition(parser);
  parse_block(parser, "'if' statement", line);
  while (parser->token.type == TOK_ELIF) {
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
  if (parser->token.type == TOK_LPAR)
    parser->with_group = parser->token.place.at;
  parse_expression(parser, &expr);
  if (parser_accept(parser, TOK_AS)) {
    if (parser->token.type == TOK_STAR)
      parse_starred(parser, &target);
    else
      parse_operators(parser, PREC_BITOR, &target);
    parser_check_target(parser, &target);
    parser_bind(parser, target.names);
  } else if (parser->token.type != TOK_COMMA && parser->token.type != TOK_COLON &&
             parser->token.type != TOK_NEWLINE) {
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
  } while (parser->token.type == TOK_COMMA);
  parse_block(parser, "'with' statement", line);
}

/* `except A, B:` without parentheses is fine from 3.14 on (PEP 758). */
static void
parse_exceptions(Parser *parser)
{
  Expr expr;
  SourcePos start = parser->token.place;
  parse_expression(parser, &expr);
  gboolean several = parser->token.type == TOK_COMMA;
  while (parser_accept(parser, TOK_COMMA) && parser_token_starts_expression(parser->token.type))
    parse_expression(parser, &expr);
  if (parser->token.type == TOK_AS && several)
    parser_fail(parser, start, g_strdup("multiple exception types must be parenthesized"));
  if (parser_accept(parser, TOK_AS))
    parser_bind_name(parser);
  else if (parser->token.type != TOK_COLON && parser->token.type != TOK_NEWLINE)
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
    parser_fail(parser, start,
                g_strdup("cannot have both 'except' and 'except*' on the same 'try'"));
  if (handlers->bare)
    parser_note(parser, handlers->last, g_strdup("default 'except:' must be last"));
  handlers->last = start;
  handlers->any = TRUE;
  handlers->star = star;
  handlers->bare = parser->token.type == TOK_COLON;
  if (handlers->bare && star)
    parser_fail(parser, parser->token.place, g_strdup("expected one or more exception types"));
  if (!handlers->bare && parser->token.type != TOK_NEWLINE)
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
  if (parser->token.type != TOK_EXCEPT && parser->token.type != TOK_FINALLY)
    parser_fail(parser, parser->token.place, g_strdup("expected 'except' or 'finally' block"));
  while (parser->token.type == TOK_EXCEPT)
    parse_handler(parser, &handlers);
  if (handlers.any)
    parse_else(parser);
  if (parser->token.type == TOK_FINALLY)
    parse_bare(parser, "'finally' statement");
}

static void
parse_def(Parser *parser, gboolean async)
{
  int line = parser->token.place.line;
  Scope scope = parser->scope;
  Expr result;
  parser_advance(parser);
  parser_bind_name(parser);
  parse_type_params(parser);
  if (parser->token.type != TOK_LPAR)
    parser_fail(parser, parser->token.place, g_strdup("expected '('"));
  parser_advance(parser);
  parse_params(parser, TOK_RPAR);
  parser_expect(parser, TOK_RPAR);
  SourcePos arrow = parser->token.place;
  if (parser_accept(parser, TOK_ARROW)) {
    if (!parser_token_starts_expression(parser->token.type))
      parser_fail(parser, arrow, g_strdup("expected ':'"));
    parse_expression(parser, &result);
  }
  if (parser->token.type != TOK_COLON)
    parser_fail(parser, parser->token.place, g_strdup("expected ':'"));
  parser->scope = (Scope){.function = TRUE, .async = async};
  parse_block(parser, "function definition", line);
  parser->scope = scope;
}

static void
parse_class(Parser *parser)
{
  int line = parser->token.place.line;
  Scope scope = parser->scope;
  parser_advance(parser);
  parser_bind_name(parser);
  parse_type_params(parser);
  if (parser->token.type == TOK_LPAR)
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
  if (parser->token.type == TOK_DEF) {
    parse_def(parser, TRUE);
  } else if (parser->token.type == TOK_WITH || parser->token.type == TOK_FOR) {
    gboolean with = parser->token.type == TOK_WITH;
    if (!parser->scope.async)
      parser_note(parser, start,
                  g_strdup(with ? "'async with' outside async function"
                                : "'async for' outside async function"));
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
    if (parser->token.type != TOK_NEWLINE)
      parser_fail_after(parser, &expr);
    parser_expect(parser, TOK_NEWLINE);
  }
  if (parser_accept(parser, TOK_ASYNC)) {
    if (parser->token.type == TOK_DEF)
      parse_def(parser, TRUE);
    else
      parser_fail_unexpected(parser);
  } else if (parser->token.type == TOK_DEF) {
    parse_def(parser, FALSE);
  } else if (parser->token.type == TOK_CLASS) {
    parse_class(parser);
  } else {
    parser_fail_unexpected(parser);
  }
}

gboolean
parse_compound(Parser *parser)
{
  switch ((int)parser->token.type) {
  case TOK_IF:
    parse_if(parser);
    return TRUE;
  case TOK_WHILE:
    parse_while(parser);
    return TRUE;
  case TOK_FOR:
    parse_for(parser);
    return TRUE;
  case TOK_WITH:
    parse_with(parser);
    return TRUE;
  case TOK_TRY:
    parse_try(parser);
    return TRUE;
  case TOK_DEF:
    parse_def(parser, FALSE);
    return TRUE;
  case TOK_CLASS:
    parse_class(parser);
    return TRUE;
  case TOK_ASYNC:
    parse_async(parser);
    return TRUE;
  case TOK_AT:
    parse_decorated(parser);
    return TRUE;
  default:
    if (!parser_at_match(parser))
      return FALSE;
    parse_match(parser);
    return TRUE;
  }
}
