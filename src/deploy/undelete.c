/* SPDX-License-Identifier: MIT */
#include "undelete.h"

#include "client_admin.h"
#include "error.h"
#include "json_exact.h"

json_t *
undelete_valves(const HistoryEntry *kept)
{
  if (kept == NULL || kept->action != HISTORY_DELETED || kept->valves == NULL)
    return NULL;
  json_auto_t *valves = json_exact_parse_text(kept->valves, 0);
  return json_object_size(valves) > 0 ? json_incref(valves) : NULL;
}

static UndeleteEnd
set_flags(const Restore *to, GError **error)
{
  return restore_flags(to, NULL, error) ? UNDELETE_WHOLE : UNDELETE_WITHOUT_FLAGS;
}

UndeleteEnd
undelete_settings(const Restore *to, const json_t *valves, GError **error)
{
  if (valves != NULL) {
    json_auto_t *stored = client_set_valves(to->client, to->family, to->id, valves, NULL, error);
    if (stored == NULL)
      return UNDELETE_WITHOUT_VALVES;
  }
  return set_flags(to, error);
}

/* The server adds defaults and drops what the code does not know. */
static gboolean
is_from(const json_t *stored, const json_t *valves)
{
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)valves, key, value)
  {
    json_t *now = json_object_get(stored, key);
    if (now != NULL && !json_equal(now, value))
      return FALSE;
  }
  return TRUE;
}

UndeleteEnd
undelete_go_on(const Restore *to, const json_t *valves, gboolean *theirs, GError **error)
{
  *theirs = FALSE;
  if (valves == NULL)
    return set_flags(to, error);
  json_auto_t *stored = client_valves(to->client, to->family, to->id, error);
  if (stored == NULL)
    return UNDELETE_WITHOUT_VALVES;
  if (json_object_size(stored) == 0)
    return undelete_settings(to, valves, error);
  *theirs = !is_from(stored, valves);
  return set_flags(to, error);
}

gboolean
undelete_is_refused(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_REFUSED) ||
         owup_error_is(error, OWUP_ERROR_REFUSED_HIDDEN) ||
         owup_error_is(error, OWUP_ERROR_VALVES_MISFIT);
}
