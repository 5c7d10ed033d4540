#include "watch_announced.h"

/* What was told is remembered of the plugin, not of the file, which may hold another one now. */
static void
remember_whose(WatchedFile *file, const Plugin *plugin)
{
  g_autofree char *told =
      g_strconcat(family_path(kind_family(plugin->kind)), "/", plugin->id, NULL);
  if (g_strcmp0(told, file->told) == 0)
    return;
  g_free(file->told);
  file->told = g_steal_pointer(&told);
  file->conflict = FALSE;
  file->created = FALSE;
  g_clear_pointer(&file->live, g_free);
}

static void
remember(WatchedFile *file, const Outcome *outcome)
{
  file->conflict = outcome->result == RESULT_CONFLICT;
  file->created = file->created || outcome->result == RESULT_CREATED;
  if (outcome->plugin == NULL || !outcome_ok(outcome))
    return;
  g_free(file->settled);
  file->settled = g_strdup(outcome->sha256);
  g_free(file->live);
  file->live = g_strdup(outcome->id != NULL ? outcome->id : outcome->plugin->id);
}

WatchSaid
watch_announce(WatchedFile *file, const Outcome *outcome)
{
  WatchSaid said = 0;
  if (outcome->plugin != NULL)
    remember_whose(file, outcome->plugin);
  if (outcome->result == RESULT_CONFLICT && file->conflict)
    said = WATCH_REPEATED;
  else if (outcome->result == RESULT_CREATED && !file->created)
    said = WATCH_FIRST_CREATE;
  remember(file, outcome);
  return said;
}
