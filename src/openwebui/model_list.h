/* SPDX-License-Identifier: MIT */
/* Open WebUI's model list, which chat goes by: who may be chatted with is decided there, and a pipe
 * that is switched on or off is so only once the list was read again. */
#pragma once

#include "client.h"

typedef struct {
  const char *id;   /* the pipe's */
  const char *name; /* for people */
  gboolean listed;  /* it is on: its models are to be there. FALSE: to be gone */
  gboolean renewed; /* its models may be others now: what the list shows proves nothing */
} ModelListWish;

/* Reads the list until it shows what is wished: GET /api/models, which renews it, and where that is
 * not enough (ENABLE_BASE_MODELS_CACHE) the same with ?refresh=true, which asks the server's
 * providers, too. One request as a rule; MODEL_LIST_MS at most in all. NULL: it is so; else what is
 * not, for a person, owned by the caller. That is never the write's failure. One worker of a server
 * learns of it; without Redis each other one at its own next read. */
char *model_list_renew(Client *client, Cancel *cancel, const ModelListWish *wish);
