/* SPDX-License-Identifier: MIT */
#include "kind.h"

#include <string.h>

static const struct {
  const char *name, *class_name, *folder;
} kinds[N_KINDS] = {
    [KIND_PIPE] = {"pipe", "Pipe", "pipes"},
    [KIND_FILTER] = {"filter", "Filter", "filters"},
    [KIND_ACTION] = {"action", "Action", "actions"},
    [KIND_EVENT] = {"event", "Event", "events"},
    [KIND_TOOL] = {"tool", "Tools", "tools"},
};

const char *
kind_name(Kind kind)
{
  g_return_val_if_fail(kind < N_KINDS, "?");
  return kinds[kind].name;
}

const char *
kind_class(Kind kind)
{
  g_return_val_if_fail(kind < N_KINDS, "?");
  return kinds[kind].class_name;
}

const char *
kind_folder(Kind kind)
{
  g_return_val_if_fail(kind < N_KINDS, "?");
  return kinds[kind].folder;
}

Family
kind_family(Kind kind)
{
  return kind == KIND_TOOL ? FAMILY_TOOL : FAMILY_FUNCTION;
}

gboolean
kind_parse(const char *word, Kind *kind)
{
  for (int i = 0; i < N_KINDS; i++) {
    if (g_ascii_strcasecmp(word, kinds[i].name) == 0 ||
        g_ascii_strcasecmp(word, kinds[i].folder) == 0 ||
        g_ascii_strcasecmp(word, kinds[i].class_name) == 0) {
      *kind = (Kind)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
kind_split(const char *word, Kind *kind)
{
  const char *slash = strchr(word, '/');
  if (slash == NULL || slash[1] == '\0')
    return NULL;
  g_autofree char *prefix = g_strndup(word, (gsize)(slash - word));
  return kind_parse(prefix, kind) ? slash + 1 : NULL;
}

const char *
family_path(Family family)
{
  return family == FAMILY_TOOL ? "tools" : "functions";
}
