/* SPDX-License-Identifier: MIT */
/* What the sandbox answers: a status, a content type and a body, made as FastAPI words them. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
  int status;
  const char *content_type; /* static */
  GBytes *body;
} Response;

/* `json` becomes the answer's (it is released here). */
Response *response_json(int status, json_t *json);
/* {"detail": TEXT}, which every error has. */
Response *response_detail(int status, const char *text);
Response *response_detailf(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The web page that a GET of any unknown path gets. */
Response *response_page(void);
/* 500, in plain text, as where a real server has an exception that nobody caught. */
Response *response_broken(void);

void response_free(Response *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Response, response_free)

/* The texts that clients tell errors apart by. */
#define DETAIL_NOT_FOUND "We could not find what you're looking for :/"
#define DETAIL_NO_PERMISSION                                                                       \
  "You do not have permission to access this resource. Please contact your administrator for "     \
  "assistance."
#define DETAIL_UNAUTHORIZED "401 Unauthorized"
