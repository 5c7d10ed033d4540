/* SPDX-License-Identifier: MIT */
/* The places where settings stand, one behind the other: a file named by --env-file, the
 * environment, and the .env files of the current folder, the project's root and the root's
 * scripts/.
 *
 * setting_sources_init(), then setting_sources_open() and setting_sources_value() for each of
 * `places` as far as needed: a file that is not needed is not read. setting_sources_clear().
 */
#pragma once

#include "setting_origin.h"

#include <glib.h>

#define SOURCES_MAX 5

typedef struct {
  SettingOriginType type; /* ORIGIN_ENV_FILE, ORIGIN_ENVIRONMENT or ORIGIN_DOTENV */
  char *path;             /* of the file; NULL: the environment */
  char *shown;            /* as a person would name it: "scripts/.env" */
  gboolean bare;          /* `shown` is ".env" alone, which hardly looks like a file */
  GHashTable *values;     /* of the file once open; NULL where there is none */
  GPtrArray *lines;       /* of DotenvLine, the same */
} Source;

typedef struct {
  Source places[SOURCES_MAX];
  gsize n_places;
} SettingSources;

/* `env_file` may be NULL; `root` is absolute. */
void setting_sources_init(SettingSources *sources, const char *env_file, const char *root);
void setting_sources_clear(SettingSources *sources);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SettingSources, setting_sources_clear)

/* Reads the file. A missing .env and a folder of that name are no errors. OWUP_ERROR_SETTINGS: it
 * cannot be read, is no text. */
gboolean setting_sources_open(Source *source, GError **error);

/* The first of `names` (NULL-terminated) that has a value here, without blanks round it; NULL:
 * none.
 * `*name` is then its name. Names in a file are found in any case. Owned by the caller. */
char *setting_sources_value(const Source *source, const char *const *names, const char **name);

/* The first of `names` that stands here at all: where setting_sources_value() finds nothing, it is
 * empty. NULL: none. */
const char *setting_sources_empty(const Source *source, const char *const *names);

/* `name` is static. Owned by the caller. */
SettingOrigin *setting_sources_origin(const Source *source, const char *name);
