/* SPDX-License-Identifier: MIT */
/* Which settings a plugin's text declares, and which of them as secrets: read, never run. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* As much of a JSON schema (as valves_schema.h has it) as the text of class Valves shows: its
 * properties, each with writeOnly where it is marked as a secret (SecretStr, or json_schema_extra
 * with a password). What is inherited from elsewhere or made while the code runs is not
 * in it. NULL: the text has
 * no such class. Owned by the caller. */
json_t *valve_marks_read(GBytes *content);
