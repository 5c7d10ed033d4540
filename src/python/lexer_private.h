/* SPDX-License-Identifier: MIT */
/* What the files of the lexer share with each other. */
#pragma once

#include "lexer.h"

/* Ends the scan. Gives TOK_ERROR. The first error stays. */
void lexer_fail(Lexer *lexer, Token *token, const char *at, int line, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
/* The same for an error that CPython reports only where its parser gets to it. */
void lexer_fail_weakly(Lexer *lexer, Token *token, const char *at, int line, const char *message);

/* The last line that holds anything, for the messages at the end of the text. */
int lexer_last_line(const Lexer *lexer);

/* Steps over \n, \r\n or \r, which must be there. */
void lexer_break_line(Lexer *lexer);

/* Steps over a backslash with the line break behind it; FALSE after an error. */
gboolean lexer_continue_line(Lexer *lexer, Token *token);

/* Reads the white space of a line that may begin a statement, and any empty lines before it, and
 * sets `pending`. FALSE after an error. */
gboolean lexer_read_indent(Lexer *lexer, Token *token);

/* A name, keyword, or a string with a prefix. */
void lexer_read_word(Lexer *lexer, Token *token);
void lexer_read_number(Lexer *lexer, Token *token);

/* The string that begins at token->place and whose opening quote is at `quote`. */
void lexer_read_string(Lexer *lexer, Token *token, const char *quote);
/* The same of an f-string or t-string: gives TOK_FSTRING_START. */
void lexer_open_fstring(Lexer *lexer, Token *token, const char *quote, gboolean raw);
/* Is the lexer in the text of an f-string, not in a replacement field's expression? */
gboolean lexer_in_fstring_text(const Lexer *lexer);
void lexer_read_fstring_text(Lexer *lexer, Token *token);

/* Pushes an opening bracket that stands at token->place; FALSE after an error. */
gboolean lexer_push_bracket(Lexer *lexer, Token *token, char open, gboolean field);

/* Do `quotes` (1 or 3) times `quote` stand at `at`? */
gboolean lexer_quotes_at(const Lexer *lexer, const char *at, char quote, int quotes);

/* Is the escape sequence at the backslash `at` one that Python refuses? */
gboolean lexer_escape_is_wrong(const char *at, const char *end, gboolean bytes);
