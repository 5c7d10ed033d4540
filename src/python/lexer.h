/* SPDX-License-Identifier: MIT */
/* Python's tokens, one after the other. Private to the scan.
 *
 * lexer_init(), then lexer_next() until TOK_END or TOK_ERROR, then lexer_clear(). A token is a view
 * into the text; memory does not grow with the text. The rules are those of CPython 3.8 to 3.14
 * (f-strings as of 3.12, which takes all that older versions take); where versions differ, what any
 * of them takes passes.
 */
#pragma once

#include <glib.h>

/* Beyond these CPython (3.8 to 3.14) stops with an error. */
#define LEXER_MAX_BRACKETS 200
#define LEXER_MAX_FSTRINGS 150
#define LEXER_MAX_INDENTS 100

typedef enum {
  TOK_END,
  TOK_ERROR, /* see Lexer.error */
  TOK_NEWLINE,
  TOK_INDENT,
  TOK_DEDENT,
  TOK_NAME,
  TOK_NUMBER,
  TOK_STRING,
  TOK_FSTRING_START, /* t-strings too */
  TOK_FSTRING_MIDDLE,
  TOK_FSTRING_END,
  TOK_LPAR,
  TOK_RPAR,
  TOK_LSQB,
  TOK_RSQB,
  TOK_LBRACE,
  TOK_RBRACE,
  TOK_COMMA,
  TOK_COLON,
  TOK_SEMICOLON,
  TOK_DOT,
  TOK_ELLIPSIS,
  TOK_ASSIGN,
  TOK_WALRUS,
  TOK_ARROW,
  TOK_EXCLAMATION,
  TOK_AUGMENT, /* += and its kind */
  TOK_STRANGE, /* $ ? ` */
  TOK_STAR,
  TOK_STARSTAR,
  TOK_PLUS,
  TOK_MINUS,
  TOK_TILDE,
  TOK_AT,
  TOK_SLASH,
  TOK_DIVIDE, /* // and % */
  TOK_SHIFT,
  TOK_AMPER,
  TOK_CARET,
  TOK_VBAR,
  TOK_COMPARE, /* < > <= >= == != */
  TOK_OLD_NOT_EQUAL,
  TOK_FALSE,
  TOK_NONE,
  TOK_TRUE,
  TOK_AND,
  TOK_AS,
  TOK_ASSERT,
  TOK_ASYNC,
  TOK_AWAIT,
  TOK_BREAK,
  TOK_CLASS,
  TOK_CONTINUE,
  TOK_DEF,
  TOK_DEL,
  TOK_ELIF,
  TOK_ELSE,
  TOK_EXCEPT,
  TOK_FINALLY,
  TOK_FOR,
  TOK_FROM,
  TOK_GLOBAL,
  TOK_IF,
  TOK_IMPORT,
  TOK_IN,
  TOK_IS,
  TOK_LAMBDA,
  TOK_NONLOCAL,
  TOK_NOT,
  TOK_OR,
  TOK_PASS,
  TOK_RAISE,
  TOK_RETURN,
  TOK_TRY,
  TOK_WHILE,
  TOK_WITH,
  TOK_YIELD,
  N_TOKENS
} TokenType;

/* A character of the text. */
typedef struct {
  const char *at;
  int line; /* from 1 */
} SourcePos;

typedef struct {
  SourcePos place;
  char *message; /* NULL: no error. Owned. */
  gboolean weak; /* one of the grammar before it counts more */
} ScanError;

typedef struct {
  TokenType type;
  SourcePos place;     /* its first character, a string's prefix included */
  const char *end;     /* behind its last */
  gboolean bytes;      /* of a TOK_STRING: b"..." */
  const char *foreign; /* in bytes: the first character that is not ASCII, else NULL */
  const char *escape;  /* of a string or its part: the first wrong \x, \u, \U or \N, else NULL */
  const char *body;    /* of a string or its part: behind the opening quotes */
} Token;

/* What is open at a place: a bracket, an f-string, or a replacement field in an f-string. */
typedef struct {
  char open; /* ( [ {, or f: an f-string */
  gboolean field;
  gboolean spec; /* the field's expression is over, its format follows */
  guint fstring; /* of a field: where in the stack its f-string is */
  char quote;    /* of an f-string, with the following */
  int quotes;    /* 1 or 3 */
  gboolean raw;
  SourcePos place;
} LexerNest;

typedef struct {
  const char *at; /* the next byte */
  int line;
  gboolean line_start; /* an indentation may follow */
  gboolean in_line;    /* tokens since the last TOK_NEWLINE */
  int pending;         /* TOK_INDENT (1) or TOK_DEDENT (negative) still to be given out */
  guint n_indents;
  guint n_nest;
  guint level; /* brackets and fields in the stack */
} LexerPoint;

typedef struct {
  const char *text;
  const char *end;
  LexerPoint now;
  int indents[LEXER_MAX_INDENTS];     /* columns with tabs of 8 */
  int alt_indents[LEXER_MAX_INDENTS]; /* with tabs of 1: both must agree on what is deeper */
  LexerNest nest[LEXER_MAX_BRACKETS + LEXER_MAX_FSTRINGS];
  ScanError error;
} Lexer;

/* `text` is valid UTF-8 and outlives the lexer. */
void lexer_init(Lexer *lexer, const char *text, gsize len);
void lexer_clear(Lexer *lexer);

/* After TOK_END and TOK_ERROR the same again. */
void lexer_next(Lexer *lexer, Token *token);

/* The innermost open bracket (not an f-string), or NULL. */
const LexerNest *lexer_open_bracket(const Lexer *lexer);

/* The next character that is no blank and no line continuation, or 0 at the end. Not a token. */
char lexer_peek(const Lexer *lexer, const char **where);

/* Is the token this word? */
gboolean token_is(const Token *token, const char *word);

/* The column of a place, from 1, in characters. */
int source_pos_column(const char *text, const char *at);

/* The keyword of `len` bytes, or TOK_NAME. */
TokenType lexer_word_type(const char *word, gsize len);

static inline gboolean
byte_is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static inline gboolean
byte_ends_line(char c)
{
  return c == '\n' || c == '\r';
}

/* May the byte be part of a name? Bytes beyond ASCII are looked at later. */
static inline gboolean
byte_is_name(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte_is_digit(c) || c == '_' ||
         (guchar)c >= 0x80;
}
