/* SPDX-License-Identifier: MIT */
/* Which valves are secrets: the one place that decides it, for whatever shows, writes or logs them.
 *
 * By the schema's marks, by the name, or by the value's looks. What none of them tells is not
 * caught: a password in a setting called "note".
 */
#pragma once

#include "redact.h"

#include <jansson.h>

/* Is `value`, all of it, something to hide? By any of
 *   the marks of `spec` (NULL: none are known): format "password", writeOnly, input type
 * "password", a name that has one of the words, as a word of its own or, where that is no everyday
 * word, at the end of one: key, token, password, auth, ..., a text with "password=" in it, as the
 * address of a database. Truths and null never are, nor are counts (max_tokens: 4096). A secret by
 * its looks inside of a text is redactor_text()'s. */
gboolean valve_secret(const json_t *spec, const char *name, const json_t *value);
/* The marks alone, and the name alone (as of a text). */
gboolean valve_secret_is_marked(const json_t *spec, const char *name);
gboolean valve_secret_has_name(const char *name);

/* Tells `redactor` every text and number of `valves` that is to hide, at any depth, and with a
 * `spec` which fields are known. */
void valve_secret_teach(Redactor *redactor, const json_t *spec, const json_t *valves);
