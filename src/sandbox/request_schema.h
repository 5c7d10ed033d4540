/* SPDX-License-Identifier: MIT */
/* Bodies as pydantic checks them: the 422 answers. */
#pragma once

#include "request.h"

typedef enum {
  FORM_NONE,    /* no body is read */
  FORM_PLUGIN,  /* create and update */
  FORM_OBJECT,  /* any object: valves */
  FORM_VERSION, /* {version_id} */
  FORM_GRANTS,  /* {access_grants} */
  FORM_CODE     /* {code} */
} RequestSchema;

/* Reads the body as JSON, before anybody asks who is there. An answer where it is none; else NULL
 * and `*body` (owned by the caller; NULL for an empty body). */
Response *request_schema_read(const Request *request, json_t **body);

/* Does visit->body fit? NULL: yes. */
Response *request_schema_check(RequestSchema form, const Visit *visit);

/* A query parameter that is a truth or a number. FALSE with the 422 answer where it is neither. */
gboolean request_schema_query_bool(const Visit *visit, const char *name, gboolean *value,
                                   Response **answer);
gboolean request_schema_query_int(const Visit *visit, const char *name, gint64 *value,
                                  Response **answer);
