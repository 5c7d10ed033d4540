/* The places where settings stand, one behind the other: a file named by --env-file, the
 * environment, and the .env files of the current folder, the project's root and the root's
 * scripts/.
 *
 * sources_init(), then source_open() and source_value() for each of `places` as far as needed: a
 * file that is not needed is not read. sources_clear().
 */
#pragma once

#include <glib.h>

#define SOURCES_MAX 5

typedef struct {
  char *path;         /* of the file; NULL: the environment */
  char *shown;        /* as a person would name it: "scripts/.env" */
  gboolean required;  /* a missing file is an error */
  GHashTable *values; /* of the file once open; NULL where there is none */
  GPtrArray *lines;   /* of DotenvLine, the same */
} Source;

typedef struct {
  Source places[SOURCES_MAX];
  gsize n_places;
} Sources;

/* `env_file` may be NULL; `root` is absolute. */
void sources_init(Sources *sources, const char *env_file, const char *root);
void sources_clear(Sources *sources);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sources, sources_clear)

/* Reads the file. A missing .env and a folder of that name are no errors. OWUP_ERROR_SETTINGS: it
 * cannot be read, is no text. */
gboolean source_open(Source *source, GError **error);

/* The first of `names` (NULL-terminated) that has a value here, without blanks round it; NULL:
 * none.
 * `*name` is then its name. Names in a file are found in any case. Owned by the caller. */
char *source_value(const Source *source, const char *const *names, const char **name);

/* The first of `names` that stands here at all: where source_value() finds nothing, it is empty.
 * NULL: none. */
const char *source_empty(const Source *source, const char *const *names);

/* "api_key in scripts/.env", or the variable's name alone. Owned by the caller. */
char *source_origin(const Source *source, const char *name);
