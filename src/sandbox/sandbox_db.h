/* What the sandbox remembers: people, functions, tools, their versions and valves.
 *
 * One State is used by one thread at a time. A failure of the database is kept (state_failed())
 * instead of being handed up by every function: whoever answers a request looks once, at the end.
 */
#pragma once

#include "kind.h"

#include <glib.h>
#include <jansson.h>

typedef struct State State;

/* `path` NULL: in memory. Makes an administrator, another user and their keys where there are none.
 */
State *state_open(const char *path, GError **error);
void state_close(State *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(State, state_close)

/* Round each request that writes; state_end() takes everything back where something failed. */
void state_begin(State *state);
void state_end(State *state);
/* Has anything failed since the last call? */
gboolean state_failed(State *state);

typedef struct {
  char *id, *name, *email, *key;
  gboolean admin;
} Person;

void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

/* NULL where nobody has it. Owned by the caller, as all that follows. */
Person *state_person_by_key(State *state, const char *key);
Person *state_person_by_id(State *state, const char *id);
/* The first administrator, or the first who is none. */
Person *state_person_by_role(State *state, gboolean admin);

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

StoredPlugin *state_read(State *state, Family family, const char *id);
/* All of a family, of StoredPlugin: in the order of their creation, or the last changed first. */
GPtrArray *state_list(State *state, Family family, gboolean newest_first);
/* Writes all of it, a new one or over the one of the same family and id. */
void state_write(State *state, const StoredPlugin *plugin);
/* Its versions go with it; what users set of their own stays, as on a real server. */
void state_delete(State *state, Family family, const char *id);

/* A person's own valves for a plugin; NULL where none were set. */
json_t *state_read_user_valves(State *state, Family family, const char *id, const char *user_id);
void state_write_user_valves(State *state, Family family, const char *id, const char *user_id,
                             json_t *valves);

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

void state_add_version(State *state, Family family, const char *id, const SavedVersion *version);
SavedVersion *state_read_version(State *state, Family family, const char *id,
                                 const char *version_id);
/* Page `page` (from 1) of at most `size`, of SavedVersion, newest first; those of one second in no
 * order. */
GPtrArray *state_list_versions(State *state, Family family, const char *id, gint64 page, int size);
/* Its children become its parent's. */
void state_delete_version(State *state, Family family, const char *id, const SavedVersion *version);
