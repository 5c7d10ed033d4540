/* SPDX-License-Identifier: MIT */
/* The words of Open WebUI's error answers, taken apart. Of no use outside reply.c. */
#pragma once

#include "error.h"
#include "reply.h"

/* The reason in an error answer's body: `detail` as a string, a list of wrong fields (422) as
 * "body.meta: Field required; …", or another service's `error` or `message`; else NULL. Still in
 * its "[ERROR: …]" wrapper; at most 8 KB. The caller owns it. `*is_detail` tells that it was
 * `detail`, which is how Open WebUI speaks. */
char *reply_message(json_t *json, gboolean *is_detail);

/* Without "[ERROR: …]" and "400: " around it, however often. The caller owns it. */
char *reply_unwrap(const char *words);

/* What `words` (unwrapped) stand for in a 4xx answer of Open WebUI; OWUP_N_ERRORS: not known. */
OwupErrorCode reply_code(int status, const char *words, const ReplyContext *context);

/* What `words` (unwrapped; may be NULL) tell beyond that. */
ReplyReason reply_reason_of(const char *words);

/* What an error's text (still wrapped) tells of the generation. */
void reply_learn_message(int status, const char *words, Call call, Capabilities *learned);

/* The title of a web page, or NULL. The caller owns it. */
char *reply_page_title(const char *page, gsize len);
