/* SPDX-License-Identifier: MIT */
#include "setting_origin.h"

#include <glib/gi18n.h>

SettingOrigin *
setting_origin_new(SettingOriginType type, const char *name, const char *file)
{
  SettingOrigin *origin = g_new0(SettingOrigin, 1);
  origin->type = type;
  origin->name = name;
  origin->file = g_strdup(file);
  return origin;
}

void
setting_origin_free(SettingOrigin *origin)
{
  if (origin == NULL)
    return;
  g_free(origin->file);
  g_free(origin);
}

char *
setting_origin_text(const SettingOrigin *origin)
{
  if (origin->type == ORIGIN_DEFAULT)
    return g_strdup(_("default"));
  if (origin->file == NULL)
    return g_strdup(origin->name);
  return g_strdup_printf(_("%s in %s"), origin->name, origin->file);
}
