/* SPDX-License-Identifier: MIT */
/* One request on its way through the sandbox, and the functions that answer it. */
#pragma once

#include "kind.h"
#include "response.h"
#include "sandbox.h"
#include "sandbox_db.h"

#include <glib.h>
#include <jansson.h>

typedef struct {
  const char *method;
  const char *path; /* percent-decoded */
  GHashTable *query;
  const char *authorization; /* the headers, or NULL */
  const char *api_key;
  const char *content_type;
  GBytes *body;
} Request;

typedef struct {
  SandboxDb *state;
  const SandboxOptions *options;
  const Request *request;
  Person *person; /* who asks; NULL where anybody may */
  Family family;
  char *id;         /* {id} of the path, or NULL */
  char *version_id; /* {version} of the path, or NULL */
  json_t *body;     /* checked by form.h, or NULL */
} Visit;

/* Answers a request. */
Response *route_request(SandboxDb *state, const SandboxOptions *options, const Request *request);

static inline gboolean
visit_since(const Visit *visit, SandboxGeneration generation)
{
  return visit->options->generation >= generation;
}

/* site_api.c: what is no plugin's. */
Response *api_health(Visit *visit);
Response *api_release(Visit *visit);
Response *api_who_am_i(Visit *visit);
Response *api_models(Visit *visit);
Response *api_format(Visit *visit);

/* plugin_api.c: functions and tools, read and listed. */
Response *api_list(Visit *visit);
Response *api_list_people(Visit *visit);
Response *api_export(Visit *visit);
Response *api_read(Visit *visit);

/* write_api.c: functions and tools, changed. */
Response *api_create(Visit *visit);
Response *api_update(Visit *visit);
/* An update that makes the saved version `restored` live again and adds none. */
Response *api_update_to(Visit *visit, const char *restored);
Response *api_delete(Visit *visit);
Response *api_toggle(Visit *visit);
Response *api_toggle_global(Visit *visit);
Response *api_share(Visit *visit);

/* valves_api.c */
Response *api_valves(Visit *visit);
Response *api_valves_spec(Visit *visit);
Response *api_valves_update(Visit *visit);
Response *api_user_valves(Visit *visit);
Response *api_user_valves_spec(Visit *visit);
Response *api_user_valves_update(Visit *visit);

/* version_api.c, since 0.12 */
Response *api_versions(Visit *visit);
Response *api_version_diff(Visit *visit);
Response *api_version_read(Visit *visit);
Response *api_version_delete(Visit *visit);
Response *api_version_restore(Visit *visit);
