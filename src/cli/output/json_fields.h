/* SPDX-License-Identifier: MIT */
/* The objects of --json that several commands share, or that one prints alone. The caller owns
 * each. */
#pragma once

#include "json_add.h"
#include "plugin.h"

/* The "schema" of every object: it rises when a field goes or means something else, not when one
 * comes (doc/formats.md). */
#define JSON_SCHEMA 1

/* {"type","schema"}, for the fields that follow. */
json_t *json_fields_new(const char *type);

/* {"type":"plugin","id","kind","title","version","file"}; null where the file says nothing. */
json_t *json_fields_plugin(const Plugin *plugin);

/* {"type":"summary","total","ok","failed","exit","ms"}. */
json_t *json_fields_summary(guint total, guint failed, int exit_status, gint64 ms);

/* [{"file","line","col","message"}], of Diagnostic. */
json_t *json_fields_diagnostics(const GPtrArray *diagnostics);
/* {"code","message","detail","hint"}; null for NULL. */
json_t *json_fields_error(const GError *error);

/* json_fields_plugin() with the type "bump", the new version, "from" and "to". */
json_t *json_fields_bump(const Plugin *plugin, const char *from, const char *to);

/* {"type":"sandbox","url","api_key","user_api_key"}. */
json_t *json_fields_sandbox(const char *url, const char *key, const char *user_key);

/* {"type":"version","version","built_with"}; `built_with` is names and versions by turns, then
 * NULL. */
json_t *json_fields_version(const char *version, const char *const *built_with);
