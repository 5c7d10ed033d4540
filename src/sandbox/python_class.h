/* A light reading of one Python class: what stands in its body and in the classes inside it.
 *
 * It reads text, it does not run it: what is inherited, made in a loop or imported goes unseen.
 * Good enough to know the settings ("valves") of an ordinary plugin.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
  char *name;
  char *type;  /* the annotation's text, "" where there is none */
  char *value; /* the text after "=", or NULL */
} ClassField;

typedef struct ClassOutline ClassOutline;
struct ClassOutline {
  char *name;
  char *bases;        /* the text between the parentheses, "" */
  GPtrArray *fields;  /* of ClassField: `name: type = value` and `name = value` */
  GPtrArray *methods; /* of char *: the names after `def` */
  GPtrArray *classes; /* of ClassOutline, one level deep */
  gboolean toggles;   /* `toggle = True` in the body, or `self.toggle = True` anywhere in it */
};

/* The last class statement of that name which is in no other class, or NULL. Owned by the caller.
 */
ClassOutline *class_outline(const char *text, gsize len, const char *name);
void class_outline_free(ClassOutline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClassOutline, class_outline_free)

/* A class or an assigned name inside `outline`. `*inner` is the class, NULL where it is something
 * assigned. Owned by `outline`. */
gboolean class_outline_find(const ClassOutline *outline, const char *name,
                            const ClassOutline **inner);

/* The value of a literal (number, string, True, False, None, empty list or dict), or NULL. */
json_t *python_class_literal(const char *text);

/* The text of an argument, by its name or, with NULL, the first one without a name, in a call such
 * as `Field(default=0, description="x")`. NULL where there is none. Owned by the caller. */
char *python_class_argument(const char *call, const char *name);
