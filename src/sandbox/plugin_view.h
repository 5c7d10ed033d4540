/* A stored function or tool as an answer shows it, and who may see it. */
#pragma once

#include "request.h"

typedef enum {
  SHOW_BARE,    /* what a create answers */
  SHOW_CONTENT, /* and the content (tools: and the specs) */
  SHOW_VALVES,  /* and the valves: functions only */
} Show;

json_t *plugin_view_show(const Visit *visit, const StoredPlugin *plugin, Show show);

/* The id, name, role and e-mail address of who made it, or null. */
json_t *plugin_view_show_maker(const Visit *visit, const StoredPlugin *plugin);

/* May the visitor read or write it? Administrators and who made it may; others as far as it is
 * shared with them, and who may write it by that alone may not read it. */
gboolean plugin_view_may_read(const Visit *visit, const StoredPlugin *plugin);
gboolean plugin_view_may_write(const Visit *visit, const StoredPlugin *plugin);
/* The plugin of the path, or NULL with the answer for a missing one or one that the visitor may not
 * change: `missing` is its status, `forbidden` the detail (401). */
StoredPlugin *plugin_view_find(const Visit *visit, int missing, const char *forbidden,
                               Response **answer);
