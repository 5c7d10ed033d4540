/* SPDX-License-Identifier: MIT */
/* Taking secrets out of what a person, a log or a program gets to see.
 *
 * One Redactor a run, which everything shares that gets texts from outside: it learns secrets
 * (redactor_add()) where they are read or sent, and gives texts without them. Three things go, each
 * replaced by asterisks:
 *   - what pydantic tells of a setting that it refuses (input_value=...), unless the field is known
 *     to be none to hide;
 *   - the learned values, also as Python's repr(), JSON or a URL escapes them;
 *   - what is a secret by its looks: keys of known services, JSON web tokens, private keys, bearer
 *     tokens, the user info of URLs.
 * It is for words; code, diffs, ids and digests never go through it.
 */
#pragma once

#include <glib.h>

/* Shorter values are words of every day. */
#define REDACT_LEAST 8

typedef struct Redactor Redactor;

/* Each function may be called by any thread at any time. */
Redactor *redactor_new(void);
Redactor *redactor_ref(Redactor *redactor);
void redactor_unref(Redactor *redactor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redactor, redactor_unref)

/* A value to take out: where a token begins and ends, or anywhere if it is long (20 characters).
 * Long lines of a longer text, the password of a URL and the token of "Bearer ..." or "Basic ..."
 * count for themselves. Values below REDACT_LEAST characters are not taken. */
void redactor_add(Redactor *redactor, const char *value);
/* Is the setting of that name to be hidden in pydantic's words? What was hidden once stays so. */
void redactor_add_field(Redactor *redactor, const char *name, gboolean secret);
/* Never taken out: an id. */
void redactor_spare(Redactor *redactor, const char *id);

/* A copy without secrets, owned by the caller. `redactor` NULL: by looks and structure alone. */
char *redactor_text(Redactor *redactor, const char *text);
/* The same of a text that is told line by line, or went through redactor_text() before: pydantic's
 * values are not looked for, since a part does not show which field they are of. */
char *redactor_words(Redactor *redactor, const char *text);
/* As redactor_text() of the first `len` bytes, `limit` at most, cut so that no secret is left in
 * part. */
char *redactor_head(Redactor *redactor, const char *text, gsize len, gsize limit);
/* Message, detail and hint. `error` is of OWUP_ERROR. */
void redactor_error(Redactor *redactor, GError *error);

/* Is there something in it that is a secret by its looks? */
gboolean redact_is_secret(const char *value);
