/* SPDX-License-Identifier: MIT */
/* Broken texts, and what CPython 3.12 says of them: line, column, message. */
#include "python_scan.h"

#include <string.h>

typedef struct {
  const char *text;
  int line;
  int col;
  const char *message;
} Broken;

static const Broken broken[] = {
    {"x = 'abc\ny = 1\n", 1, 5, "unterminated string literal (detected at line 1)"},
    {"x = 1\ny = \"abc", 2, 5, "unterminated string literal (detected at line 2)"},
    {"def f():\n  '''doc\n  x = 1\n", 2, 3,
     "unterminated triple-quoted string literal (detected at line 3)"},
    {"a\nx = f\"abc\n", 2, 5, "unterminated f-string literal (detected at line 2)"},
    {"x = f'''{a}\n\n", 1, 5, "unterminated triple-quoted f-string literal (detected at line 2)"},
    {"x = rb'\\'\n", 1, 5, "unterminated string literal (detected at line 1)"},
    {"f'{a'", 1, 5, "f-string: expecting '}'"},
    {"f'{a!x}'", 1, 6, "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"},
    {"f'{}'", 1, 4, "f-string: valid expression required before '}'"},
    {"f'{ }'", 1, 5, "f-string: valid expression required before '}'"},
    {"f'{!r}'", 1, 4, "f-string: valid expression required before '!'"},
    {"f'}'", 1, 3, "f-string: single '}' is not allowed"},
    {"f'{a b}'", 1, 4, "invalid syntax. Perhaps you forgot a comma?"},
    {"f'{a:{b}'", 1, 9, "f-string: expecting '}', or format specs"},
    {"f'{)}'", 1, 4, "f-string: unmatched ')'"},
    {"f'{(a}'", 1, 6, "closing parenthesis '}' does not match opening parenthesis '('"},
    {"f'{a]}'", 1, 5, "f-string: unmatched ']'"},
    {"f'{a:{b!z}}'", 1, 9, "f-string: invalid conversion character 'z': expected 's', 'r', or 'a'"},
    {"f'{*a}'", 1, 4, "can't use starred expression here"},
    {"f'{lambda x: 1}'", 1, 4, "f-string: lambda expressions are not allowed without parentheses"},
    {"f'{a $ b}'", 1, 6, "f-string: expecting '=', or '!', or ':', or '}'"},
    {"\"C:\\Users\\x\"", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 2-3: truncated "
     "\\UXXXXXXXX escape"},
    {"'\\x1'", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX "
     "escape"},
    {"'精\\u12'", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-13: truncated "
     "\\uXXXX escape"},
    {"'\\N{'", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N "
     "character escape"},
    {"'\\N'", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: malformed \\N "
     "character escape"},
    {"b'\\x1'", 1, 1, "(value error) invalid \\x escape at position 0"},
    {"b'é'", 1, 1, "bytes can only contain ASCII literal characters"},
    {"'\\U00110000'", 1, 1,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode "
     "character"},
    {"x = (\n 1, '\\u12x')", 2, 5,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-3: truncated \\uXXXX "
     "escape"},
    {"x = (1,\n  2\ny = 3\n", 1, 5, "'(' was never closed"},
    {"x = (1", 1, 5, "'(' was never closed"},
    {"x = [1, (2, 3]", 1, 14, "closing parenthesis ']' does not match opening parenthesis '('"},
    {"x = [\n1, (2,\n 3]", 3, 3,
     "closing parenthesis ']' does not match opening parenthesis '(' on line 2"},
    {"x = 1)\n", 1, 6, "unmatched ')'"},
    {"x = {'a': [1, 2}\n", 1, 16, "closing parenthesis '}' does not match opening parenthesis '['"},
    {"foo(a b)", 1, 5, "invalid syntax. Perhaps you forgot a comma?"},
    {"{1: 2, 3}", 1, 8, "':' expected after dictionary key"},
    {"{1:, 2: 3}", 1, 3, "expression expected after dictionary key and ':'"},
    {"{1: *a}", 1, 5, "cannot use a starred expression in a dictionary value"},
    {"if x:\npass\n", 2, 1, "expected an indented block after 'if' statement on line 1"},
    {"if x:\n  a\n b\n", 3, 3, "unindent does not match any outer indentation level"},
    {"x = 1\n  y = 2\n", 2, 2, "unexpected indent"},
    {"  x = 1\n", 1, 2, "unexpected indent"},
    {"def f():\n\nx = 1\n", 3, 1, "expected an indented block after function definition on line 1"},
    {"class A:\n", 1, 9, "expected an indented block after class definition on line 1"},
    {"class A:\n  def f(self):\n  x = 1\n", 3, 3,
     "expected an indented block after function definition on line 2"},
    {"for x in y:\npass", 2, 1, "expected an indented block after 'for' statement on line 1"},
    {"while x:\n\n# c\npass", 4, 1, "expected an indented block after 'while' statement on line 1"},
    {"try:\npass", 2, 1, "expected an indented block after 'try' statement on line 1"},
    {"try:\n  a\nexcept B:\npass", 4, 1,
     "expected an indented block after 'except' statement on line 3"},
    {"try:\n  a\nfinally:\npass", 4, 1,
     "expected an indented block after 'finally' statement on line 3"},
    {"with a:\npass", 2, 1, "expected an indented block after 'with' statement on line 1"},
    {"if a:\n  b\nelif c:\nd", 4, 1, "expected an indented block after 'elif' statement on line 3"},
    {"if a:\n  b\nelse:\nd", 4, 1, "expected an indented block after 'else' statement on line 3"},
    {"match x:\npass", 2, 1, "expected an indented block after 'match' statement on line 1"},
    {"match x:\n  case 1:\n  pass", 3, 3,
     "expected an indented block after 'case' statement on line 2"},
    {"if x:\n\ta\n        b\n", 3, 1, "inconsistent use of tabs and spaces in indentation"},
    {"if x:\n        a\n\tb\n", 3, 1, "inconsistent use of tabs and spaces in indentation"},
    {"def f():\n    if x:\n        a\n      b\n", 4, 8,
     "unindent does not match any outer indentation level"},
    {"async def f():\npass", 2, 1,
     "expected an indented block after function definition on line 1"},
    {"x = “abc”\n", 1, 5, "invalid character '“' (U+201C)"},
    {"print（'x'）\n", 1, 6, "invalid character '（' (U+FF08)"},
    {"x = [1， 2]\n", 1, 7, "invalid character '，' (U+FF0C)"},
    {"def f(self)：\n  pass", 1, 12, "invalid character '：' (U+FF1A)"},
    {"x = 1 \u00a0+ 2\n", 1, 7, "invalid non-printable character U+00A0"},
    {"x = 1\u200b\n", 1, 6, "invalid non-printable character U+200B"},
    {"\ufeffx = 1", 1, 1, "invalid non-printable character U+FEFF"},
    {"x = a？b", 1, 6, "invalid character '？' (U+FF1F)"},
    {"x = a ? b", 1, 7, "invalid syntax"},
    {"x = $a", 1, 5, "invalid syntax"},
    {"x = `a`", 1, 5, "invalid syntax"},
    {"x = a!\n", 1, 6, "invalid syntax"},
    {"x = \x01", 1, 5, "invalid non-printable character U+0001"},
    {"x \\ y", 1, 4, "unexpected character after line continuation character"},
    {"x = 1 \\\n", 1, 8, "unexpected EOF while parsing"},
    {"x = 1 \\ \ny", 1, 8, "unexpected character after line continuation character"},
    {"变量 = 1；", 1, 7, "invalid character '；' (U+FF1B)"},
    {"x = €", 1, 5, "invalid character '€' (U+20AC)"},
    {"\u0301a", 1, 1, "invalid character '\u0301' (U+0301)"},
    {"0777", 1, 1,
     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
     "integers"},
    {"1_", 1, 2, "invalid decimal literal"},
    {"1__0", 1, 2, "invalid decimal literal"},
    {"0x", 1, 2, "invalid hexadecimal literal"},
    {"0xg", 1, 2, "invalid hexadecimal literal"},
    {"0o8", 1, 3, "invalid digit '8' in octal literal"},
    {"0b2", 1, 3, "invalid digit '2' in binary literal"},
    {"0o", 1, 2, "invalid octal literal"},
    {"1jx", 1, 2, "invalid imaginary literal"},
    {"0b1_", 1, 4, "invalid binary literal"},
    {"if x\n  y", 1, 5, "expected ':'"},
    {"if x = 1: pass", 1, 4, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"},
    {"if x.y = 1:\n  pass", 1, 4,
     "cannot assign to attribute here. Maybe you meant '==' instead of '='?"},
    {"while x = 1: pass", 1, 7, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"},
    {"else: x", 1, 1, "invalid syntax"},
    {"elif x: y", 1, 1, "invalid syntax"},
    {"def f(x)\n  pass", 1, 9, "expected ':'"},
    {"def f\n", 1, 6, "expected '('"},
    {"def (x): pass", 1, 5, "invalid syntax"},
    {"def f(x,, y): pass", 1, 9, "invalid syntax"},
    {"class A(: pass", 1, 9, "invalid syntax"},
    {"class 1: pass", 1, 7, "invalid syntax"},
    {"for x y: pass", 1, 7, "invalid syntax"},
    {"for 1 in x: pass", 1, 5, "cannot assign to literal"},
    {"for f() in x: pass", 1, 5, "cannot assign to function call"},
    {"try: x\ny", 2, 1, "expected 'except' or 'finally' block"},
    {"try: a\nexcept: b\nexcept C: d", 2, 1, "default 'except:' must be last"},
    {"try: a\nexcept B: c\nexcept* D: e", 3, 1,
     "cannot have both 'except' and 'except*' on the same 'try'"},
    {"try: a\nexcept*: c", 2, 8, "expected one or more exception types"},
    {"with a as 1: pass", 1, 11, "cannot assign to literal"},
    {"with a as f(): pass", 1, 11, "cannot assign to function call"},
    {"import a.b as c.d", 1, 16, "invalid syntax"},
    {"import", 1, 7, "invalid syntax"},
    {"from a import", 1, 14, "invalid syntax"},
    {"from a import b,", 1, 17, "trailing comma not allowed without surrounding parentheses"},
    {"from import a", 1, 6, "invalid syntax"},
    {"from a import *, b", 1, 16, "invalid syntax"},
    {"import a as", 1, 12, "invalid syntax"},
    {"print x", 1, 1, "Missing parentheses in call to 'print'. Did you mean print(...)?"},
    {"print 'hello'", 1, 1, "Missing parentheses in call to 'print'. Did you mean print(...)?"},
    {"exec 'x'", 1, 1, "Missing parentheses in call to 'exec'. Did you mean exec(...)?"},
    {"raise A, b", 1, 8, "invalid syntax"},
    {"return = 1", 1, 8, "invalid syntax"},
    {"x = ", 1, 5, "invalid syntax"},
    {"x = = 1", 1, 5, "invalid syntax"},
    {"x == ", 1, 6, "invalid syntax"},
    {"1 = x", 1, 1, "cannot assign to literal here. Maybe you meant '==' instead of '='?"},
    {"f() = 1", 1, 1, "cannot assign to function call here. Maybe you meant '==' instead of '='?"},
    {"a + b = 1", 1, 1, "cannot assign to expression here. Maybe you meant '==' instead of '='?"},
    {"None = 1", 1, 1, "cannot assign to None"},
    {"x, True = 1", 1, 4, "cannot assign to True"},
    {"'a' = 1", 1, 1, "cannot assign to literal here. Maybe you meant '==' instead of '='?"},
    {"f'{a}' = 1", 1, 1,
     "cannot assign to f-string expression here. Maybe you meant '==' instead of '='?"},
    {"x.y() = 1", 1, 1,
     "cannot assign to function call here. Maybe you meant '==' instead of '='?"},
    {"*a = 1", 1, 1, "starred assignment target must be in a list or tuple"},
    {"*a", 1, 1, "can't use starred expression here"},
    {"a, *b, *c = x", 1, 1, "multiple starred expressions in assignment"},
    {"f() += 1", 1, 1, "'function call' is an illegal expression for augmented assignment"},
    {"(a, b) += 1", 1, 1, "'tuple' is an illegal expression for augmented assignment"},
    {"a, b += 1", 1, 1, "'tuple' is an illegal expression for augmented assignment"},
    {"x++", 1, 4, "invalid syntax"},
    {"x--", 1, 4, "invalid syntax"},
    {"x += ", 1, 6, "invalid syntax"},
    {"del f()", 1, 5, "cannot delete function call"},
    {"del 1", 1, 5, "cannot delete literal"},
    {"del *a", 1, 5, "cannot delete starred"},
    {"del (a, 1)", 1, 9, "cannot delete literal"},
    {"a, b: int", 1, 1, "only single target (not tuple) can be annotated"},
    {"f(): int", 1, 1, "illegal target for annotation"},
    {"[a]: int = 1", 1, 1, "only single target (not list) can be annotated"},
    {"lambda x: = 1", 1, 11, "invalid syntax"},
    {"x if y", 1, 1, "expected 'else' after 'if' expression"},
    {"x if y else", 1, 12, "invalid syntax"},
    {"(x if y)", 1, 2, "expected 'else' after 'if' expression"},
    {"not", 1, 4, "invalid syntax"},
    {"f(a=1, b)", 1, 9, "positional argument follows keyword argument"},
    {"f(**a, b)", 1, 9, "positional argument follows keyword argument unpacking"},
    {"f(**a, *b)", 1, 8, "iterable argument unpacking follows keyword argument unpacking"},
    {"f(a.b=1)", 1, 3, "expression cannot contain assignment, perhaps you meant \"==\"?"},
    {"f(1=2)", 1, 3, "expression cannot contain assignment, perhaps you meant \"==\"?"},
    {"f(True=1)", 1, 3, "cannot assign to True"},
    {"f(a=)", 1, 3, "expected argument value expression"},
    {"f(a for a in b, c)", 1, 3, "Generator expression must be parenthesized"},
    {"f(c, a for a in b)", 1, 6, "Generator expression must be parenthesized"},
    {"f(a=1, a=2)", 1, 8, "keyword argument repeated: a"},
    {"def f(a, a): pass", 1, 10, "duplicate argument 'a' in function definition"},
    {"def f(a=1, b): pass", 1, 12, "parameter without a default follows parameter with a default"},
    {"def f(*): pass", 1, 7, "named arguments must follow bare *"},
    {"def f(*, **a): pass", 1, 7, "named arguments must follow bare *"},
    {"def f(**a, b): pass", 1, 12, "arguments cannot follow var-keyword argument"},
    {"def f(*a, *b): pass", 1, 11, "* argument may appear only once"},
    {"def f(a, /, b, /): pass", 1, 16, "/ may appear only once"},
    {"def f(*a=1): pass", 1, 9, "var-positional argument cannot have default value"},
    {"def f(**a=1): pass", 1, 10, "var-keyword argument cannot have default value"},
    {"def f(a=): pass", 1, 8, "expected default value expression"},
    {"def f((a, b)): pass", 1, 7, "Function parameters cannot be parenthesized"},
    {"lambda (a, b): 1", 1, 8, "Lambda expression parameters cannot be parenthesized"},
    {"def f(*, a, /): pass", 1, 13, "/ must be ahead of *"},
    {"lambda a=1, b: 0", 1, 13, "parameter without a default follows parameter with a default"},
    {"[*a for a in b]", 1, 2, "iterable unpacking cannot be used in comprehension"},
    {"{**a for a in b}", 1, 2, "dict unpacking cannot be used in dict comprehension"},
    {"[x, y for x in z]", 1, 2, "did you forget parentheses around the comprehension target?"},
    {"(*a)", 1, 2, "cannot use starred expression here"},
    {"(yield) = 1", 1, 2,
     "cannot assign to yield expression here. Maybe you meant '==' instead of '='?"},
    {"(x.y := 1)", 1, 2, "cannot use assignment expressions with attribute"},
    {"(1 := 2)", 1, 2, "cannot use assignment expressions with literal"},
    {"return 1", 1, 1, "'return' outside function"},
    {"yield 1", 1, 1, "'yield' outside function"},
    {"x = yield", 1, 5, "'yield' outside function"},
    {"await x", 1, 1, "'await' outside function"},
    {"break", 1, 1, "'break' outside loop"},
    {"continue", 1, 1, "'continue' not properly in loop"},
    {"if x: break", 1, 7, "'break' outside loop"},
    {"class A:\n  return 1", 2, 3, "'return' outside function"},
    {"def f():\n  await x", 2, 3, "'await' outside async function"},
    {"def f():\n  async with a: pass", 2, 3, "'async with' outside async function"},
    {"def f():\n  async for a in b: pass", 2, 3, "'async for' outside async function"},
    {"async with a: pass", 1, 1, "'async with' outside async function"},
    {"def f(): return [(yield) for x in y]", 1, 19, "'yield' inside list comprehension"},
    {"nonlocal x", 1, 1, "nonlocal declaration not allowed at module level"},
    {"def f():\n  from x import *", 2, 17, "import * only allowed at module level"},
    {"async def f():\n  yield from x", 2, 3, "'yield from' inside async function"},
    {"while 1:\n  def f(): continue", 2, 12, "'continue' not properly in loop"},
    {"while 1:\n  try: a\n  except* b: break", 3, 14,
     "'break', 'continue' and 'return' cannot appear in an except* block"},
    {"from __future__ import braces", 1, 1, "not a chance"},
    {"from __future__ import nothing", 1, 1, "future feature nothing is not defined"},
    {"import a\nfrom __future__ import annotations", 2, 1,
     "from __future__ imports must occur at the beginning of the file"},
    {"match x:\n  case a.b(): pass\n  case f(x=1, 2): pass", 3, 15,
     "positional patterns follow keyword patterns"},
    {"match x:\n  case a as _: pass", 2, 13, "cannot use '_' as a target"},
    {"match x:\n  case f() as 1: pass", 2, 15, "invalid pattern target"},
    {"x = {", 1, 5, "'{' was never closed"},
    {"return)", 1, 7, "unmatched ')'"},
    {"print(f'{x!}')", 1, 12, "f-string: missing conversion character"},
    {"del None", 1, 5, "cannot delete None"},
    {"x = '''abc\ndef\n", 1, 5, "unterminated triple-quoted string literal (detected at line 2)"},
    {"def f():\n    return [\n        1,\n        2,\n    )\n", 5, 5,
     "closing parenthesis ')' does not match opening parenthesis '[' on line 2"},
    {"class Filter:\n    def inlet(self, body):\n    return body\n", 3, 5,
     "expected an indented block after function definition on line 2"},
    {"try:\n    x\nexcpt:\n    y\n", 3, 1, "expected 'except' or 'finally' block"},
    {"f(x == 1, y = 2, z)", 1, 19, "positional argument follows keyword argument"},
    {"def f(): x = yield = 1", 1, 14, "assignment to yield expression not possible"},
    {"class A():\npass", 2, 1, "expected an indented block after class definition on line 1"},
    {"\"\"\"title: x\n\nclass Pipe: pass\n", 1, 1,
     "unterminated triple-quoted string literal (detected at line 3)"},
};

static void
test_broken(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
    const Broken *b = &broken[i];
    PythonScan scan;
    g_autoptr(Diagnostic) diagnostic = NULL;
    if (python_scan("x.py", b->text, strlen(b->text), &scan, &diagnostic))
      g_error("this passed:\n%s", b->text);
    if (diagnostic->line != b->line || diagnostic->col != b->col ||
        strcmp(diagnostic->message, b->message) != 0)
      g_error("%d:%d: %s\nfor %d:%d: %s\nin:\n%s", diagnostic->line, diagnostic->col,
              diagnostic->message, b->line, b->col, b->message, b->text);
  }
}

/* What many write who know another language, or have a Chinese keyboard. */
static void
test_source_line(void)
{
  PythonScan scan;
  g_autoptr(Diagnostic) diagnostic = NULL;
  const char *text = "class Pipe:\r\n    name = “精读”\r\n";
  g_assert_false(python_scan("a/b.py", text, strlen(text), &scan, &diagnostic));
  g_assert_cmpstr(diagnostic->file, ==, "a/b.py");
  g_assert_cmpint(diagnostic->line, ==, 2);
  g_assert_cmpint(diagnostic->col, ==, 12);
  g_assert_cmpstr(diagnostic->message, ==, "invalid character '“' (U+201C)");
  g_assert_cmpstr(diagnostic->source, ==, "    name = “精读”");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scan/broken", test_broken);
  g_test_add_func("/scan/source-line", test_source_line);
  return g_test_run();
}
