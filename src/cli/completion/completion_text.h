/* SPDX-License-Identifier: MIT */
/* The scripts' constant text (completion.bash and so on) with marks, @@NAME@@, where something is
 * filled in that the table of commands says. embed.py makes the strings when owup is built. */
#pragma once

#include <glib.h>

extern const char completion_text_bash[];
extern const char completion_text_zsh[];
extern const char completion_text_fish[];

/* What goes to a mark; `text` is without its last line break, which the script has. */
typedef struct {
  const char *mark;
  GString *text;
} CompletionPart;

/* The script with each mark's part in its place. `parts` end with a NULL mark; takes over their
 * texts. Owned by the caller. */
char *completion_text_fill(const char *script, const CompletionPart *parts);
