/* SPDX-License-Identifier: MIT */
/* The valves that are read from a class. */
#include "class_valves.h"
#include "json_exact.h"
#include "json_text.h"

#include <string.h>

static const OutlineItem *
find_valves(const Outline *outline)
{
  const OutlineItem *valves;
  g_assert_true(class_valves_find(outline_find_class(outline, "Filter"), "Valves", &valves));
  return valves;
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
test_find(void)
{
  g_autoptr(Outline) outline = outline_read(text, strlen(text), TRUE);
  const OutlineItem *filter = outline_find_class(outline, "Filter"), *inner;
  g_assert_cmpint(find_valves(outline)->line, ==, 13);
  g_assert_false(class_valves_find(filter, "UserValves", &inner));
  g_assert_false(class_valves_find(NULL, "Valves", &inner));
  static const char shared[] = "class A:\n    Valves = Shared\n";
  g_autoptr(Outline) bound = outline_read(shared, strlen(shared), TRUE);
  g_assert_true(class_valves_find(outline_find_class(bound, "A"), "Valves", &inner));
  g_assert_null(inner);
}

static void
assert_literal(const char *python, const char *json)
{
  json_auto_t *value = class_valves_literal(python);
  if (json == NULL) {
    g_assert_null(value);
    return;
  }
  g_assert_nonnull(value);
  g_autofree char *written = json_text(value, JSON_ENCODE_ANY);
  g_assert_cmpstr(written, ==, json);
}

static void
test_literals(void)
{
  assert_literal("True", "true");
  assert_literal("None", "null");
  assert_literal("-5", "-5");
  assert_literal("'a\\'b'", "\"a'b\"");
  assert_literal("\"\"\"x\ny\"\"\"", "\"x\\ny\"");
  assert_literal("''", "\"\"");
  assert_literal("\"\"\"\\\nx\"\"\"", "\"x\"");
  assert_literal("[1, 2]", "[1, 2]");
  assert_literal("'a' + 'b'", NULL);
  assert_literal("'", NULL);
  assert_literal("os.environ", NULL);
  assert_literal("", NULL);
}

static void
test_schema(void)
{
  g_autoptr(Outline) outline = outline_read(text, strlen(text), TRUE);
  json_auto_t *schema = class_valves_schema(find_valves(outline), "Valves");
  json_t *n = json_object_get(json_object_get(schema, "properties"), "n");
  g_assert_cmpstr(json_string_value(json_object_get(n, "type")), ==, "integer");
  g_assert_cmpint(json_integer_value(json_object_get(n, "default")), ==, 3);
  g_assert_cmpstr(json_string_value(json_object_get(n, "description")), ==, "a, (b)");
  g_assert_cmpstr(json_string_value(json_object_get(n, "title")), ==, "N");
  g_assert_cmpuint(json_array_size(json_object_get(schema, "required")), ==, 1);
}

/* What is stored of valves that are sent as JSON, or the refusal. */
static char *
take(const char *sent)
{
  static const char valves[] =
      "class Filter:\n  class Valves(BaseModel):\n    i: int = 0\n    f: float = 0\n"
      "    b: bool = False\n    s: str = ''\n    o: int | None = None\n";
  g_autoptr(Outline) outline = outline_read(valves, strlen(valves), TRUE);
  json_auto_t *json = json_exact_parse_text(sent, 0);
  g_assert_nonnull(json);
  g_autofree char *refusal = NULL;
  json_auto_t *taken = class_valves_take(find_valves(outline), json, &refusal);
  if (taken == NULL)
    return g_strdup(strchr(refusal, '\n') + 1);
  g_assert_null(refusal);
  return json_text(taken, JSON_COMPACT);
}

static void
assert_taken(const char *sent, const char *stored)
{
  g_autofree char *got = take(sent);
  g_assert_cmpstr(got, ==, stored);
}

static void
assert_refused(const char *sent, const char *name, const char *type)
{
  g_autofree char *got = take(sent);
  g_assert_true(g_str_has_prefix(got, name));
  g_assert_nonnull(strstr(got, type));
}

static void
test_take(void)
{
  assert_taken("{\"i\":\" 7 \",\"zz\":1,\"s\":null}", "{\"i\":7}");
  assert_taken("{\"i\":2.0,\"f\":\"1.5\",\"b\":\"YES\",\"o\":true}",
               "{\"i\":2,\"f\":1.5,\"b\":true,\"o\":1}");
  assert_refused("{\"i\":\"x\"}", "i\n", "[type=int_parsing, input_value='x', input_type=str]");
  assert_refused("{\"i\":1.5}", "i\n", "[type=int_from_float");
  assert_refused("{\"i\":[]}", "i\n", "[type=int_type");
  assert_refused("{\"i\":1e300}", "i\n", "[type=int_from_float");
  assert_refused("{\"f\":\"\"}", "f\n", "[type=float_parsing");
  assert_refused("{\"b\":7}", "b\n", "[type=bool_parsing");
  assert_refused("{\"b\":{}}", "b\n", "[type=bool_type");
  assert_refused("{\"s\":5}", "s\n", "[type=string_type");
}

static void
test_misfit(void)
{
  g_autoptr(Outline) outline = outline_read(text, strlen(text), TRUE);
  const OutlineItem *filter = outline_find_class(outline, "Filter");
  json_auto_t *fits = json_pack("{s:i, s:s}", "n", 1, "zz", "old");
  json_auto_t *broken = json_pack("{s:s}", "n", "x");
  g_autofree char *none = class_valves_misfit(filter, fits);
  g_autofree char *why = class_valves_misfit(filter, broken);
  g_assert_null(none);
  g_assert_cmpstr(why, ==,
                  "n: Input should be a valid integer, unable to parse string as an integer; "
                  "required: Field required");
  g_assert_null(class_valves_misfit(filter, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/valves/find", test_find);
  g_test_add_func("/valves/literals", test_literals);
  g_test_add_func("/valves/schema", test_schema);
  g_test_add_func("/valves/take", test_take);
  g_test_add_func("/valves/misfit", test_misfit);
  return g_test_run();
}
