/* SPDX-License-Identifier: MIT */
/* Which settings a text declares as secrets. */
#include "valve_marks.h"

#include <string.h>

static void
check(const char *text, const char *want)
{
  g_autoptr(GBytes) content = g_bytes_new_static(text, strlen(text));
  json_auto_t *marks = valve_marks_read(content);
  char *got = json_dumps(marks, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
  g_assert_cmpstr(got, ==, want);
  free(got);
}

#define CLASS "class Filter:\n    class Valves(BaseModel):\n"
#define SECRET "{\"properties\":{\"a\":{\"writeOnly\":true}}}"
#define OPEN "{\"properties\":{\"a\":{}}}"

static void
test_marks(void)
{
  check(CLASS "        a: SecretStr\n", SECRET);
  check(CLASS "        a: Optional[pydantic.SecretStr] = None\n", SECRET);
  check(CLASS "        a: str = Field('', json_schema_extra={'input': {'type': 'password'}})\n",
        SECRET);
  check(CLASS "        a: str = Field('', json_schema_extra=dict(input=dict(type=\"password\")))\n",
        SECRET);
  check(CLASS "        a: str = Field(\n            '',\n            json_schema_extra={\n"
              "                \"writeOnly\" : True,\n            },\n        )\n",
        SECRET);
  check(CLASS "        a: Annotated[str, Field(json_schema_extra={'format': 'password'})] = ''\n",
        SECRET);
  check(CLASS "        a: str = ''\n", OPEN);
  check(CLASS "        a: str = Field('', description='the password')\n", OPEN);
}

static void
test_classes(void)
{
  check("class Base(BaseModel):\n    a: SecretStr\n\nclass Filter:\n    class Valves(Base):\n"
        "        n: int = 0\n",
        "{\"properties\":{\"a\":{\"writeOnly\":true},\"n\":{}}}");
  check("class Valves(BaseModel):\n    a: SecretStr\n\nclass Filter:\n    Valves = Valves\n",
        SECRET);
  check(CLASS "        model_config = {}\n        k: ClassVar[str] = ''\n        _p: str = ''\n"
              "        a: int = 1\n        def f(self):\n            z: SecretStr = 1\n",
        "{\"properties\":{\"a\":{}}}");
  check("class Filter:\n    pass\n", NULL);
  check("", NULL);
  check("class Filter:\n    class Valves(BaseModel):\n        a: SecretStr = (\n", SECRET);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/valve-marks/marks", test_marks);
  g_test_add_func("/valve-marks/classes", test_classes);
  return g_test_run();
}
