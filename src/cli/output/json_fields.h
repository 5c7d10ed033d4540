/* What --json says of a local plugin, and what several kinds of its objects share. */
#pragma once

#include "plugin.h"

#include <jansson.h>

/* A string, what is not UTF-8 in it (a file's name) made so; null for NULL. The caller owns it. */
json_t *json_fields_text_or_null(const char *text);

/* {"type":"plugin","id","kind","title","version","file"}; null where the file says nothing. The
 * caller owns it. */
json_t *json_fields_plugin(const Plugin *plugin);

/* {"type":"summary","total","ok","failed","exit","ms"}. The caller owns it. */
json_t *json_fields_summary(guint total, guint failed, int exit_status, gint64 ms);
