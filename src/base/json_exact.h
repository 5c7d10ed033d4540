/* SPDX-License-Identifier: MIT */
/* JSON whose numbers stay as they were written.
 *
 * jansson holds integers in 64 bits and refuses larger ones, and writes a real that it read as 0.1
 * as 0.10000000000000001. Python's integers have no limit: one tool with `seed: int =
 * 18446744073709551615` puts such a number into every answer about tools (0.9.6, 0.11.4, 0.12.4).
 * So what jansson could not give back digit for digit (integers beyond 64 bits, -0, and every real)
 * is held as a string that begins with a noncharacter of Unicode, and only the functions here know
 * it. A text from outside that begins with the same one is read and written as it was.
 *
 * All JSON from outside is read with json_exact_parse() and written with json_text() (json_text.h).
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* As json_loadb(), whose flags and error these are; the error's position is one in `text`. The
 * caller owns the value. */
json_t *json_exact_parse(const char *text, gsize len, size_t flags, json_error_t *error);
/* The same of a string; NULL gives NULL. */
json_t *json_exact_parse_text(const char *text, size_t flags);

/* What json_dumps() made of such JSON as it has to be written, or NULL where it is that already.
 * Owned by the caller. */
char *json_exact_unmark(const char *dump);

/* Is it a number, of whatever size? json_is_number() knows only the small whole ones. */
gboolean json_exact_is_number(const json_t *value);
/* Is it written without fraction and exponent: what Python takes for an int? */
gboolean json_exact_is_integer(const json_t *value);
/* Is it a number without a fraction: 3, 3.0, 1e3, 18446744073709551615? */
gboolean json_exact_is_whole(const json_t *value);
/* Its nearest double; 0 of what is no number. */
double json_exact_real(const json_t *value);
/* Text, and no number that is held as one. */
gboolean json_exact_is_string(const json_t *value);

/* Are both the same, numbers by their value (0.10 is 0.1, 3 is 3.0), to whatever depth? Digits
 * beyond a double's count where both are integers. */
gboolean json_exact_equal(const json_t *a, const json_t *b);
