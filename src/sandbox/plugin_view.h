/* SPDX-License-Identifier: MIT */
/* A stored function or tool as an answer shows it, and who may see it. */
#pragma once

#include "outline.h"
#include "request.h"

typedef enum {
  SHOW_BARE,    /* what a create answers */
  SHOW_CONTENT, /* and the content (tools: and the specs) */
  SHOW_VALVES,  /* and the valves: functions only */
} Show;

/* What the plugin's text declares. Owned by the caller. */
Outline *plugin_view_outline(const StoredPlugin *plugin);

json_t *plugin_view_show(const Visit *visit, const StoredPlugin *plugin, Show show);

/* The id, name, role and e-mail address of who made it, or null. */
json_t *plugin_view_show_maker(const Visit *visit, const StoredPlugin *plugin);

/* May the visitor "read" or "write" it? Administrators and who made it may; others as far as it is
 * shared with them, and who may write it by that alone may not read it. */
gboolean plugin_view_may(const Visit *visit, const StoredPlugin *plugin, const char *permission);
/* The plugin of the path, or NULL with the answer for a missing one or a tool that the visitor may
 * not "read" or "write": `missing` is its status, `forbidden` the detail (401). */
StoredPlugin *plugin_view_find(const Visit *visit, const char *permission, int missing,
                               const char *forbidden, Response **answer);
