/* What --json says of a local plugin. */
#pragma once

#include "plugin.h"

#include <jansson.h>

/* {"type":"plugin","id","kind","title","version","file"}; null where the file says nothing. The
 * caller owns it. */
json_t *plugin_json(const Plugin *plugin);

/* {"type":"summary","total","ok","failed","exit","ms"}. The caller owns it. */
json_t *summary_json(guint total, guint failed, int exit_status, gint64 ms);
