/* SPDX-License-Identifier: MIT */
#include "valves_schema.h"

#include "json_exact.h"
#include "json_text.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEFS "#/$defs/"
/* So many parts of a schema are looked at for one value: it comes from the server and may refer to
 * itself. */
#define VISITS 100

json_t *
valves_schema_follow(const json_t *spec, json_t *property)
{
  const char *ref = json_string_value(json_object_get(property, "$ref"));
  if (ref == NULL || !g_str_has_prefix(ref, DEFS))
    return property;
  return json_object_get(json_object_get(spec, "$defs"), ref + strlen(DEFS));
}

json_t *
valves_schema_property(const json_t *spec, const char *name)
{
  return valves_schema_follow(spec, json_object_get(json_object_get(spec, "properties"), name));
}

/* The first of `property`'s choices that has properties: Optional[Inner]. */
static json_t *
find_object(const json_t *spec, json_t *property)
{
  const json_t *choices = json_object_get(property, "anyOf");
  for (gsize i = 0; i < json_array_size(choices); i++) {
    json_t *choice = valves_schema_follow(spec, json_array_get(choices, i));
    if (json_object_get(choice, "properties") != NULL)
      return choice;
  }
  json_t *items = valves_schema_follow(spec, json_object_get(property, "items"));
  return items != NULL ? items : property;
}

json_t *
valves_schema_within(const json_t *spec, const char *name)
{
  json_t *property = find_object(spec, valves_schema_property(spec, name));
  json_t *properties = json_object_get(property, "properties");
  if (properties == NULL)
    return NULL;
  json_t *inner = json_pack("{s:O}", "properties", properties);
  json_object_set(inner, "$defs", json_object_get(spec, "$defs"));
  return inner;
}

static gboolean
is_number_text(const json_t *value, gboolean whole)
{
  const char *text = json_exact_is_string(value) ? json_string_value(value) : NULL;
  if (text == NULL || *text == '\0')
    return FALSE;
  char *end;
  if (whole)
    g_ascii_strtoll(text, &end, 10);
  else
    g_ascii_strtod(text, &end);
  return *end == '\0';
}

static gboolean
is_truth(const json_t *value)
{
  static const char *const words[] = {"true", "false", "1", "0", "yes", "no", "on",
                                      "off",  "t",     "f", "y", "n",   NULL};
  if (json_exact_is_number(value))
    return json_exact_real(value) == 0 || json_exact_real(value) == 1;
  const char *text = json_string_value(value);
  g_autofree char *lower = text != NULL ? g_ascii_strdown(text, -1) : NULL;
  return json_is_boolean(value) || (lower != NULL && g_strv_contains(words, lower));
}

/* In pydantic's lax mode. Unknown types take anything. */
static gboolean
fits_type(const char *type, const json_t *value)
{
  if (strcmp(type, "string") == 0)
    return json_exact_is_string(value);
  if (strcmp(type, "integer") == 0)
    return json_exact_is_whole(value) || json_is_boolean(value) || is_number_text(value, TRUE);
  if (strcmp(type, "number") == 0)
    return json_exact_is_number(value) || json_is_boolean(value) || is_number_text(value, FALSE);
  if (strcmp(type, "boolean") == 0)
    return is_truth(value);
  if (strcmp(type, "array") == 0)
    return json_is_array(value);
  if (strcmp(type, "object") == 0)
    return json_is_object(value);
  return strcmp(type, "null") != 0 || json_is_null(value);
}

static char *
misfit_choice(const json_t *choices, const json_t *value)
{
  for (gsize i = 0; i < json_array_size(choices); i++)
    if (json_exact_equal(json_array_get(choices, i), value))
      return NULL;
  g_autofree char *text = json_text(choices, JSON_COMPACT | JSON_ENCODE_ANY);
  return g_strdup_printf(_("should be one of %s"), text != NULL ? text : "[]");
}

static char *misfit_within(const json_t *spec, const json_t *property, const json_t *value,
                           guint *visits);

static char *
misfit_any(const json_t *spec, const json_t *options, const json_t *value, guint *visits)
{
  char *why = NULL;
  for (gsize i = 0; i < json_array_size(options); i++) {
    json_t *option = valves_schema_follow(spec, json_array_get(options, i));
    g_free(why);
    why = misfit_within(spec, option, value, visits);
    if (why == NULL)
      return NULL;
  }
  return why;
}

/* `visits` are what is left; where none is, nothing can be said. */
static char *
misfit_within(const json_t *spec, const json_t *property, const json_t *value, guint *visits)
{
  if (*visits == 0)
    return NULL;
  (*visits)--;
  json_t *any = json_object_get(property, "anyOf");
  if (json_is_array(any))
    return misfit_any(spec, any, value, visits);
  json_t *choices = json_object_get(property, "enum");
  if (json_is_array(choices))
    return misfit_choice(choices, value);
  const char *type = json_string_value(json_object_get(property, "type"));
  if (type == NULL || fits_type(type, value))
    return NULL;
  return g_strdup_printf(_("should be of type %s"), type);
}

char *
valves_schema_misfit(const json_t *spec, const json_t *property, const json_t *value)
{
  guint visits = VISITS;
  return misfit_within(spec, property, value, &visits);
}

static void
check_required(const json_t *spec, const json_t *valves, GPtrArray *lines)
{
  json_t *required = json_object_get(spec, "required");
  for (gsize i = 0; i < json_array_size(required); i++) {
    const char *name = json_string_value(json_array_get(required, i));
    json_t *value = name != NULL ? json_object_get(valves, name) : NULL;
    if (name != NULL && (value == NULL || json_is_null(value)))
      g_ptr_array_add(lines, g_strdup_printf(_("%s is required and has no value"), name));
  }
}

GPtrArray *
valves_schema_check(const json_t *spec, const json_t *valves)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)valves, name, value)
  {
    json_t *property = valves_schema_property(spec, name);
    g_autofree char *why = property != NULL && !json_is_null(value)
                               ? valves_schema_misfit(spec, property, value)
                               : NULL;
    if (property == NULL && !json_is_null(value))
      g_ptr_array_add(lines,
                      g_strdup_printf(_("%s is stored, but the code no longer has it"), name));
    else if (why != NULL)
      g_ptr_array_add(lines, g_strdup_printf("%s %s", name, why));
  }
  check_required(spec, valves, lines);
  return lines;
}

void
valves_schema_add_marks(json_t *spec, const json_t *marks)
{
  const char *name;
  json_t *mark;
  json_object_foreach(json_object_get(marks, "properties"), name, mark)
  {
    json_t *property = json_object_get(json_object_get(spec, "properties"), name);
    if (json_is_true(json_object_get(mark, "writeOnly")))
      json_object_set_new(property, "writeOnly", json_true());
  }
}
