/* Valves, a plugin's settings, held against the JSON schema that a server gives of them
 * (valves/spec: pydantic's own). */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The schema's property `name`, with a "$ref" into its "$defs" followed; NULL where there is none.
 * Belongs to `spec`. */
json_t *valves_schema_property(const json_t *spec, const char *name);

/* Why `value` cannot be a value of `property`, for a person ("should be an integer"); NULL: it can,
 * as pydantic takes it (a string of digits is a number), or nothing can be said, as of a schema
 * without an end. Owned by the caller. */
char *valves_schema_misfit(const json_t *spec, const json_t *property, const json_t *value);

/* Is the value something to hide: format "password", writeOnly, or a name with key, token, secret
 * or password in it? Truths and null never are, nor is a count of tokens. */
gboolean valves_schema_is_secret(const json_t *spec, const char *name, const json_t *value);

/* What no longer fits between stored `valves` and `spec`, one line each: a key that the code no
 * longer has, a required one without a value, a value that does not fit. Never shows a value. Of
 * char *; empty where all is well. */
GPtrArray *valves_schema_check(const json_t *spec, const json_t *valves);
