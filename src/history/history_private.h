/* SPDX-License-Identifier: MIT */
/* What the files of this room know of a History. Only for them. */
#pragma once

#include "history.h"
#include "store.h"

struct History {
  char *dir;
  Store *store;
  guint versions, days; /* the limits */
};

/* A query of one plugin: ?1 to ?3 are its server, family and id. */
StoreQuery *history_query(History *history, const char *sql, const char *server, Family family,
                          const char *id, GError **error);

/* Steps to the end, adding the text of column 0 (not NULL) of each row to `digests`. */
gboolean history_collect(StoreQuery *query, GPtrArray *digests, GError **error);

/* Deletes those of these contents that no version and no open write refers to. */
gboolean history_drop_unused(History *history, GPtrArray *digests, GError **error);
