/* SPDX-License-Identifier: MIT */
#include "valve_secret.h"
#include "valves_schema.h"

#include <string.h>

static const char spec_text[] =
    "{\"properties\":{\"n\":{\"type\":\"integer\",\"default\":0},\"s\":{\"type\":\"string\"},"
    "\"b\":{\"type\":\"boolean\"},\"m\":{\"$ref\":\"#/$defs/Mode\"},"
    "\"o\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},"
    "\"maybe\":{\"anyOf\":[{\"type\":\"string\",\"format\":\"password\"},{\"type\":\"null\"}]},"
    "\"pin\":{\"type\":\"string\",\"format\":\"password\",\"writeOnly\":true}},"
    "\"required\":[\"s\"],\"$defs\":{\"Mode\":{\"enum\":[\"a\",\"b\"]}}}";

static void
check(const char *valves_text, const char *want)
{
  json_auto_t *spec = json_loads(spec_text, 0, NULL);
  json_auto_t *valves = json_loads(valves_text, 0, NULL);
  g_assert_nonnull(valves);
  g_autoptr(GPtrArray) lines = valves_schema_check(spec, valves);
  g_ptr_array_add(lines, NULL);
  g_autofree char *got = g_strjoinv("; ", (char **)lines->pdata);
  g_assert_cmpstr(got, ==, want);
}

static void
test_fits(void)
{
  check("{\"s\":\"x\"}", "");
  check("{\"s\":\"x\",\"n\":3,\"b\":true,\"m\":\"a\",\"o\":null,\"pin\":\"1\"}", "");
  check("{\"s\":\"x\",\"n\":\"3\",\"b\":\"yes\",\"o\":\"text\"}", "");
  check("{\"s\":\"x\",\"n\":3.0,\"b\":1}", "");
}

static void
test_misfits(void)
{
  check("{}", "s is required and has no value");
  check("{\"s\":5}", "s should be of type string");
  check("{\"s\":\"x\",\"n\":\"many\"}", "n should be of type integer");
  check("{\"s\":\"x\",\"n\":1.5}", "n should be of type integer");
  check("{\"s\":\"x\",\"b\":\"maybe\"}", "b should be of type boolean");
  check("{\"s\":\"x\",\"m\":\"c\"}", "m should be one of [\"a\",\"b\"]");
  check("{\"s\":\"x\",\"gone\":1}", "gone is stored, but the code no longer has it");
  check("{\"s\":\"x\",\"o\":[]}", "o should be of type null");
}

static void
check_nothing_said(json_t *spec)
{
  json_auto_t *value = json_string("x");
  g_assert_nonnull(spec);
  g_autofree char *why = valves_schema_misfit(spec, valves_schema_property(spec, "n"), value);
  g_assert_cmpstr(why, ==, NULL);
}

/* A choice among itself: no end to walk to. */
static void
test_endless(void)
{
  json_auto_t *spec = json_loads("{\"properties\":{\"n\":{\"$ref\":\"#/$defs/A\"}},"
                                 "\"$defs\":{\"A\":{\"anyOf\":[{\"$ref\":\"#/$defs/A\"}]}}}",
                                 0, NULL);
  check_nothing_said(spec);
}

/* Forty levels that each ask the next one twice: a few bytes, 2^40 visits. */
static void
test_fan_out(void)
{
  json_auto_t *spec = json_pack("{s:{s:{s:s}}, s:{s:{s:s}}}", "properties", "n", "$ref",
                                "#/$defs/A0", "$defs", "A40", "type", "integer");
  json_t *defs = json_object_get(spec, "$defs");
  for (int i = 0; i < 40; i++) {
    g_autofree char *name = g_strdup_printf("A%d", i);
    g_autofree char *next = g_strdup_printf("#/$defs/A%d", i + 1);
    json_object_set_new(defs, name,
                        json_pack("{s:[{s:s}, {s:s}]}", "anyOf", "$ref", next, "$ref", next));
  }
  check_nothing_said(spec);
}

static void
test_nested(void)
{
  json_auto_t *spec = json_loads("{\"properties\":{\"n\":{\"anyOf\":[{\"anyOf\":["
                                 "{\"type\":\"boolean\"},{\"type\":\"integer\"}]},"
                                 "{\"type\":\"null\"}]}}}",
                                 0, NULL);
  json_auto_t *number = json_integer(5), *text = json_string("x");
  json_t *property = valves_schema_property(spec, "n");
  g_assert_null(valves_schema_misfit(spec, property, number));
  g_autofree char *why = valves_schema_misfit(spec, property, text);
  g_assert_cmpstr(why, ==, "should be of type null");
}

static void
test_secrets(void)
{
  json_auto_t *spec = json_loads(spec_text, 0, NULL);
  json_auto_t *text = json_string("x"), *number = json_integer(5);
  g_assert_true(valve_secret(spec, "pin", text));
  g_assert_true(valve_secret(spec, "pin", number));
  g_assert_true(valve_secret(spec, "maybe", text));
  g_assert_true(valve_secret(spec, "OPENAI_API_KEY", text));
  g_assert_true(valve_secret(NULL, "access_token", text));
  g_assert_true(valve_secret(NULL, "api_tokens", text));
  g_assert_true(valve_secret(NULL, "password", number));
  g_assert_false(valve_secret(NULL, "max_tokens", number));
  g_assert_false(valve_secret(NULL, "use_key", json_true()));
  g_assert_false(valve_secret(NULL, "key", json_null()));
  g_assert_false(valve_secret(spec, "n", number));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/valves/fits", test_fits);
  g_test_add_func("/valves/misfits", test_misfits);
  g_test_add_func("/valves/endless", test_endless);
  g_test_add_func("/valves/fan_out", test_fan_out);
  g_test_add_func("/valves/nested", test_nested);
  g_test_add_func("/valves/secrets", test_secrets);
  return g_test_run();
}
