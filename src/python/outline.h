/* SPDX-License-Identifier: MIT */
/* What a Python text declares, by its tokens alone: classes, functions, what is assigned in
 * classes, and imports. Nothing runs, so what is inherited, made in a loop or imported goes unseen.
 *
 * Unlike the scan it reads any bytes: behind an error it goes on with the next line, a bracket that
 * is never closed ends where a class or a function begins.
 */
#pragma once

#include <glib.h>

typedef enum { OUTLINE_CLASS, OUTLINE_DEF, OUTLINE_FIELD, OUTLINE_IMPORT } OutlineType;

typedef struct OutlineItem OutlineItem;
struct OutlineItem {
  OutlineType type;
  int line;              /* of its keyword or name, from 1 */
  int column;            /* of its line's first character that is no blank, from 1 */
  const OutlineItem *in; /* the class or function in whose block it stands, or NULL */
  gboolean direct;       /* on that block's own level, not below an if or a try */
  char *name;            /* of an import: the module's */

  /* Of a class. */
  char *bases;       /* the text between its parentheses, "" */
  gboolean stub;     /* its block begins with pass or ... */
  GPtrArray *inside; /* every OutlineItem of its block, whatever the level, in order */
  const char *start, *end;

  /* Of a field: `name: annotation = value`, and `self.name = value` in a class's functions. */
  gboolean on_self;
  char *annotation; /* its text or NULL */
  char *value;      /* its text or NULL */
};

typedef struct {
  GPtrArray *items; /* of OutlineItem, in order */
  char *copy;       /* a text that was not UTF-8, repaired; else NULL */
} Outline;

/* `text` (NULL where it is empty) outlives the outline. Unless it is known to be `whole`, a
 * line counts though it looks to be in a string, since quotes may be missing. Never fails; owned by
 * the caller. */
Outline *outline_read(const char *text, gsize len, gboolean whole);
void outline_free(Outline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outline, outline_free)

/* The last class of that name which is in no other class, or NULL. */
const OutlineItem *outline_find_class(const Outline *outline, const char *name);

/* The text of a class's statement and block: the same as long as no more than blanks, blank lines
 * and comments differ. Owned by the caller. */
char *outline_class_text(const OutlineItem *item);

/* The text of an argument, by its name or, with NULL, the first one without a name, in a call such
 * as `Field(default=0, description="x")`. NULL where there is none. Owned by the caller. */
char *outline_argument(const char *call, const char *name);

/* The string with which the text begins, below imports and comments at most: where its prefix or
 * quotes stand, and their line. NULL where something else is above, or no string. `text` is UTF-8.
 */
const char *outline_docstring(const char *text, gsize len, int *line);
