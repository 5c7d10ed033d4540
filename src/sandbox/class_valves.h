/* Settings ("valves") held against the class that declares them, as far as its text tells: plain
 * int, float, bool and str (also optional) are checked and converted as pydantic does; everything
 * else is taken as it is. */
#pragma once

#include "python_class.h"

/* What is stored of `sent` (an object): no nulls, no unknown keys. NULL with pydantic's text in
 * `*refusal` (owned by the caller). `valves` NULL: the class is not known, everything fits. */
json_t *class_valves_take(const ClassOutline *valves, json_t *sent, char **refusal);

/* Do the stored valves (or NULL) fit the `Valves` inside this plugin's class? NULL: yes, or only
 * required ones are missing; else "name: why; name: why". Owned by the caller. */
char *class_valves_misfit(const ClassOutline *plugin, json_t *stored);

/* The JSON schema of `valves`, whose NULL gives an empty one. */
json_t *class_valves_schema(const ClassOutline *valves, const char *title);
