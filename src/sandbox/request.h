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
  State *state;
  const SandboxOptions *options;
  const Request *request;
  Person *person; /* who asks; NULL where anybody may */
  Family family;
  char *id;         /* {id} of the path, or NULL */
  char *version_id; /* {version} of the path, or NULL */
  json_t *body;     /* checked by form.h, or NULL */
} Visit;

/* Answers a request. */
Answer *visit_answer(State *state, const SandboxOptions *options, const Request *request);

static inline gboolean
visit_since(const Visit *visit, SandboxGeneration generation)
{
  return visit->options->generation >= generation;
}

/* site_api.c: what is no plugin's. */
Answer *api_health(Visit *visit);
Answer *api_release(Visit *visit);
Answer *api_who_am_i(Visit *visit);
Answer *api_models(Visit *visit);
Answer *api_format(Visit *visit);

/* plugin_api.c: functions and tools, read and listed. */
Answer *api_list(Visit *visit);
Answer *api_list_people(Visit *visit);
Answer *api_export(Visit *visit);
Answer *api_read(Visit *visit);

/* write_api.c: functions and tools, changed. */
Answer *api_create(Visit *visit);
Answer *api_update(Visit *visit);
/* An update that makes the saved version `restored` live again and adds none. */
Answer *api_update_to(Visit *visit, const char *restored);
Answer *api_delete(Visit *visit);
Answer *api_toggle(Visit *visit);
Answer *api_toggle_global(Visit *visit);
Answer *api_share(Visit *visit);

/* valves_api.c */
Answer *api_valves(Visit *visit);
Answer *api_valves_spec(Visit *visit);
Answer *api_valves_update(Visit *visit);
Answer *api_user_valves(Visit *visit);
Answer *api_user_valves_spec(Visit *visit);
Answer *api_user_valves_update(Visit *visit);

/* version_api.c, since 0.12 */
Answer *api_versions(Visit *visit);
Answer *api_version_diff(Visit *visit);
Answer *api_version_read(Visit *visit);
Answer *api_version_delete(Visit *visit);
Answer *api_version_restore(Visit *visit);
