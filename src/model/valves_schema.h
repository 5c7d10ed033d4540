/* SPDX-License-Identifier: MIT */
/* Valves, a plugin's settings, held against the JSON schema that a server gives of them
 * (valves/spec: pydantic's own). */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The schema's property `name`, with a "$ref" into its "$defs" followed; NULL where there is none.
 * Belongs to `spec`. */
json_t *valves_schema_property(const json_t *spec, const char *name);

/* `property` or what its "$ref" into the "$defs" of `spec` means. Belongs to `spec`. */
json_t *valves_schema_follow(const json_t *spec, json_t *property);

/* The schema of what the property `name` holds (an object, a list of objects, perhaps null), as one
 * of valves; NULL where it holds none. Owned by the caller. */
json_t *valves_schema_within(const json_t *spec, const char *name);

/* Why `value` cannot be a value of `property`, for a person ("should be an integer"); NULL: it can,
 * as pydantic takes it (a string of digits is a number), or nothing can be said, as of a schema
 * without an end. Owned by the caller. */
char *valves_schema_misfit(const json_t *spec, const json_t *property, const json_t *value);

/* What no longer fits between stored `valves` and `spec`, one line each: a key that the code no
 * longer has, a required one without a value, a value that does not fit. Never shows a value. Of
 * char *; empty where all is well. */
GPtrArray *valves_schema_check(const json_t *spec, const json_t *valves);

/* Marks the properties of `spec` (may be NULL) as secrets that are so in `marks` (may be NULL). */
void valves_schema_add_marks(json_t *spec, const json_t *marks);
