/* SPDX-License-Identifier: MIT */
#include "parser.h"

/* The name at the token, for the case that it is bound. */
static guint
take_name(Parser *parser)
{
  guint name = parser_at(parser, TOK_NAME) ? parser_name_bit(parser) : 0;
  parser_expect(parser, TOK_NAME);
  return name;
}

/* a.b.c; gives the first name. */
static guint
parse_dotted_name(Parser *parser)
{
  guint first = take_name(parser);
  while (parser_accept(parser, TOK_DOT))
    parser_expect(parser, TOK_NAME);
  return first;
}

/* `import a.b` binds a, `import a.b as c` binds c. */
static void
parse_as(Parser *parser, guint name)
{
  if (parser_accept(parser, TOK_AS))
    parser_bind_name(parser);
  else
    parser_bind(parser, name);
}

void
parse_import(Parser *parser)
{
  do {
    parser_advance(parser);
    guint name = parse_dotted_name(parser);
    parse_as(parser, name);
  } while (parser_at(parser, TOK_COMMA));
}

static void
check_future(Parser *parser, SourcePos start)
{
  static const char *const features[] = {
      "nested_scopes",  "generators",       "division",       "absolute_import", "with_statement",
      "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations",
  };
  const Token *token = &parser->token;
  if (token->type != TOK_NAME && token->type != TOK_STAR)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(features); i++)
    if (token_is(token, features[i]))
      return;
  if (token_is(token, "braces"))
    parser_note(parser, start, "not a chance");
  else
    parser_note(parser, start, "future feature %.*s is not defined", parser_token_width(token),
                token->place.at);
}

/* `future` is where a `from __future__` begins, else NULL. */
static void
parse_imported_names(Parser *parser, const SourcePos *future)
{
  gboolean parens = parser_accept(parser, TOK_LPAR);
  for (;;) {
    if (future != NULL)
      check_future(parser, *future);
    guint name = take_name(parser);
    parse_as(parser, name);
    if (!parser_at(parser, TOK_COMMA))
      break;
    parser_advance(parser);
    if (parens && parser_at(parser, TOK_RPAR))
      break;
    if (!parens && parser_at(parser, TOK_NEWLINE))
      parser_fail(parser, parser->token.place,
                  "trailing comma not allowed without surrounding parentheses");
  }
  if (parens)
    parser_expect(parser, TOK_RPAR);
}

static void
parse_star(Parser *parser)
{
  if (parser->scope.module)
    parser->scan->star_import = TRUE;
  else
    parser_note(parser, parser->token.place, "import * only allowed at module level");
  parser_advance(parser);
}

/* The module; TRUE: `__future__`. */
static gboolean
parse_module(Parser *parser)
{
  gboolean dots = FALSE;
  while (parser_accept(parser, TOK_DOT) || parser_accept(parser, TOK_ELLIPSIS))
    dots = TRUE;
  gboolean future = !dots && token_is(&parser->token, "__future__");
  if (!dots || parser_at(parser, TOK_NAME))
    parse_dotted_name(parser);
  return future;
}

void
parse_from(Parser *parser)
{
  SourcePos start = parser->token.place;
  parser_advance(parser);
  gboolean future = parse_module(parser);
  if (!future)
    parser->future_allowed = FALSE;
  else if (!parser->future_allowed)
    parser_note(parser, start, "from __future__ imports must occur at the beginning of the file");
  parser_expect(parser, TOK_IMPORT);
  if (future && parser_at(parser, TOK_STAR))
    check_future(parser, start);
  if (parser_at(parser, TOK_STAR))
    parse_star(parser);
  else
    parse_imported_names(parser, future ? &start : NULL);
}
