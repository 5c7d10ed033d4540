#include "scan.h"
#include "scan_lex.h"

#include <string.h>

gboolean
python_scan(const char *file, const char *text, gsize len, PythonScan *scan,
            Diagnostic **diagnostic)
{
  Lexer lexer;
  Token token;
  gboolean deep[LEXER_MAX_INDENTS + 1] = {FALSE}, opens_scope = FALSE, first = TRUE;
  gboolean after_class = FALSE, import = FALSE;
  guint depth = 0;
  Token name = {0};
  *scan = (PythonScan){0};
  lexer_init(&lexer, text, len);
  for (;;) {
    lexer_next(&lexer, &token);
    if (token.type == TOK_END || token.type == TOK_ERROR)
      break;
    if (token.type == TOK_INDENT) {
      deep[depth + 1] = deep[depth] || opens_scope;
      depth++;
      opens_scope = FALSE;
    } else if (token.type == TOK_DEDENT) {
      depth--;
    }
    gboolean bind = FALSE;
    Token *what = &name;
    if (first && (token.type == TOK_CLASS || token.type == TOK_DEF))
      opens_scope = after_class = TRUE;
    else if (after_class && token.type == TOK_NAME)
      bind = TRUE, what = &token, after_class = FALSE;
    else if (first && (token.type == TOK_IMPORT || token.type == TOK_FROM))
      import = TRUE;
    else if (import && token.type == TOK_NAME)
      bind = TRUE, what = &token;
    else if (import && token.type == TOK_STAR)
      scan->star_import |= !deep[depth];
    else if (token.type == TOK_ASSIGN && name.type == TOK_NAME && lexer.now.level == 0)
      bind = TRUE;
    if (bind && !deep[depth])
      for (int kind = 0; kind < N_KINDS; kind++)
        if (token_is(what, kind_class(kind)) && scan->bound[kind].line == 0)
          scan->bound[kind].line = what->place.line;
    name = first ? token : (Token){0};
    if (token.type == TOK_NEWLINE || token.type == TOK_SEMICOLON)
      import = after_class = FALSE;
    first = token.type == TOK_NEWLINE || token.type == TOK_INDENT || token.type == TOK_DEDENT ||
            token.type == TOK_SEMICOLON || (first && token.type == TOK_ASYNC);
  }
  gboolean fine = token.type == TOK_END;
  if (!fine && diagnostic != NULL)
    *diagnostic =
        diagnostic_new(file, lexer.error.place.line, place_column(text, lexer.error.place.at),
                       lexer.error.message, text, len);
  lexer_clear(&lexer);
  return fine;
}

gboolean
python_scan_kind(const PythonScan *scan, Kind *kind)
{
  for (int i = 0; i < N_KINDS; i++) {
    if (scan->bound[i].line == 0)
      continue;
    *kind = (Kind)i;
    return TRUE;
  }
  return FALSE;
}
