/* SPDX-License-Identifier: MIT */
/* What the sandbox remembers: people, functions, tools, their versions and valves.
 *
 * One State is used by one thread at a time. A failure of the database is kept
 * (sandbox_db_failed()) instead of being handed up by every function: whoever answers a request
 * looks once, at the end.
 */
#pragma once

#include "kind.h"

#include <glib.h>
#include <jansson.h>

typedef struct SandboxDb SandboxDb;

/* `path` NULL: in memory. Makes an administrator, another user and their keys where there are none.
 */
SandboxDb *sandbox_db_open(const char *path, GError **error);
void sandbox_db_close(SandboxDb *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SandboxDb, sandbox_db_close)

/* Round each request that writes; sandbox_db_end() takes everything back where something failed. */
void sandbox_db_begin(SandboxDb *state);
void sandbox_db_end(SandboxDb *state);
/* Has anything failed since the last call? */
gboolean sandbox_db_failed(SandboxDb *state);

typedef struct {
  char *id, *name, *email, *key;
  gboolean admin;
} Person;

void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

/* NULL where nobody has it. Owned by the caller, as all that follows. */
Person *sandbox_db_person_by_key(SandboxDb *state, const char *key);
Person *sandbox_db_person_by_id(SandboxDb *state, const char *id);
/* The first administrator, or the first who is none. */
Person *sandbox_db_person_by_role(SandboxDb *state, gboolean admin);

typedef struct {
  Family family;
  char *id;
  char *user_id;
  char *type; /* NULL for tools */
  char *name;
  GBytes *content;
  json_t *meta;   /* an object */
  json_t *valves; /* an object, or NULL where none were set */
  json_t *specs;  /* tools: an array; else NULL */
  json_t *grants; /* tools: an array; else NULL */
  gboolean is_active, is_global;
  gint64 created_at, updated_at;
  char *version_id; /* NULL before 0.12 */
} StoredPlugin;

void stored_plugin_free(StoredPlugin *plugin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoredPlugin, stored_plugin_free)

StoredPlugin *sandbox_db_read(SandboxDb *state, Family family, const char *id);
/* All of a family, of StoredPlugin: in the order of their creation, or the last changed first. */
GPtrArray *sandbox_db_list(SandboxDb *state, Family family, gboolean newest_first);
/* Writes all of it, a new one or over the one of the same family and id. */
void sandbox_db_write(SandboxDb *state, const StoredPlugin *plugin);
/* Its versions go with it; what users set of their own stays, as on a real server. */
void sandbox_db_delete(SandboxDb *state, Family family, const char *id);

/* A person's own valves for a plugin; NULL where none were set. */
json_t *sandbox_db_read_user_valves(SandboxDb *state, Family family, const char *id,
                                    const char *user_id);
void sandbox_db_write_user_valves(SandboxDb *state, Family family, const char *id,
                                  const char *user_id, json_t *valves);

typedef struct {
  char *id;
  char *parent_id; /* or NULL */
  json_t *snapshot;
  char *user_id;
  char *message; /* or NULL */
  gint64 created_at;
} SavedVersion;

void saved_version_free(SavedVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedVersion, saved_version_free)

void sandbox_db_add_version(SandboxDb *state, Family family, const char *id,
                            const SavedVersion *version);
SavedVersion *sandbox_db_read_version(SandboxDb *state, Family family, const char *id,
                                      const char *version_id);
/* Page `page` (from 1) of at most `size`, of SavedVersion, newest first; those of one second in no
 * order. */
GPtrArray *sandbox_db_list_versions(SandboxDb *state, Family family, const char *id, gint64 page,
                                    int size);
/* Its children become its parent's. */
void sandbox_db_delete_version(SandboxDb *state, Family family, const char *id,
                               const SavedVersion *version);
