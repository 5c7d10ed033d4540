/* SPDX-License-Identifier: MIT */
/* Secrets taken out of what --json prints. */
#pragma once

#include "redact.h"

#include <jansson.h>

/* Every text of `json`, at any depth, goes through redactor_words(), but for the members that hold
 * ids, digests, code, diffs and owup's own words. */
void json_redact(Redactor *redactor, json_t *json);
