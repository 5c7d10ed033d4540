/* SPDX-License-Identifier: MIT */
/* Asking whether a project may send a secret to a server, and remembering the answer. */
#pragma once

#include "command.h"

/* Whether a person trusts this: as remembered, else, on a terminal, as answered now. For
 * SettingsFlags; `data` is the CommandLine. */
gboolean trust_consent(const TrustQuestion *question, gpointer data);

/* The same where the command is all about that: TRUE once it is remembered. `*before`: it
 * was already. The errors are those of consent_ask() and trust_store_add(). */
gboolean trust_consent_ask(const CommandLine *line, const TrustQuestion *question, gboolean *before,
                           GError **error);

/* Where it is remembered. Owned by the caller. */
char *trust_consent_dir(void);
