/* SPDX-License-Identifier: MIT */
/* Plugins that other scripts installed under another id: found by their openwebui_id before a
 * second copy is created. */
#pragma once

#include "plugin.h"

#include <glib.h>

/* A server's list by what plugins call themselves. */
typedef struct AdoptionIndex AdoptionIndex;

/* `list` is of RemotePlugin, all of one family; it owns the strings and outlives the index. */
AdoptionIndex *adoption_index_new(const GPtrArray *list);
void adoption_index_free(AdoptionIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AdoptionIndex, adoption_index_free)

typedef struct {
  const char *id;       /* the same plugin by its openwebui_id, to be updated there; NULL: none */
  const char *taken_by; /* else: probably the same plugin, under this id, for a person to decide;
                           NULL: none */
} Adoption;

/* For a plugin that is not there under its own id; the list owns what is returned. `siblings` (of
 * Plugin; NULL is passed over, or NULL: none) are deployed with it: where one of them is at home,
 * or would move in as well, this one does not. An id given by --id is meant as it is; one fixed in
 * the docstring is never replaced. */
Adoption adoption_judge(const Plugin *plugin, const GPtrArray *siblings,
                        const AdoptionIndex *index);
