/* SPDX-License-Identifier: MIT */
/* What a plugin is: its kind, and the family whose API serves it. The names and folders of the
 * kinds; which one a file is, plugin/plugin_class decides. */
#pragma once

#include <glib.h>

/* In the order in which a server looks for the classes; tools have an API of their own. */
typedef enum { KIND_PIPE, KIND_FILTER, KIND_ACTION, KIND_EVENT, KIND_TOOL, N_KINDS } Kind;

typedef enum { FAMILY_FUNCTION, FAMILY_TOOL } Family;

/* "pipe", "filter", "action", "event", "tool". Static. Also the `type` in the API. */
const char *kind_name(Kind kind);
/* The class that makes the kind: "Pipe", ..., "Tools". Static. */
const char *kind_class(Kind kind);
/* The customary folder: "pipes", ..., "tools". Static. */
const char *kind_folder(Kind kind);
Family kind_family(Kind kind);

/* Understands the name, the folder's name (plural) and the class, in any case. FALSE for other
 * words. */
gboolean kind_parse(const char *word, Kind *kind);

/* "filter/NAME": its kind and NAME; NULL where no kind or nothing stands beside a slash. */
const char *kind_split(const char *word, Kind *kind);

/* "functions" or "tools": the word in the API's paths. Static. */
const char *family_path(Family family);
