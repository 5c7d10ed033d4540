/* SPDX-License-Identifier: MIT */
/* Changing some valves of a plugin: the API only knows all at once. */
#pragma once

#include "client.h"

#include <glib.h>

typedef struct {
  char *name;
  char *text;          /* as the user gave it; NULL: unset */
  gboolean from_stdin; /* the text was "-": the caller reads the value */
  gboolean secret;     /* it came by a way that hides it: no message tells it */
} ValveEdit;

void valve_edit_free(ValveEdit *edit);

/* "NAME=VALUE"; a VALUE of "-" is read by the caller, "env:NAME" from the environment (neither then
 * stands in the shell's history). NULL with OWUP_ERROR_USAGE. */
ValveEdit *valve_edit_parse(const char *word, GError **error);

/* Is there such a valve, in the code's schema (NULL: it has none) or stored? FALSE with USAGE
 * naming those that there are. */
gboolean valve_edit_check_name(const json_t *spec, const json_t *valves, const char *name,
                               GError **error);

/* Reads valves and schema, merges `edits` (of ValveEdit) into what is stored, checks each against
 * the schema, sends them all, reads back. A text is taken as JSON where the schema wants no string;
 * null is as good as unset, since servers drop it.
 * Returns what is now stored, owned by the caller, and in `*schema` what it was checked against,
 * owned as well: nothing more need be asked to show it. USAGE: a key that the code does not have
 * (with those that there are), a value that does not fit. A lost answer is settled by reading. An
 * error never tells a value. */
json_t *valve_edit_apply(Client *client, Family family, const char *id, const GPtrArray *edits,
                         json_t **schema, GError **error);
