/* SPDX-License-Identifier: MIT */
/* Valves as they may be shown or written into a file: without secrets. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* What stands for a secret. */
#define MASKED "********"

/* A copy of `valves` in which every text or number that looks secret is masked, at any depth: by
 * the schema (pydantic's SecretStr), by its name, or because it is a key by its looks. An empty
 * text stays, so that one sees what is not set. `spec` may be NULL. Owned by the caller. */
json_t *valve_mask(const json_t *valves, const json_t *spec);
