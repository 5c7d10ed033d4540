/* SPDX-License-Identifier: MIT */
#include "sandbox_db.h"

#include "error.h"
#include "json_exact.h"
#include "json_text.h"
#include "store.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

struct SandboxDb {
  Store *store;
  StoreTransaction *transaction;
  GError *error;
};

static const char *const migrations[] = {
    "CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,"
    "  admin INTEGER NOT NULL, api_key TEXT NOT NULL UNIQUE);"
    "CREATE TABLE plugin (seq INTEGER PRIMARY KEY, family INTEGER NOT NULL, id TEXT NOT NULL,"
    "  user_id TEXT NOT NULL, type TEXT, name TEXT NOT NULL, content BLOB NOT NULL,"
    "  meta TEXT NOT NULL, valves TEXT, specs TEXT, grants TEXT, is_active INTEGER NOT NULL,"
    "  is_global INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
    "  version_id TEXT, UNIQUE (family, id));"
    "CREATE TABLE user_valves (family INTEGER NOT NULL, plugin_id TEXT NOT NULL,"
    "  user_id TEXT NOT NULL, valves TEXT NOT NULL, PRIMARY KEY (family, plugin_id, user_id));"
    "CREATE TABLE version (id TEXT PRIMARY KEY, family INTEGER NOT NULL, plugin_id TEXT NOT NULL,"
    "  parent_id TEXT, snapshot TEXT NOT NULL, user_id TEXT NOT NULL, message TEXT,"
    "  created_at INTEGER NOT NULL);"
    "CREATE INDEX version_of ON version (family, plugin_id, created_at);",
    NULL,
};

/* A prepared statement, or NULL after the failure was kept. */
static StoreQuery *
prepare(SandboxDb *state, const char *sql)
{
  if (state->error != NULL)
    return NULL;
  return store_query(state->store, sql, &state->error);
}

/* One whose first two values are a plugin's family and id. */
static StoreQuery *
prepare_for(SandboxDb *state, const char *sql, Family family, const char *id)
{
  StoreQuery *query = prepare(state, sql);
  store_query_bind_int(query, 1, family);
  store_query_bind_text(query, 2, id);
  return query;
}

static gboolean
next_row(SandboxDb *state, StoreQuery *query)
{
  return query != NULL && state->error == NULL &&
         store_query_step(query, &state->error) == STORE_ROW;
}

static void
finish(SandboxDb *state, StoreQuery *query)
{
  if (query != NULL && state->error == NULL)
    store_query_finish(query, &state->error);
}

static void
bind_json(StoreQuery *query, int index, json_t *json)
{
  g_autofree char *text = json_text(json, JSON_COMPACT | JSON_ENCODE_ANY);
  store_query_bind_text(query, index, text);
}

static json_t *
column_json(StoreQuery *query, int column)
{
  return json_exact_parse_text(store_query_text(query, column), JSON_DECODE_ANY | JSON_ALLOW_NUL);
}

static char *
new_key(SandboxDb *state)
{
  guint8 random[16];
  if (getentropy(random, sizeof random) != 0) {
    state->error = owup_error_new(OWUP_ERROR_LOCAL_STATE, _("No random numbers for a key: %s"),
                                  g_strerror(errno));
    return NULL;
  }
  GString *key = g_string_new("sk-");
  for (gsize i = 0; i < sizeof random; i++)
    g_string_append_printf(key, "%02x", random[i]);
  return g_string_free(key, FALSE);
}

static void
add_person(SandboxDb *state, const char *name, const char *email, gboolean admin)
{
  g_autofree char *id = g_uuid_string_random();
  g_autofree char *key = new_key(state);
  g_autoptr(StoreQuery) query = prepare(
      state, "INSERT INTO person (id, name, email, admin, api_key) VALUES (?1, ?2, ?3, ?4, ?5)");
  store_query_bind_text(query, 1, id);
  store_query_bind_text(query, 2, name);
  store_query_bind_text(query, 3, email);
  store_query_bind_int(query, 4, admin);
  store_query_bind_text(query, 5, key);
  finish(state, query);
}

SandboxDb *
sandbox_db_open(const char *path, GError **error)
{
  g_autoptr(SandboxDb) state = g_new0(SandboxDb, 1);
  state->store = store_open(path, migrations, error);
  if (state->store == NULL)
    return NULL;
  sandbox_db_begin(state);
  g_autoptr(Person) admin = sandbox_db_person_by_role(state, TRUE);
  if (admin == NULL) {
    add_person(state, "Sandbox Admin", "admin@example.com", TRUE);
    add_person(state, "Sandbox User", "user@example.com", FALSE);
  }
  sandbox_db_end(state);
  if (state->error != NULL) {
    g_propagate_error(error, g_steal_pointer(&state->error));
    return NULL;
  }
  return g_steal_pointer(&state);
}

void
sandbox_db_close(SandboxDb *state)
{
  if (state == NULL)
    return;
  store_transaction_free(state->transaction);
  store_close(state->store);
  g_clear_error(&state->error);
  g_free(state);
}

void
sandbox_db_begin(SandboxDb *state)
{
  if (state->error == NULL)
    state->transaction = store_begin(state->store, &state->error);
}

void
sandbox_db_end(SandboxDb *state)
{
  if (state->error == NULL)
    store_commit(state->transaction, &state->error);
  g_clear_pointer(&state->transaction, store_transaction_free);
}

gboolean
sandbox_db_failed(SandboxDb *state)
{
  if (state->error == NULL)
    return FALSE;
  g_warning("%s", state->error->message);
  g_clear_error(&state->error);
  return TRUE;
}

void
person_free(Person *person)
{
  if (person == NULL)
    return;
  g_free(person->id);
  g_free(person->name);
  g_free(person->email);
  g_free(person->key);
  g_free(person);
}

static Person *
read_person(SandboxDb *state, StoreQuery *query)
{
  if (!next_row(state, query))
    return NULL;
  Person *person = g_new0(Person, 1);
  person->id = g_strdup(store_query_text(query, 0));
  person->name = g_strdup(store_query_text(query, 1));
  person->email = g_strdup(store_query_text(query, 2));
  person->admin = store_query_int(query, 3) != 0;
  person->key = g_strdup(store_query_text(query, 4));
  return person;
}

#define PERSON "SELECT id, name, email, admin, api_key FROM person "

Person *
sandbox_db_person_by_key(SandboxDb *state, const char *key)
{
  g_autoptr(StoreQuery) query = prepare(state, PERSON "WHERE api_key = ?1");
  store_query_bind_text(query, 1, key);
  return read_person(state, query);
}

Person *
sandbox_db_person_by_id(SandboxDb *state, const char *id)
{
  g_autoptr(StoreQuery) query = prepare(state, PERSON "WHERE id = ?1");
  store_query_bind_text(query, 1, id);
  return read_person(state, query);
}

Person *
sandbox_db_person_by_role(SandboxDb *state, gboolean admin)
{
  g_autoptr(StoreQuery) query = prepare(state, PERSON "WHERE admin = ?1 ORDER BY rowid LIMIT 1");
  store_query_bind_int(query, 1, admin);
  return read_person(state, query);
}

void
stored_plugin_free(StoredPlugin *plugin)
{
  if (plugin == NULL)
    return;
  g_free(plugin->id);
  g_free(plugin->user_id);
  g_free(plugin->type);
  g_free(plugin->name);
  g_clear_pointer(&plugin->content, g_bytes_unref);
  json_decref(plugin->meta);
  json_decref(plugin->valves);
  json_decref(plugin->specs);
  json_decref(plugin->grants);
  g_free(plugin->version_id);
  g_free(plugin);
}

#define PLUGIN                                                                                     \
  "SELECT id, user_id, type, name, content, meta, valves, specs, grants, is_active, is_global, "   \
  "created_at, updated_at, version_id FROM plugin WHERE family = ?1 "

static StoredPlugin *
read_plugin(SandboxDb *state, Family family, StoreQuery *query)
{
  if (!next_row(state, query))
    return NULL;
  StoredPlugin *plugin = g_new0(StoredPlugin, 1);
  plugin->family = family;
  plugin->id = g_strdup(store_query_text(query, 0));
  plugin->user_id = g_strdup(store_query_text(query, 1));
  plugin->type = g_strdup(store_query_text(query, 2));
  plugin->name = g_strdup(store_query_text(query, 3));
  plugin->content = store_query_bytes(query, 4);
  plugin->meta = column_json(query, 5);
  plugin->valves = column_json(query, 6);
  plugin->specs = column_json(query, 7);
  plugin->grants = column_json(query, 8);
  plugin->is_active = store_query_int(query, 9) != 0;
  plugin->is_global = store_query_int(query, 10) != 0;
  plugin->created_at = store_query_int(query, 11);
  plugin->updated_at = store_query_int(query, 12);
  plugin->version_id = g_strdup(store_query_text(query, 13));
  return plugin;
}

StoredPlugin *
sandbox_db_read(SandboxDb *state, Family family, const char *id)
{
  g_autoptr(StoreQuery) query = prepare_for(state, PLUGIN "AND id = ?2", family, id);
  return read_plugin(state, family, query);
}

GPtrArray *
sandbox_db_list(SandboxDb *state, Family family, gboolean newest_first)
{
  GPtrArray *plugins = g_ptr_array_new_with_free_func((GDestroyNotify)stored_plugin_free);
  g_autoptr(StoreQuery) query =
      prepare(state, newest_first ? PLUGIN "ORDER BY updated_at DESC" : PLUGIN "ORDER BY seq");
  store_query_bind_int(query, 1, family);
  StoredPlugin *plugin;
  while ((plugin = read_plugin(state, family, query)) != NULL)
    g_ptr_array_add(plugins, plugin);
  return plugins;
}

void
sandbox_db_write(SandboxDb *state, const StoredPlugin *plugin)
{
  g_autoptr(StoreQuery) query = prepare_for(
      state,
      "INSERT INTO plugin (family, id, user_id, type, name, content, meta, valves, specs, grants,"
      "  is_active, is_global, created_at, updated_at, version_id)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
      " ON CONFLICT (family, id) DO UPDATE SET user_id = ?3, type = ?4, name = ?5, content = ?6,"
      "  meta = ?7, valves = ?8, specs = ?9, grants = ?10, is_active = ?11, is_global = ?12,"
      "  created_at = ?13, updated_at = ?14, version_id = ?15",
      plugin->family, plugin->id);
  store_query_bind_text(query, 3, plugin->user_id);
  store_query_bind_text(query, 4, plugin->type);
  store_query_bind_text(query, 5, plugin->name);
  store_query_bind_bytes(query, 6, plugin->content);
  bind_json(query, 7, plugin->meta);
  bind_json(query, 8, plugin->valves);
  bind_json(query, 9, plugin->specs);
  bind_json(query, 10, plugin->grants);
  store_query_bind_int(query, 11, plugin->is_active);
  store_query_bind_int(query, 12, plugin->is_global);
  store_query_bind_int(query, 13, plugin->created_at);
  store_query_bind_int(query, 14, plugin->updated_at);
  store_query_bind_text(query, 15, plugin->version_id);
  finish(state, query);
}

static void
delete_from(SandboxDb *state, const char *sql, Family family, const char *id)
{
  g_autoptr(StoreQuery) query = prepare_for(state, sql, family, id);
  finish(state, query);
}

void
sandbox_db_delete(SandboxDb *state, Family family, const char *id)
{
  delete_from(state, "DELETE FROM plugin WHERE family = ?1 AND id = ?2", family, id);
  delete_from(state, "DELETE FROM version WHERE family = ?1 AND plugin_id = ?2", family, id);
}

json_t *
sandbox_db_read_user_valves(SandboxDb *state, Family family, const char *id, const char *user_id)
{
  g_autoptr(StoreQuery) query = prepare_for(
      state, "SELECT valves FROM user_valves WHERE family = ?1 AND plugin_id = ?2 AND user_id = ?3",
      family, id);
  store_query_bind_text(query, 3, user_id);
  return next_row(state, query) ? column_json(query, 0) : NULL;
}

void
sandbox_db_write_user_valves(SandboxDb *state, Family family, const char *id, const char *user_id,
                             json_t *valves)
{
  g_autoptr(StoreQuery) query =
      prepare_for(state,
                  "INSERT OR REPLACE INTO user_valves (family, plugin_id, user_id, valves)"
                  " VALUES (?1, ?2, ?3, ?4)",
                  family, id);
  store_query_bind_text(query, 3, user_id);
  bind_json(query, 4, valves);
  finish(state, query);
}

void
saved_version_free(SavedVersion *version)
{
  if (version == NULL)
    return;
  g_free(version->id);
  g_free(version->parent_id);
  json_decref(version->snapshot);
  g_free(version->user_id);
  g_free(version->message);
  g_free(version);
}

void
sandbox_db_add_version(SandboxDb *state, Family family, const char *id, const SavedVersion *version)
{
  g_autoptr(StoreQuery) query =
      prepare_for(state,
                  "INSERT INTO version (family, plugin_id, id, parent_id, snapshot, user_id,"
                  " message, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                  family, id);
  store_query_bind_text(query, 3, version->id);
  store_query_bind_text(query, 4, version->parent_id);
  bind_json(query, 5, version->snapshot);
  store_query_bind_text(query, 6, version->user_id);
  store_query_bind_text(query, 7, version->message);
  store_query_bind_int(query, 8, version->created_at);
  finish(state, query);
}

#define VERSION                                                                                    \
  "SELECT id, parent_id, snapshot, user_id, message, created_at FROM version "                     \
  "WHERE family = ?1 AND plugin_id = ?2 "

static SavedVersion *
read_version(SandboxDb *state, StoreQuery *query)
{
  if (!next_row(state, query))
    return NULL;
  SavedVersion *version = g_new0(SavedVersion, 1);
  version->id = g_strdup(store_query_text(query, 0));
  version->parent_id = g_strdup(store_query_text(query, 1));
  version->snapshot = column_json(query, 2);
  version->user_id = g_strdup(store_query_text(query, 3));
  version->message = g_strdup(store_query_text(query, 4));
  version->created_at = store_query_int(query, 5);
  return version;
}

SavedVersion *
sandbox_db_read_version(SandboxDb *state, Family family, const char *id, const char *version_id)
{
  g_autoptr(StoreQuery) query = prepare_for(state, VERSION "AND id = ?3", family, id);
  store_query_bind_text(query, 3, version_id);
  return read_version(state, query);
}

GPtrArray *
sandbox_db_list_versions(SandboxDb *state, Family family, const char *id, gint64 page, int size)
{
  GPtrArray *versions = g_ptr_array_new_with_free_func((GDestroyNotify)saved_version_free);
  g_autoptr(StoreQuery) query = prepare_for(
      state, VERSION "ORDER BY created_at DESC, id DESC LIMIT ?3 OFFSET ?4", family, id);
  store_query_bind_int(query, 3, size);
  store_query_bind_int(query, 4, (CLAMP(page, 1, 1 << 30) - 1) * size);
  SavedVersion *version;
  while ((version = read_version(state, query)) != NULL)
    g_ptr_array_add(versions, version);
  return versions;
}

void
sandbox_db_delete_version(SandboxDb *state, Family family, const char *id,
                          const SavedVersion *version)
{
  g_autoptr(StoreQuery) children = prepare_for(
      state,
      "UPDATE version SET parent_id = ?3 WHERE family = ?1 AND plugin_id = ?2 AND parent_id = ?4",
      family, id);
  store_query_bind_text(children, 3, version->parent_id);
  store_query_bind_text(children, 4, version->id);
  finish(state, children);
  delete_from(state, "DELETE FROM version WHERE family = ?1 AND id = ?2", family, version->id);
}
