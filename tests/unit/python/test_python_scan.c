/* SPDX-License-Identifier: MIT */
#include "python_scan.h"

#include <string.h>

static gboolean
scan(const char *text, PythonScan *found)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  gboolean fine = python_scan("x.py", text, strlen(text), found, &diagnostic);
  g_assert_true(fine == (diagnostic == NULL));
  if (!fine)
    g_test_message("%d:%d: %s", diagnostic->line, diagnostic->col, diagnostic->message);
  return fine;
}

static void
assert_all_good(const char *const *texts, guint n)
{
  for (guint i = 0; i < n; i++) {
    PythonScan found;
    if (!scan(texts[i], &found))
      g_error("called broken:\n%s", texts[i]);
  }
}

/* What some version from 3.11 to 3.14 takes. */
static void
test_tokens(void)
{
  static const char *const good[] = {
      "",
      "\n\n# nothing",
      "x",
      "x = 1\r\ny = 2\rz = 3",
      "\fx = 1\n  # a comment\n\n  \t\ny = 2\n   ",
      "if x:\n\ta\n\n    # odd\n\tb\nelse: c",
      "if x:\n    a\n# here\n    b\n  # there\nc",
      "if x:\n  \\\n  a\n  b",
      "x = (1,\n2,  # )\n\n)\n",
      "x = \\\n  1\\\n+ 2\n",
      "0, 00, 0_0, 1_000, 0x_fF, 0O17, 0b_1, 1.e5, .5j, 1e-5J, 09.5, 0777e1, 1 .real, 1..real",
      "1if 0else 2\n[0x1for x in y]\n1or 2\n0xfor 1\n1not in x\n1jand 2",
      "r'\\\\' '' R\"\" u'\\u1234' U\"\\N{EN DASH}\" '\\\n' '\\777' '\\d' '\\U0010ffff' '精读'",
      "b\"\\x00\" rb'\\u12' Rb'''\n''' bR\"\\xZZ\" B'\\N'",
      "x = '''\n'\"''\\''''",
      "x = \"\"\"\r\n\\\r\n\"\"\"",
      "精读 = é = ª = _1 = 𝒳 = x·y = e\u0301 = 변수 = имя = 1",
      "x.print = x.match = x._ = print.exec",
      "x<-y, x<y>z",
  };
  assert_all_good(good, G_N_ELEMENTS(good));
}

static void
test_fstrings(void)
{
  static const char *const good[] = {
      "f''",
      "f'{x}{{}}}}{{{x}}}' F\"{x!r}\" fr'{x!s:>{width}.{y!a}}' Rf'{x}'",
      "f'{x = !a}{x=:5}{x=}{x = :>{y}}'",
      "f'{x:%H:%M}{a[\"b\"]}{(lambda: 1)}{x != y}{x:=5}{(y:=5)}{*a, b}{x or y, z}'",
      "f'{x:{\"{\"}}'",
      /* from 3.12 on */
      "f'{a['b']}{'\\n'.join(x)}{f'{f'{1}'}'}'",
      "f'{\nx # a comment }\n}'",
      "f'{x:a\n}'",
      /* up to 3.11 */
      "f'''{x:\n\n}{\n3}\n'''",
      "rf'\\{x}\\d\\N{x}' fR\"\\\"\" f'\\N{EN DASH}{x:\\x41}'",
      "f'\\{x}' f'\\\n{x}'",
      "f'{x:{{1}.pop()}}'",
      "f'{x:{y:{z}}}'",
      "f'a' 'b' f'{c}' \"d\"",
      /* from 3.14 on */
      "t'{x}' Tr'{y!s}' rT''",
      "def f(): return f'{yield}{await_}'",
  };
  assert_all_good(good, G_N_ELEMENTS(good));
}

static void
test_expressions(void)
{
  static const char *const good[] = {
      "x = *a, *b\nx = *a,\n*a, b\n()\n(*a,)\n[*a, *b]\n{*a, b}",
      "not x in y is not z not in w < 1 == 2 != 3 >= 4 <= 5 > 6\nnot not x\nx is not not_y",
      "-x ** -y, ~+-x, x if y else z if w else v, 2 ** await_ ** -3",
      "a or b and not c | d ^ e & f << g + h - i * j / k // l % m @ n",
      "lambda: 0, lambda x, /, y=1, *, z, **w: 0, lambda *a, b: 0, lambda x,: lambda: x",
      "lambda *args, **kw: (yield)",
      "x[1], x[:], x[a:b, ::c], x[*a], x[*a or b, c:d], x[y:=1], x[lambda: 1:2], x[1,]",
      "f(a, *b, c=1, *d, **e), f(x for x in y), f((x for x in y), z), f(a := 1,), f(**a, b=1)",
      "f(*a if b else c, **d or e, print=1, match=2, x=lambda: 0)(y)(z)[0].a",
      "async def f(): [x async for x in y], [x for x in lambda_ if (lambda: y) if z]",
      "{x: y for x, in z if a if b}, {x for *x, y in z}, {x for x.y in z}, {**a, b: c, **d}",
      "{(a := 1): (b := 2)}, {a := 1, b}, {1: lambda: 2}, {}",
      "(x), ((x)), (x, y), (x,), (x := 1), (x := 1, y := 2)",
      "print(a, file=b)\nexec\nprint\nmatch\ncase\ntype\nprint >> x, y",
      "(await x for x in y)\n",
      "[i for i in range(5) if i if not i]",
      "...\n....__class__\nNone.x = 1",
  };
  assert_all_good(good, G_N_ELEMENTS(good));
}

static void
test_statements(void)
{
  static const char *const good[] = {
      "x: int\nx.y: int = 1\n(x): int = 2\nx[0]: 'a' = b, *c",
      "a = b, *c = [d, [e, *f]] = (g) = h.i = j[k] = 1, 2\n[] = () = x",
      "x += 1; x @= y; x //= y; x >>= *a, b; (x) **= 2; x.y |= 3; x[0] &= 4;",
      "del x, (y, [z]), a.b, c[d], ()\ndel (x)\ndel x,",
      "assert x, y\nraise\nraise x\nraise x from y\nglobal z, w\npass; pass;",
      "import a.b as c, d\nfrom a import b as c, d",
      "from . import (a, b as c,)\nfrom ...a.b import *",
      "from .... import x\nfrom .a import match\nimport type",
      "from __future__ import annotations",
      "('doc')\nfrom __future__ import annotations; from __future__ import division",
      "'doc'\nfrom __future__ import annotations; from __future__ import division\nimport x",
      "type X = int\ntype Y[T: (int, str) = int, *Ts = *x, **P = [int]] = list[T]",
      "type = 1\ntype in x\ntype(x)\ntype\ntype.x = 1\ntype[x]\ntype: x",
      "@a.b[c](d)\n@(lambda f: f)\n@x if y else z\nasync def f(): pass\n\n@a\nclass B: pass",
  };
  assert_all_good(good, G_N_ELEMENTS(good));
}

static void
test_compound(void)
{
  static const char *const good[] = {
      "if (x := 1): pass\nelif x := 2: pass\nelse: pass",
      "while x:\n  break\n  continue\nelse: pass\n",
      "for x, *y in *a, b: pass\nelse: pass\nfor (x) in y: continue\nfor x, in y: break",
      "for x[0] in y: pass\nfor x.y, [z] in w: pass",
      "try: pass\nexcept: pass\nelse: pass\nfinally: pass\ntry: pass\nfinally: pass",
      "try: pass\nexcept A as b: pass\nexcept (A, B): pass\nexcept A if b else C: pass\n",
      "try: pass\nexcept* A as b: pass\nexcept *(A, B): pass\n",
      "try: pass\nexcept A, B: pass\n", /* from 3.14 on */
      "for x in y:\n  try: pass\n  except* A:\n    for z in w: break\n",
      "with a, b as c, (d) as (e, f): pass\nwith (a): pass\nwith a as b.c, d as e[0]: pass",
      "with (a, b): pass\nwith (a as b, c): pass\nwith (a as b, c as d,): pass",
      "with (a, b) as c: pass\nwith (a) + b: pass\nwith (a := b): pass\nwith (a for b in c): pass",
      "with (a.b(c) as d): pass\nwith (a)(b) as c, (d): pass",
      "class A[S, T: int = str, *Ts = *x, **P = [int]](B, *c, metaclass=C, **d): pass",
      "class D: pass\nclass E(): x",
      "def f[T](a: int, /, b: int = 1, *args: *Ts, c, d=1, **kw: x) -> T: return *a, b",
      "def f(*, a): return\ndef g(a, *b): yield\ndef h(a=1, *, b): yield from x\ndef i(a, /): x",
      "def f(a,): global b; return\ndef g(*a,): x\ndef h(**a,): x",
      "async def f():\n  async with a as b: await c\n  async for x in y: return",
      "async def f(): return [await z async for z in w]",
      "def f():\n  def g():\n    nonlocal x\n  x = 1",
      "def f():\n  for x in y:\n    if x: break\n    else: continue\n    return x",
      "def f(a=lambda: (yield)): pass",
      "match x:\n  case 1 | -1.5 | 1+2j | 'a' 'b' | None | a.b: pass\n  case _: pass",
      /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
      "match x, *y:\n  case [a, *_], (b), (), {'k': 1, c.d: e, -1: f, **g}: pass\n"
      "  case A(1, b=2,) as h if i: pass",
      "match (x):\n  case *a, b: pass\nmatch -x:\n  case a,: pass\nmatch not x:\n  case True: x",
      "match[a]\nmatch(a, b)\nmatch * a\nmatch - a\nmatch.x = 1\nmatch = case = 2\n"
      "match: int\nmatch[a]: b",
      "match not in x\nmatch is x\nmatch if x else y\nprint(match [a:b])\nmatch (a); b",
      "match {}:\n  case {}: pass\nmatch match:\n  case case: pass\nmatch case, match: \n  case "
      "match.case: x",
  };
  assert_all_good(good, G_N_ELEMENTS(good));
}

static char *
repeat(const char *text, guint n)
{
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    g_string_append(all, text);
  return g_string_free(all, FALSE);
}

/* The text `n` times between two others. */
static gboolean
scan_repeated(const char *before, const char *text, guint n, const char *after, PythonScan *found)
{
  g_autofree char *middle = repeat(text, n);
  g_autofree char *whole = g_strconcat(before, middle, after, NULL);
  return scan(whole, found);
}

/* What nests without brackets goes on for ever; what needs a stack ends where CPython ends it. */
static void
test_depth(void)
{
  PythonScan found;
  const guint many = 100000;
  g_assert_true(scan_repeated("x = ", "- ~", many, "1\nclass Pipe: pass", &found));
  g_assert_cmpint(found.bound[KIND_PIPE].line, ==, 2);
  g_assert_true(scan_repeated("", "not ", many, "x", &found));
  g_assert_true(scan_repeated("", "x ** -", many, "x", &found));
  g_assert_true(scan_repeated("", "x if y else ", many, "x\nPipe = 1", &found));
  g_assert_cmpint(found.bound[KIND_PIPE].line, ==, 2);
  g_assert_true(scan_repeated("", "lambda: ", many, "x", &found));
  g_assert_true(scan_repeated("", "x = ", many, "x", &found));
  g_assert_true(scan_repeated("", "x.y()[0] ", many, "", &found) == FALSE);
  g_assert_true(scan_repeated("x", ".y()[0]", many, "", &found));
  g_assert_true(scan_repeated("if x: y\n", "elif x: y\n", many, "", &found));
  g_assert_true(scan_repeated("", "lambda x=", many, "1", &found));
  g_assert_true(scan_repeated("", "f'{", 100, "", &found) == FALSE);
  g_assert_true(scan_repeated("x = ", "(", 200, "", &found) == FALSE);
  g_assert_false(scan_repeated("x = ", "[", many, "", &found));
  g_assert_false(scan_repeated("x = ", "f'{", many, "", &found));
  g_assert_false(scan_repeated("x = ", "(lambda x=", many, "", &found));
}

static void
test_brackets_limit(void)
{
  PythonScan found;
  g_autofree char *open = repeat("(", 200), *close = repeat(")", 200);
  g_autofree char *good = g_strconcat("x = ", open, "1", close, NULL);
  g_autofree char *bad = g_strconcat("x = (", open, "1", close, ")", NULL);
  g_assert_true(scan(good, &found));
  g_assert_false(scan(bad, &found));
}

static void
test_indents_limit(void)
{
  for (int depth = 99; depth <= 100; depth++) {
    PythonScan found;
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < depth; i++)
      g_string_append_printf(text, "%*sif x:\n", i, "");
    g_string_append_printf(text, "%*sx\n", depth, "");
    g_assert_true(scan(text->str, &found) == (depth == 99));
  }
}

typedef struct {
  const char *text;
  int lines[N_KINDS]; /* of Pipe, Filter, Action, Event, Tools; 0: not bound */
} Bound;

static const Bound bound[] = {
    {"class Pipe: pass\n\n@x\n@y\nclass Filter(Action): pass\n", {1, 5}},
    {"Pipe = 1\nFilter: x = 1\nAction: x\nEvent += 1\n(Tools := 1)", {1, 2, 0, 4, 5}},
    {"Pipe, (Filter, [*Action]), x.Event, y[Tools] = z", {1, 1, 1}},
    {"x = Pipe = Filter\nAction == 1\nf(Event=1)\n{Tools: 1}", {1}},
    {"import Pipe\nimport Filter.x\nimport x.Action\nimport Event.y as z\nimport z as Tools",
     {1, 2, 0, 0, 5}},
    {"from x import Pipe, Filter as y, z as Action\nfrom .. import (Event,\nTools,\n)",
     {1, 0, 1, 2, 3}},
    {"if x:\n  class Pipe: pass\nelif y:\n  Filter = 1\nelse:\n  import Action\nwhile z:\n  def "
     "Event(): "
     "pass\nelse:\n  Tools = 1",
     {2, 4, 6, 8, 10}},
    {"try:\n  from x import Pipe\nexcept E as Filter:\n  Action = 1\nelse: Event = 1\nfinally: "
     "Tools = 1",
     {2, 3, 4, 5, 6}},
    {"for Pipe in x: pass\nfor Filter.x, *Action in y:\n  with z as Event, w as (Tools): pass",
     {1, 0, 2, 3, 3}},
    {"with (x as Pipe, y as [Filter, z]): pass\ntype Action = int\nasync def Event(): pass",
     {1, 1, 2, 3}},
    {"match x:\n  case [Pipe, *Filter]: pass\n  case {1: Action, **Event}: pass\n  case Tools(): "
     "pass",
     {2, 2, 3, 3}},
    {"match x:\n  case Pipe.x | Filter(Action=1) as Event: pass", {0, 0, 0, 2}},
    {"def f(x=(Pipe := 1)):\n  class Filter: pass\n  global Action\n  Action = 1\nlambda: (Event "
     ":= 1)",
     {1}},
    {"class A:\n  class Pipe: pass\n  Filter = 1\n  if x:\n    import Action\nEvent", {0}},
    {"[Pipe for Pipe in x]\n[(Filter := 1) for y in z]\n{Action: 1 for Action in x}", {0, 2}},
    {"del Pipe\nglobal Filter\nx.Action = 1\n'Event = 1'\n# Tools = 1", {0}},
    {"\n\nＰipe = 1\nclass Ｆｉｌｔｅｒ: pass\n", {3, 4}},
    {"Pipes = filter = 1\nclass pipe: pass\nimport Tool\n", {0}},
    {"Pipe = (\n  Pipe)\nPipe = 2", {1}},
};

static void
test_bindings(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(bound); i++) {
    PythonScan found;
    g_assert_true(scan(bound[i].text, &found));
    g_assert_false(found.star_import);
    for (int kind = 0; kind < N_KINDS; kind++)
      if (found.bound[kind].line != bound[i].lines[kind])
        g_error("%s at line %d, not %d:\n%s", kind_class((Kind)kind), found.bound[kind].line,
                bound[i].lines[kind], bound[i].text);
  }
}

static void
test_star_import(void)
{
  PythonScan found;
  g_assert_true(scan("try:\n  from x import *\nfinally: pass", &found));
  g_assert_true(found.star_import);
  g_assert_true(scan("from x import y", &found));
  g_assert_false(found.star_import);
}

/* What was bound before the first error is kept. */
static void
test_bound_before_error(void)
{
  PythonScan found;
  g_assert_false(scan("class Pipe: pass\nx = = 1\nclass Tools: pass\n", &found));
  g_assert_cmpint(found.bound[KIND_PIPE].line, ==, 1);
  g_assert_cmpint(found.bound[KIND_TOOL].line, ==, 0);
}

static void
test_kind(void)
{
  PythonScan found;
  Kind kind = KIND_EVENT;
  g_assert_true(scan("class Tools: pass\nclass Action: pass\nclass Filter: pass", &found));
  g_assert_true(python_scan_kind(&found, &kind));
  g_assert_cmpint(kind, ==, KIND_FILTER);
  g_assert_true(scan("class Tools: pass", &found));
  g_assert_true(python_scan_kind(&found, &kind));
  g_assert_cmpint(kind, ==, KIND_TOOL);
  g_assert_true(scan("x", &found));
  g_assert_false(python_scan_kind(&found, &kind));
}

/* The text need not end with NUL: nothing behind it is read. */
static void
test_length(void)
{
  static const char *const texts[] = {"x = 1\\\n2", "x = f'{a!r:>{b}}'", "'''a'''", "0x1f.e5j",
                                      "match x:"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    for (gsize len = 0; len <= strlen(texts[i]); len++) {
      g_autofree char *copy = g_memdup2(texts[i], len);
      PythonScan found;
      g_autoptr(Diagnostic) diagnostic = NULL;
      gboolean fine = python_scan("x.py", len > 0 ? copy : "", len, &found, &diagnostic);
      g_assert_true(fine == (diagnostic == NULL));
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scan/tokens", test_tokens);
  g_test_add_func("/scan/fstrings", test_fstrings);
  g_test_add_func("/scan/expressions", test_expressions);
  g_test_add_func("/scan/statements", test_statements);
  g_test_add_func("/scan/compound", test_compound);
  g_test_add_func("/scan/depth", test_depth);
  g_test_add_func("/scan/brackets-limit", test_brackets_limit);
  g_test_add_func("/scan/indents-limit", test_indents_limit);
  g_test_add_func("/scan/bindings", test_bindings);
  g_test_add_func("/scan/star-import", test_star_import);
  g_test_add_func("/scan/bound-before-error", test_bound_before_error);
  g_test_add_func("/scan/kind", test_kind);
  g_test_add_func("/scan/length", test_length);
  return g_test_run();
}
