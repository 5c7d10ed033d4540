/* SPDX-License-Identifier: MIT */
/* What the files of the redactor share; of no use outside it. */
#pragma once

#include <glib.h>

/* A text with its escapes undone, so that a value is found however it was written. */
typedef struct {
  GString *text;
  GArray *from; /* of gsize: where in the original each byte begins; one more for the end */
} RedactPlain;

/* Percent escapes, also of percent escapes; then backslashes, however many. The same for a value
 * and for its escaped form. */
RedactPlain *redact_unescape(const char *text, gsize len);
/* Then a plus and a blank are one: in a form they are. Not yet where looks count. */
void redact_plain_plus(RedactPlain *plain);
void redact_plain_free(RedactPlain *plain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RedactPlain, redact_plain_free)

/* A stretch of a text, [start, end). */
typedef struct {
  gsize start, end;
} RedactRange;

/* Adds what looks like a secret in `plain`, as ranges of its text. */
void redact_looks(const RedactPlain *plain, GArray *ranges);

/* TRUE where the setting may be shown. */
typedef gboolean (*RedactIsPublic)(const char *name, gpointer data);
/* Adds the values that pydantic tells in `text`, as ranges of it. */
void redact_pydantic(const char *text, RedactIsPublic is_public, gpointer data, GArray *ranges);
