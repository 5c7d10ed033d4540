/* SPDX-License-Identifier: MIT */
#include "valve_mask.h"

#include "json_exact.h"
#include "redact.h"
#include "valve_secret.h"
#include "valves_schema.h"

#include <string.h>

static json_t *mask_object(const json_t *object, const json_t *spec, gboolean secret);

static json_t *
mask_text(const json_t *value, gboolean secret)
{
  const char *text = json_string_value(value);
  if (*text == '\0')
    return json_string("");
  if (secret)
    return json_string(MASKED);
  g_autofree char *safe = redactor_text(NULL, text);
  return json_string(safe);
}

static json_t *
mask_value(json_t *value, const json_t *spec, gboolean secret)
{
  if (json_exact_is_string(value))
    return mask_text(value, secret);
  if (json_is_object(value))
    return mask_object(value, spec, secret);
  if (!json_is_array(value))
    return json_exact_is_number(value) && secret ? json_string(MASKED) : json_incref(value);
  json_t *masked = json_array();
  for (gsize i = 0; i < json_array_size(value); i++)
    json_array_append_new(masked, mask_value(json_array_get(value, i), spec, secret));
  return masked;
}

static json_t *
mask_object(const json_t *object, const json_t *spec, gboolean secret)
{
  json_t *masked = json_object();
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value)
  {
    json_auto_t *inner = valves_schema_within(spec, name);
    gboolean hide = secret || valve_secret(spec, name, value);
    json_object_set_new(masked, name, mask_value(value, inner != NULL ? inner : spec, hide));
  }
  return masked;
}

json_t *
valve_mask(const json_t *valves, const json_t *spec)
{
  return mask_object(valves, spec, FALSE);
}
