/* SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>

/* No class that a server looks for has a longer name, in whatever letters it is written. */
#define NAME_LIMIT 64

/* What is longer would flood a message. */
#define SHOWN_LIMIT 100

static int
kind_of_word(const char *word, gsize len)
{
  for (int kind = 0; kind < N_KINDS; kind++) {
    const char *name = kind_class((Kind)kind);
    if (name[0] == word[0] && strlen(name) == len && memcmp(name, word, len) == 0)
      return kind;
  }
  return -1;
}

/* Python's names are the same where their NFKC forms are (PEP 3131). */
static int
kind_of_name(const char *word, gsize len)
{
  gboolean ascii = TRUE;
  if (len > NAME_LIMIT)
    return -1;
  for (gsize i = 0; i < len && ascii; i++)
    ascii = (guchar)word[i] < 0x80;
  if (ascii)
    return kind_of_word(word, len);
  g_autofree char *normal = g_utf8_normalize(word, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
  return normal != NULL ? kind_of_word(normal, strlen(normal)) : -1;
}

guint
parser_name_bit(Parser *parser)
{
  const Token *token = &parser->token;
  if (!parser->scope.module)
    return 0;
  int kind = kind_of_name(token->place.at, (gsize)(token->end - token->place.at));
  if (kind < 0)
    return 0;
  parser->name_line[kind] = token->place.line;
  return 1u << kind;
}

void
parser_bind(Parser *parser, guint names)
{
  if (!parser->scope.module || parser->stopped)
    return;
  for (int kind = 0; names != 0 && kind < N_KINDS; kind++)
    if ((names & (1u << kind)) != 0 && parser->scan->bound[kind].line == 0)
      parser->scan->bound[kind].line = parser->name_line[kind];
}

void
parser_bind_name(Parser *parser)
{
  if (parser_at(parser, TOK_NAME) && !parser->stopped)
    parser_bind(parser, parser_name_bit(parser));
  parser_expect(parser, TOK_NAME);
}

gboolean
name_set_add(NameSet *set, const Token *name)
{
  gsize len = (gsize)(name->end - name->place.at);
  if (len > G_MAXUINT16)
    return TRUE;
  for (guint i = 0; i < set->n; i++)
    if (set->len[i] == len && memcmp(set->at[i], name->place.at, len) == 0)
      return FALSE;
  if (set->n < NAME_SET_LIMIT) {
    set->at[set->n] = name->place.at;
    set->len[set->n++] = (guint16)len;
  }
  return TRUE;
}

int
parser_token_width(const Token *token)
{
  const char *end = token->place.at;
  while (end < token->end && end - token->place.at < SHOWN_LIMIT)
    end = g_utf8_next_char(end);
  return (int)(end - token->place.at);
}

void
expr_init(Expr *expr, ExprKind kind, SourcePos place)
{
  *expr = (Expr){.kind = kind, .place = place};
}

static gboolean
is_target_kind(ExprKind kind)
{
  return kind <= EXPR_LIST;
}

/* Carries over to `list` what speaks against assigning to `element`. */
static void
add_fault(Expr *list, const Expr *element)
{
  if (list->fault)
    return;
  if (!is_target_kind(element->kind)) {
    list->fault = TRUE;
    list->fault_kind = element->kind;
    list->fault_place = element->place;
  } else if (element->fault) {
    list->fault = TRUE;
    list->fault_kind = element->fault_kind;
    list->fault_place = element->fault_place;
  }
}

void
expr_add_element(Expr *list, const Expr *element)
{
  add_fault(list, element);
  list->stars += element->kind == EXPR_STARRED;
  list->names |= element->names;
}

const char *
expr_name(ExprKind kind)
{
  static const char *const names[] = {
      [EXPR_NAME] = "name",
      [EXPR_ATTRIBUTE] = "attribute",
      [EXPR_SUBSCRIPT] = "subscript",
      [EXPR_STARRED] = "starred",
      [EXPR_TUPLE] = "tuple",
      [EXPR_LIST] = "list",
      [EXPR_CALL] = "function call",
      [EXPR_LITERAL] = "literal",
      [EXPR_NONE] = "None",
      [EXPR_TRUE] = "True",
      [EXPR_FALSE] = "False",
      [EXPR_ELLIPSIS] = "ellipsis",
      [EXPR_FSTRING] = "f-string expression",
      [EXPR_OPERATION] = "expression",
      [EXPR_BOOLEAN] = "expression",
      [EXPR_COMPARISON] = "comparison",
      [EXPR_CONDITIONAL] = "conditional expression",
      [EXPR_LAMBDA] = "lambda",
      [EXPR_NAMED] = "named expression",
      [EXPR_AWAIT] = "await expression",
      [EXPR_YIELD] = "yield expression",
      [EXPR_GENERATOR] = "generator expression",
      [EXPR_LIST_COMPREHENSION] = "list comprehension",
      [EXPR_SET_COMPREHENSION] = "set comprehension",
      [EXPR_DICT_COMPREHENSION] = "dict comprehension",
      [EXPR_DICT] = "dict literal",
      [EXPR_SET] = "set display",
  };
  return names[kind];
}

/* What is wrong with it as a target, or FALSE. */
static gboolean
find_fault(const Expr *expr, Expr *fault)
{
  *fault = (Expr){0};
  add_fault(fault, expr);
  return fault->fault;
}

void
parser_check_target(Parser *parser, const Expr *expr)
{
  Expr fault;
  if (find_fault(expr, &fault))
    parser_fail(parser, fault.fault_place, "cannot assign to %s", expr_name(fault.fault_kind));
  else if (expr->kind == EXPR_STARRED)
    parser_note(parser, expr->place, "starred assignment target must be in a list or tuple");
  else if (expr->stars > 1)
    parser_note(parser, expr->place, "multiple starred expressions in assignment");
}

gboolean
expr_may_be_compared(const Expr *expr)
{
  switch ((int)expr->kind) {
  case EXPR_STARRED:
  case EXPR_TUPLE:
  case EXPR_LIST:
  case EXPR_NONE:
  case EXPR_TRUE:
  case EXPR_FALSE:
  case EXPR_COMPARISON:
  case EXPR_BOOLEAN:
  case EXPR_CONDITIONAL:
  case EXPR_LAMBDA:
  case EXPR_GENERATOR:
    return FALSE;
  default:
    return *expr->place.at != '[';
  }
}

static void
fail_assigned(Parser *parser, const Expr *expr)
{
  Expr value;
  parser_advance(parser);
  parse_value(parser, &value);
  if (parser_at(parser, TOK_ASSIGN))
    parser_check_target(parser, expr);
  else
    parser_fail(parser, expr->place,
                "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                expr_name(expr->kind));
}

void
parser_check_assigned(Parser *parser, const Expr *expr, gboolean first)
{
  Expr fault;
  if (expr->kind == EXPR_YIELD && !expr->parens)
    parser_fail(parser, expr->place, "assignment to yield expression not possible");
  else if (first && find_fault(expr, &fault) && expr_may_be_compared(expr))
    fail_assigned(parser, expr);
  else
    parser_check_target(parser, expr);
}

void
parser_check_augmented(Parser *parser, const Expr *expr)
{
  if (expr->kind > EXPR_SUBSCRIPT)
    parser_fail(parser, expr->place, "'%s' is an illegal expression for augmented assignment",
                expr_name(expr->kind));
}

void
parser_check_annotated(Parser *parser, const Expr *expr, SourcePos colon)
{
  if (expr->kind <= EXPR_SUBSCRIPT)
    return;
  if (!parser_token_starts_expression(parser->token.type))
    parser_fail(parser, colon, "invalid syntax");
  else if (expr->kind == EXPR_TUPLE || expr->kind == EXPR_LIST)
    parser_fail(parser, expr->place, "only single target (not %s) can be annotated",
                expr_name(expr->kind));
  else
    parser_fail(parser, expr->place, "illegal target for annotation");
}

void
parser_check_deleted(Parser *parser, const Expr *expr)
{
  Expr fault;
  if (expr->kind == EXPR_STARRED || expr->stars > 0)
    parser_fail(parser, expr->place, "cannot delete starred");
  else if (find_fault(expr, &fault))
    parser_fail(parser, fault.fault_place, "cannot delete %s", expr_name(fault.fault_kind));
}
