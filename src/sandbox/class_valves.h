/* SPDX-License-Identifier: MIT */
/* Settings ("valves") held against the class that declares them, as far as its text tells: plain
 * int, float, bool and str (also optional) are checked and converted as pydantic does; everything
 * else is taken as it is. */
#pragma once

#include "outline.h"

#include <jansson.h>

/* A class or an assigned name in the block of `plugin` (or NULL). `*inner` is the class, NULL where
 * it is something assigned. Owned by the outline. */
gboolean class_valves_find(const OutlineItem *plugin, const char *name, const OutlineItem **inner);

/* The value of a literal (number, string, True, False, None, empty list or dict), or NULL. */
json_t *class_valves_literal(const char *text);

/* What is stored of `sent` (an object): no nulls, no unknown keys. NULL with pydantic's text in
 * `*refusal` (owned by the caller). `valves` NULL: the class is not known, everything fits. */
json_t *class_valves_take(const OutlineItem *valves, json_t *sent, char **refusal);

/* Do the stored valves (or NULL) fit the `Valves` inside this plugin's class? NULL: yes, or only
 * required ones are missing; else "name: why; name: why". Owned by the caller. */
char *class_valves_misfit(const OutlineItem *plugin, json_t *stored);

/* The JSON schema of `valves`, whose NULL gives an empty one. */
json_t *class_valves_schema(const OutlineItem *valves, const char *title);
