/* SPDX-License-Identifier: MIT */
/* From a method and a path to the function that answers, and who may ask it. */
#include "request.h"
#include "request_schema.h"

#include <string.h>

typedef enum { ANYBODY, PERSON, ADMIN } Who;

/* The word after /api/v1/ that a path may have. */
typedef enum { FUNCTIONS = 1, TOOLS = 2, BOTH = 3, SITE = 4 } Scope;

typedef struct {
  const char *method;
  const char *pattern; /* the rest of the path; {id} and {version} match one segment */
  Response *(*answer)(Visit *visit);
  Scope scope;
  Who functions; /* who may ask; for tools it is never more than PERSON */
  RequestSchema form;
  SandboxGeneration since;
} Route;

static const Route routes[] = {
    {"GET", "/health", api_health, SITE, ANYBODY, FORM_NONE, SANDBOX_0_9},
    {"GET", "/api/version", api_release, SITE, ANYBODY, FORM_NONE, SANDBOX_0_9},
    {"GET", "/api/models", api_models, SITE, PERSON, FORM_NONE, SANDBOX_0_9},
    {"GET", "/api/v1/models", api_models, SITE, PERSON, FORM_NONE, SANDBOX_0_9},
    {"GET", "/api/v1/auths/", api_who_am_i, SITE, PERSON, FORM_NONE, SANDBOX_0_9},
    {"POST", "/api/v1/utils/code/format", api_format, SITE, ADMIN, FORM_CODE, SANDBOX_0_9},

    {"GET", "/", api_list, BOTH, PERSON, FORM_NONE, SANDBOX_0_9},
    {"GET", "/list", api_list_people, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"GET", "/export", api_export, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/create", api_create, BOTH, ADMIN, FORM_PLUGIN, SANDBOX_0_9},
    {"GET", "/id/{id}", api_read, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/id/{id}/update", api_update, BOTH, ADMIN, FORM_PLUGIN, SANDBOX_0_9},
    {"DELETE", "/id/{id}/delete", api_delete, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/id/{id}/toggle", api_toggle, FUNCTIONS, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/id/{id}/toggle/global", api_toggle_global, FUNCTIONS, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/id/{id}/access/update", api_share, TOOLS, PERSON, FORM_GRANTS, SANDBOX_0_9},

    {"GET", "/id/{id}/valves", api_valves, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"GET", "/id/{id}/valves/spec", api_valves_spec, BOTH, ADMIN, FORM_NONE, SANDBOX_0_9},
    {"POST", "/id/{id}/valves/update", api_valves_update, BOTH, ADMIN, FORM_OBJECT, SANDBOX_0_9},
    {"GET", "/id/{id}/valves/user", api_user_valves, BOTH, PERSON, FORM_NONE, SANDBOX_0_9},
    {"GET", "/id/{id}/valves/user/spec", api_user_valves_spec, BOTH, PERSON, FORM_NONE,
     SANDBOX_0_9},
    {"POST", "/id/{id}/valves/user/update", api_user_valves_update, BOTH, PERSON, FORM_OBJECT,
     SANDBOX_0_9},

    {"GET", "/id/{id}/history", api_versions, BOTH, ADMIN, FORM_NONE, SANDBOX_0_12},
    {"GET", "/id/{id}/history/diff", api_version_diff, BOTH, ADMIN, FORM_NONE, SANDBOX_0_12},
    {"GET", "/id/{id}/history/{version}", api_version_read, BOTH, ADMIN, FORM_NONE, SANDBOX_0_12},
    {"DELETE", "/id/{id}/history/{version}", api_version_delete, BOTH, ADMIN, FORM_NONE,
     SANDBOX_0_12},
    {"POST", "/id/{id}/update/version", api_version_restore, BOTH, ADMIN, FORM_VERSION,
     SANDBOX_0_12},
};

/* Fits `path` into the pattern, and takes the segments that the pattern names. */
static gboolean
match_path(const char *pattern, const char *path, char **id, char **version_id)
{
  while (*pattern != '\0') {
    if (*pattern != '{') {
      if (*pattern++ != *path++)
        return FALSE;
      continue;
    }
    gsize len = strcspn(path, "/");
    if (len == 0)
      return FALSE;
    char **target = pattern[1] == 'i' ? id : version_id;
    g_free(*target);
    *target = g_strndup(path, len);
    path += len;
    pattern = strchr(pattern, '}') + 1;
  }
  return *path == '\0';
}

static const Route *
find_route(Visit *visit)
{
  const char *path = visit->request->path;
  Scope scope = SITE;
  visit->family = FAMILY_FUNCTION;
  if (g_str_has_prefix(path, "/api/v1/functions/")) {
    scope = FUNCTIONS;
    path += strlen("/api/v1/functions");
  } else if (g_str_has_prefix(path, "/api/v1/tools/")) {
    scope = TOOLS;
    path += strlen("/api/v1/tools");
    visit->family = FAMILY_TOOL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    const Route *route = &routes[i];
    if ((route->scope & scope) != 0 && g_str_equal(route->method, visit->request->method) &&
        visit_since(visit, route->since) &&
        match_path(route->pattern, path, &visit->id, &visit->version_id))
      return route;
  }
  return NULL;
}

/* The key of a header `Authorization: Bearer KEY`; of another scheme's, where it has two words;
 * else of `x-api-key`, which therefore does not help beside `Authorization: Basic ...` (0.9.6,
 * 0.11.4 and 0.12.4 alike). Owned by the caller. */
static char *
find_key(const Request *request)
{
  const char *header = request->authorization != NULL ? request->authorization : "";
  const char *space = strchr(header, ' ');
  gboolean bearer = g_ascii_strncasecmp(header, "bearer ", 7) == 0;
  if (space != NULL && (bearer || strchr(space + 1, ' ') == NULL)) {
    g_autofree char *key = g_strstrip(g_strdup(space + 1));
    if (key[0] != '\0')
      return g_steal_pointer(&key);
  }
  return g_strdup(request->api_key);
}

/* Who asks, in the order in which a real server finds something wrong. */
static Response *
check_person(Visit *visit, Who who)
{
  g_autofree char *key = find_key(visit->request);
  if (key == NULL)
    return response_detail(401, "Not authenticated");
  /* Whatever is no API key is read as a session's token, and here nobody signs in. */
  if (!g_str_has_prefix(key, "sk-"))
    return response_detail(401, DETAIL_UNAUTHORIZED);
  visit->person = sandbox_db_person_by_key(visit->state, key);
  if (visit->person == NULL)
    return response_detail(
        401, "Your session has expired or the token is invalid. Please sign in again.");
  if (visit->options->keys_off)
    return response_detail(403, "Use of API key is not enabled in the environment.");
  if (who == ADMIN && !visit->person->admin)
    return response_detail(401, DETAIL_NO_PERMISSION);
  return NULL;
}

static Response *
answer_route(const Route *route, Visit *visit)
{
  Response *answer = NULL;
  if (route->form != FORM_NONE)
    answer = request_schema_read(visit->request, &visit->body);
  Who who = visit->family == FAMILY_TOOL && route->functions == ADMIN ? PERSON : route->functions;
  if (answer == NULL && who != ANYBODY)
    answer = check_person(visit, who);
  if (answer == NULL)
    answer = request_schema_check(route->form, visit);
  return answer != NULL ? answer : route->answer(visit);
}

/* What no route matches is the web page's, whose server knows GET only. */
static Response *
answer_elsewhere(const Request *request)
{
  if (!g_str_equal(request->method, "GET") && !g_str_equal(request->method, "HEAD"))
    return response_detail(405, "Method Not Allowed");
  if (g_str_has_suffix(request->path, ".js"))
    return response_detail(404, "Not Found");
  return response_page();
}

Response *
route_request(SandboxDb *state, const SandboxOptions *options, const Request *request)
{
  Visit visit = {.state = state, .options = options, .request = request};
  const Route *route = find_route(&visit);
  Response *answer = NULL;
  if (route == NULL) {
    answer = answer_elsewhere(request);
  } else {
    gboolean writes = !g_str_equal(route->method, "GET");
    if (writes)
      sandbox_db_begin(state);
    answer = answer_route(route, &visit);
    if (writes)
      sandbox_db_end(state);
    if (sandbox_db_failed(state)) {
      response_free(answer);
      answer = response_broken();
    }
  }
  g_free(visit.id);
  g_free(visit.version_id);
  person_free(visit.person);
  json_decref(visit.body);
  return answer;
}
