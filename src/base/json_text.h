/* SPDX-License-Identifier: MIT */
/* JSON as text for the rest of the program, which frees with g_free(); numbers digit for digit as
 * they were read (json_exact.h). */
#pragma once

#include <glib.h>
#include <jansson.h>

/* `flags` are json_dumps()'s. NULL where there is no text: `json` is NULL or, without
 * JSON_ENCODE_ANY, neither object nor array. Owned by the caller. */
char *json_text(const json_t *json, size_t flags);

/* A copy of JSON text in which what a terminal or a log would act on is escaped (\u009b): DEL, the
 * C1 controls, the marks of writing direction, line and paragraph separators. With `github`, "##["
 * too, which its runner takes for a command. The values stay the same. Owned by the caller. */
char *json_text_visible(const char *text, gboolean github);
