/* SPDX-License-Identifier: MIT */
/* Python's grammar over the tokens, without a tree. Private to the scan.
 *
 * A recursive descent that looks one token ahead. It recurses only where brackets, blocks or the
 * defaults of lambdas nest, all of which are limited. Where versions differ, or where it takes more
 * than a grammar to tell, it accepts.
 *
 * The first error stops it: from then on the current token is TOK_END, so every loop runs out and
 * nobody needs to look at a result. Errors that CPython finds only after parsing (return outside a
 * function) are noted, and count where no other error follows.
 *
 * The messages are CPython's own, here and in the lexer: what people search for. Nobody translates
 * them.
 */
#pragma once

#include "lexer.h"
#include "python_scan.h"

/* What an expression is, as far as it decides whether it can be assigned to. */
typedef enum {
  EXPR_NAME,
  EXPR_ATTRIBUTE,
  EXPR_SUBSCRIPT,
  EXPR_STARRED,
  EXPR_TUPLE,
  EXPR_LIST,
  EXPR_CALL,
  EXPR_LITERAL,
  EXPR_NONE,
  EXPR_TRUE,
  EXPR_FALSE,
  EXPR_ELLIPSIS,
  EXPR_FSTRING,
  EXPR_OPERATION,
  EXPR_BOOLEAN, /* and, or, not */
  EXPR_COMPARISON,
  EXPR_CONDITIONAL,
  EXPR_LAMBDA,
  EXPR_NAMED,
  EXPR_AWAIT,
  EXPR_YIELD,
  EXPR_GENERATOR,
  EXPR_LIST_COMPREHENSION,
  EXPR_SET_COMPREHENSION,
  EXPR_DICT_COMPREHENSION,
  EXPR_DICT,
  EXPR_SET,
} ExprKind;

typedef struct {
  ExprKind kind;
  SourcePos place;
  gboolean parens;
  gboolean fault; /* cannot be assigned to, because of what is at fault_place */
  ExprKind fault_kind;
  SourcePos fault_place;
  guint stars; /* in a tuple or list: how many elements are starred */
  guint names; /* bit 1 << Kind: the plugin classes that an assignment to it binds */
} Expr;

/* Where the parser is, as far as names and compile-time errors go. */
typedef struct {
  gboolean module; /* names bound here are the module's */
  gboolean function;
  gboolean async;
  gboolean loop;
  gboolean star_handler; /* in an except* block: neither break, continue nor return may leave it */
} Scope;

typedef struct {
  Lexer lexer;
  Token token; /* the current one */
  PythonScan *scan;
  guint level; /* of brackets, at the token before */
  Scope scope;
  gboolean stopped;
  gboolean final;   /* the error stands, whatever the rest of the text holds */
  int stopped_line; /* where the parser looked when it stopped */
  ScanError error;  /* of the grammar */
  ScanError later;  /* found after parsing by CPython */
  gboolean later_is_await;
  SourcePos yield_place;   /* the last yield */
  guint yields;            /* how many yield expressions so far, not those in lambdas */
  guint in_comprehensions; /* await is fine there */
  guint lambdas;           /* nested in defaults */
  SourcePos operand;       /* the last operand of a ternary or a list */
  gboolean operand_is_name;
  const char *with_group;  /* the parenthesis in which "as" may stand */
  const char *first;       /* the first token of all */
  gboolean future_allowed; /* only comments, a docstring and such imports so far */
  int name_line[N_KINDS];  /* where each plugin class was last mentioned */
} Parser;

/* The names of parameters or keyword arguments; only so many, more is machine-made. */
#define NAME_SET_LIMIT 32
typedef struct {
  guint n;
  guint16 len[NAME_SET_LIMIT];
  const char *at[NAME_SET_LIMIT];
} NameSet;

/* What is binding how strongly. */
enum { PREC_OR = 1, PREC_AND, PREC_NOT, PREC_COMPARE, PREC_BITOR };

/* parser.c: stepping and failing */
void parser_init(Parser *parser, const char *text, gsize len, PythonScan *scan);
void parser_clear(Parser *parser);
/* Reads the rest of the text for errors of the lexer, which win, and gives the error that counts or
 * NULL. */
const ScanError *parser_finish(Parser *parser);
void parser_advance(Parser *parser);
gboolean parser_accept(Parser *parser, TokenType type);
static inline gboolean
parser_at(const Parser *parser, TokenType type)
{
  return parser->token.type == type;
}

/* Steps over a token that must be here; "invalid syntax" otherwise. */
gboolean parser_expect(Parser *parser, TokenType type);
/* Stops the parser. */
void parser_fail(Parser *parser, SourcePos place, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The current token does not belong here. */
void parser_fail_unexpected(Parser *parser);
/* The same behind an expression, with CPython's guesses at what was meant. */
void parser_fail_after(Parser *parser, const Expr *expr);
/* Stops judging: this is beyond what CPython itself compiles, or beyond us. */
void parser_give_up(Parser *parser);
/* Notes an error that CPython finds after parsing. */
void parser_note(Parser *parser, SourcePos place, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* parse_target.c: names and assignment */
/* The bit of the plugin class that the current token (a name) is, else 0. */
guint parser_name_bit(Parser *parser);
/* The names are bound here. */
void parser_bind(Parser *parser, guint names);
/* Binds the current token, which must be a name, and steps over it. */
void parser_bind_name(Parser *parser);
/* FALSE: it is in the set already. */
gboolean name_set_add(NameSet *set, const Token *name);
/* How much of a token to show in a message, in bytes. */
int parser_token_width(const Token *token);
void expr_init(Expr *expr, ExprKind kind, SourcePos place);
void expr_add_element(Expr *list, const Expr *element);
/* Does CPython guess that "=" behind it was to be "=="? */
gboolean expr_may_be_compared(const Expr *expr);
/* "function call" and the like. */
const char *expr_name(ExprKind kind);
/* Fails where the expression is no target of =, `for` or `as`. Notes several starred ones. */
void parser_check_target(Parser *parser, const Expr *expr);
/* The same for a target with "=" as the current token; of the first one "==" may have been meant.
 */
void parser_check_assigned(Parser *parser, const Expr *expr, gboolean first);
void parser_check_augmented(Parser *parser, const Expr *expr);
/* With the annotation as the current token, behind the colon. */
void parser_check_annotated(Parser *parser, const Expr *expr, SourcePos colon);
void parser_check_deleted(Parser *parser, const Expr *expr);

/* parse_expression.c: expressions */
gboolean parser_token_starts_expression(TokenType type);
void parse_operators(Parser *parser, int precedence, Expr *expr);
void parse_expression(Parser *parser, Expr *expr);
/* With or without := */
void parse_named(Parser *parser, Expr *expr);
/* * and an operand */
void parse_starred(Parser *parser, Expr *expr);
/* One or more, with commas: a tuple where there is a comma. */
void parse_star_list(Parser *parser, Expr *expr);
/* The same or a yield. */
void parse_value(Parser *parser, Expr *expr);
void parse_yield(Parser *parser, Expr *expr);
/* One target: with or without a *, before it is checked. */
void parse_target(Parser *parser, Expr *expr);
/* The targets of a for, up to its `in`. */
void parse_target_list(Parser *parser, Expr *expr);

/* parse_atom.c, parse_collection.c, parse_fstring.c, parse_call.c: what operators work on */
void parse_primary(Parser *parser, Expr *expr);
void parse_group(Parser *parser, Expr *expr);
void parse_list(Parser *parser, Expr *expr);
void parse_braces(Parser *parser, Expr *expr);
void parse_fstring(Parser *parser);
/* From "(" to ")". A generator without parentheses of its own where `generator`. */
void parse_arguments(Parser *parser, gboolean generator);
void parse_subscript(Parser *parser);
void parser_check_escapes(Parser *parser, const Token *token);

/* What an element of a comprehension to come has seen before it is known to be one. */
typedef struct {
  guint yields;
  gboolean noted;
} ElementMark;
ElementMark parser_mark_element(const Parser *parser);
gboolean parser_at_comprehension(const Parser *parser);
/* The for and if clauses; `what` is "list comprehension" or the like. */
void parse_comprehension(Parser *parser, const ElementMark *mark, ExprKind what);

/* parse_parameters.c */
/* Up to, not with, the token that closes them. */
void parse_params(Parser *parser, TokenType close);
void parse_type_params(Parser *parser);

/* parse_statement.c, parse_import.c, parse_compound.c, parse_match.c: statements */
void parse_file(Parser *parser);
void parse_statement(Parser *parser);
/* Simple statements up to the end of the line. */
void parse_simple_line(Parser *parser);
void parse_import(Parser *parser);
void parse_from(Parser *parser);
gboolean parse_compound(Parser *parser);
/* ":" and what belongs to the statement; `what` names it for the message. */
void parse_block(Parser *parser, const char *what, int line);
/* The lines of a block, from the line break before it on, each read by `parse`. */
void parse_indented(Parser *parser, const char *what, int line, void (*parse)(Parser *));
/* Behind if, elif, while or the if of a case, with that as the current token. */
void parse_condition(Parser *parser);
gboolean parser_at_match(Parser *parser);
void parse_match(Parser *parser);
