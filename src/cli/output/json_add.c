/* SPDX-License-Identifier: MIT */
#include "json_add.h"

static json_t *
make_text(const char *text)
{
  if (text == NULL)
    return json_null();
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  return json_string(valid);
}

void
json_add_text(json_t *object, const char *name, const char *text)
{
  json_object_set_new(object, name, make_text(text));
}

void
json_add_bool(json_t *object, const char *name, gboolean value)
{
  json_object_set_new(object, name, json_boolean(value));
}

void
json_add_bool_if(json_t *object, const char *name, gboolean known, gboolean value)
{
  json_object_set_new(object, name, known ? json_boolean(value) : json_null());
}

void
json_add_int(json_t *object, const char *name, gint64 number)
{
  json_object_set_new(object, name, json_integer(number));
}

void
json_add_item(json_t *array, const char *text)
{
  json_array_append_new(array, make_text(text));
}
