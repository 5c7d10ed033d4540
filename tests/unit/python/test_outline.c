/* SPDX-License-Identifier: MIT */
/* Which classes, functions, fields and imports a text shows. */
#include "outline.h"

#include <string.h>

static const OutlineItem *
item(const Outline *outline, guint i)
{
  g_assert_cmpuint(i, <, outline->items->len);
  return outline->items->pdata[i];
}

/* The i-th item of a type that stands in the class itself; NULL: there are not so many. */
static const OutlineItem *
own(const OutlineItem *class, OutlineType type, guint i)
{
  for (guint j = 0; j < class->inside->len; j++) {
    const OutlineItem *one = class->inside->pdata[j];
    if (one->type == type && one->in == class && one->direct && !one->on_self && i-- == 0)
      return one;
  }
  return NULL;
}

static const char text[] =
    "\"\"\"\ntitle: x\nclass Filter:\n\"\"\"\n"
    "class Other:\n    class Valves(BaseModel):\n        other: int = 1\n\n"
    "class Filter:  # the one\n"
    "    \"\"\"Words.\n  class Valves(BaseModel):\n\"\"\"\n"
    "    class Valves(BaseModel):\n"
    "        n: int = Field(\n            default=3,  # three, (not four\n"
    "            description=\"a, (b)\",\n        )\n"
    "        s : Optional[str] = None; t: int\n"
    "        d: Dict[str, int] = {}\n"
    "        required: str\n"
    "        def check(self):\n            inner: int = 5\n            return 1\n"
    "    toggle_it = 1\n"
    "    def __init__(self):\n        class Valves: pass\n        self.toggle = True\n"
    "        self.x: int = 5\n"
    "    async  def inlet(self, body): return body\n"
    "x: int = 1\n";

static void
test_class(void)
{
  g_autoptr(Outline) outline = outline_read(text, strlen(text), TRUE);
  const OutlineItem *filter = outline_find_class(outline, "Filter");
  g_assert_nonnull(filter);
  g_assert_cmpint(filter->line, ==, 9);
  g_assert_cmpstr(filter->bases, ==, "");
  g_assert_false(filter->stub);
  g_assert_cmpstr(own(filter, OUTLINE_DEF, 1)->name, ==, "inlet");
  g_assert_null(own(filter, OUTLINE_DEF, 2));
  g_assert_cmpstr(own(filter, OUTLINE_FIELD, 0)->name, ==, "toggle_it");
  g_assert_null(own(filter, OUTLINE_FIELD, 1));

  const OutlineItem *valves = own(filter, OUTLINE_CLASS, 0);
  g_assert_cmpstr(valves->name, ==, "Valves");
  g_assert_cmpstr(valves->bases, ==, "BaseModel");
  g_assert_null(own(filter, OUTLINE_CLASS, 1));
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 0)->annotation, ==, "int");
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 1)->value, ==, "None");
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 2)->name, ==, "d");
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 2)->annotation, ==, "Dict[str, int]");
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 2)->value, ==, "{}");
  g_assert_cmpstr(own(valves, OUTLINE_FIELD, 3)->name, ==, "required");
  g_assert_null(own(valves, OUTLINE_FIELD, 3)->value);
  g_assert_null(own(valves, OUTLINE_FIELD, 4));
  g_assert_null(outline_find_class(outline, "Pipe"));
}

/* `self.toggle = True` is seen wherever it stands in the class. */
static void
test_on_self(void)
{
  g_autoptr(Outline) outline = outline_read(text, strlen(text), TRUE);
  const OutlineItem *filter = outline_find_class(outline, "Filter");
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; i < filter->inside->len; i++) {
    const OutlineItem *one = filter->inside->pdata[i];
    if (one->on_self)
      g_string_append_printf(got, "%s=%s ", one->name, one->value);
  }
  g_assert_cmpstr(got->str, ==, "toggle=True x=5 ");
}

static void
test_odd_texts(void)
{
  static const char *const odd[] = {
      "class Filter",
      "class Filter:",
      "class Filter(",
      "class Filter:\n",
      "class Filter:\n x:",
      "class Filter:\n '",
      "class Filter:\n x = '''",
      "class Filter:\n \\",
      "class Filter:\n)\n]",
      "class Filter:\n\tx: int\\\n = 1",
      "class :\n",
      "class Filter(:\n def\n async\n class\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
    for (gsize len = 0; len <= strlen(odd[i]); len++) {
      g_autofree char *piece = g_strndup(odd[i], len);
      g_autoptr(Outline) outline = outline_read(piece, len, TRUE);
    }
  }
  g_autoptr(Outline) empty = outline_read(NULL, 0, TRUE);
  g_assert_cmpuint(empty->items->len, ==, 0);
  static const char twice[] = "class A:\n    x = 1\nif True:\n  class A:\n    y = 2\n";
  g_autoptr(Outline) outline = outline_read(twice, strlen(twice), TRUE);
  g_assert_cmpstr(own(outline_find_class(outline, "A"), OUTLINE_FIELD, 0)->name, ==, "y");
}

/* The classes of a text, "LINE:COLUMN NAME" each. */
static void
finds(const char *source, gsize len, gboolean whole, const char *want)
{
  g_autoptr(Outline) outline = outline_read(source, len, whole);
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; i < outline->items->len; i++)
    if (item(outline, i)->type == OUTLINE_CLASS)
      g_string_append_printf(got, "%d:%d %s ", item(outline, i)->line, item(outline, i)->column,
                             item(outline, i)->name);
  g_assert_cmpstr(got->str, ==, want);
}

#define FINDS(source, whole, want) finds(source, sizeof(source) - 1, whole, want)

/* What is broken hides no more than it must. */
static void
test_broken(void)
{
  FINDS("x = (1\n\nclass A:\n  class B: pass\n", FALSE, "3:1 A 4:3 B ");
  FINDS("class A:\n  x = (\n  pass\n  y\n", FALSE, "1:1 A ");
  FINDS("class A(\n  pass\n  y\n", FALSE, "1:1 A ");
  FINDS("x = f(\n  def f():\n    class A:\n      pass\n", FALSE, "3:5 A ");
  FINDS("x = 'a\nclass A:\r\n  )\r\nclass B(A):\r", FALSE, "2:1 A 4:1 B ");
  FINDS("class A:\n    x\n  y\n  class B:\n", FALSE, "1:1 A 4:3 B ");
  FINDS("x = \"\"\"\nclass A:\n", FALSE, "2:1 A ");
  FINDS("x = \"\"\"\nclass A:\n\"\"\"\nclass B:\n", TRUE, "4:1 B ");
  FINDS("\"\"\nt: 1\n\"\"\"\nclass A:\n  x = \"\"\"\n\"\"\"\n", FALSE, "4:1 A ");
  FINDS("caf\xE9 = 1\nclass A:\n \0\nclass B:\n", FALSE, "2:1 A 4:1 B ");
}

static void
test_stub(void)
{
  static const char stubs[] = "class A:\n\n  pass\nclass B(\n  A):  # b\n  ...\n"
                              "class C:\n  # c\n  pass\nclass D:\n  x = 1\nclass E: pass\n";
  g_autoptr(Outline) outline = outline_read(stubs, strlen(stubs), TRUE);
  g_assert_true(outline_find_class(outline, "A")->stub);
  g_assert_true(outline_find_class(outline, "B")->stub);
  g_assert_false(outline_find_class(outline, "C")->stub);
  g_assert_false(outline_find_class(outline, "D")->stub);
  g_assert_false(outline_find_class(outline, "E")->stub);
}

static void
test_imports(void)
{
  static const char lines[] = "import a.b as c, d; from e import (f,\n g)\nfrom . import h\n"
                              "'''\nimport i\n'''\nif x:\n  from j.k import *\n";
  g_autoptr(Outline) outline = outline_read(lines, strlen(lines), TRUE);
  static const char *const names[] = {"a.b", "d", "e", "j.k"};
  g_assert_cmpuint(outline->items->len, ==, G_N_ELEMENTS(names));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_assert_cmpstr(item(outline, i)->name, ==, names[i]);
  g_assert_cmpint(item(outline, 3)->line, ==, 8);
}

static void
same_class(const char *a, const char *b, gboolean want)
{
  g_autoptr(Outline) left = outline_read(a, strlen(a), TRUE);
  g_autoptr(Outline) right = outline_read(b, strlen(b), TRUE);
  g_autofree char *text_a = outline_class_text(item(left, 0));
  g_autofree char *text_b = outline_class_text(item(right, 0));
  g_assert_cmpint(strcmp(text_a, text_b) == 0, ==, want);
}

static void
test_class_text(void)
{
  same_class("class A:\n  x: int = 1\n", "class A: # a\n\n\n  x: int  =  1 # x\ny = 1\n", TRUE);
  same_class("class A:\n  x: int = 1\n", "class A:\n  x: int = 2\n", FALSE);
  same_class("class A:\n  x = '# a'\n", "class A:\n  x = '# b'\n", FALSE);
  same_class("class A:\n  x = f'a {1} b'\n", "class A:\n  x = f'a  {1} b'\n", FALSE);
}

static void
test_arguments(void)
{
  g_autofree char *first = outline_argument("Field(3, description='a, b')", NULL);
  g_autofree char *named = outline_argument("Field(3, description='a, b')", "description");
  g_autofree char *none = outline_argument("Field(3, description='a, b')", "default");
  g_autofree char *nested = outline_argument("Field(f(default=1), default={'a': 2,})", "default");
  g_autofree char *empty = outline_argument("Field()", NULL);
  g_autofree char *broken = outline_argument("Field(", NULL);
  g_assert_cmpstr(first, ==, "3");
  g_assert_cmpstr(named, ==, "'a, b'");
  g_assert_null(none);
  g_assert_cmpstr(nested, ==, "{'a': 2,}");
  g_assert_null(empty);
  g_assert_null(broken);
}

static void
docstring(const char *source, int want)
{
  int line;
  const char *at = outline_docstring(source, strlen(source), &line);
  g_assert_cmpint(at != NULL ? line : 0, ==, want);
}

static void
test_docstring(void)
{
  docstring("", 0);
  docstring("'a'", 1);
  docstring("# a\nimport a; import b\nfrom c import (\n  d)\n\nf'''a'''\n", 6);
  docstring("x = 'a'\n", 0);
  docstring("import a\n\"\"\"never closed", 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/outline/class", test_class);
  g_test_add_func("/outline/on-self", test_on_self);
  g_test_add_func("/outline/odd-texts", test_odd_texts);
  g_test_add_func("/outline/broken", test_broken);
  g_test_add_func("/outline/stub", test_stub);
  g_test_add_func("/outline/imports", test_imports);
  g_test_add_func("/outline/class-text", test_class_text);
  g_test_add_func("/outline/arguments", test_arguments);
  g_test_add_func("/outline/docstring", test_docstring);
  return g_test_run();
}
