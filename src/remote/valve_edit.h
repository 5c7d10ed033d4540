/* Changing some valves of a plugin: the API only knows all at once. */
#pragma once

#include "server.h"

#include <glib.h>

typedef struct {
  char *name;
  char *text; /* as the user gave it; NULL: unset */
} ValveEdit;

void valve_edit_free(ValveEdit *edit);

/* "NAME=VALUE"; a VALUE of "-" is read by the caller, "env:NAME" from the environment (neither then
 * stands in the shell's history). FALSE with OWUP_ERROR_USAGE. */
ValveEdit *valve_edit_parse(const char *word, GError **error);

/* Reads valves and schema, merges `edits` (of ValveEdit) into what is stored, checks each against
 * the schema, sends them all, reads back. A text is taken as JSON where the schema wants no string.
 * Returns what is now stored, owned by the caller. USAGE: a key that the code does not have (with
 * the nearest), a value that does not fit. A lost answer is settled by reading. */
json_t *valve_edit_apply(Server *server, Family family, const char *id, const GPtrArray *edits,
                         GError **error);
