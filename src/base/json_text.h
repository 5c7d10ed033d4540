/* JSON as text for the rest of the program, which frees with g_free(); numbers digit for digit as
 * they were read (json_exact.h). */
#pragma once

#include <glib.h>
#include <jansson.h>

/* `flags` are json_dumps()'s. NULL where there is no text: `json` is NULL or, without
 * JSON_ENCODE_ANY, neither object nor array. Owned by the caller. */
char *json_text(const json_t *json, size_t flags);
