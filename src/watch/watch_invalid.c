#include "watch_invalid.h"

#include "error.h"
#include "preflight.h"

#include <glib/gi18n.h>

static Outcome *
refuse(const WatchedFile *file, const char *server, GError *error)
{
  Outcome *outcome = outcome_new(file->plugin, server);
  outcome->result = RESULT_INVALID;
  outcome->error = error;
  return outcome;
}

static Outcome *
refuse_broken(const WatchedFile *file, const char *server)
{
  const Diagnostic *first = g_ptr_array_index(file->plugin->diagnostics, 0);
  Outcome *outcome = refuse(file, server,
                            owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("'%s' was not sent: %s"),
                                           plugin_label(file->plugin), first->message));
  preflight_take_diagnostics(file->plugin, outcome->diagnostics);
  return outcome;
}

Outcome *
watch_invalid_outcome(const Debounce *debounce, const WatchedFile *file, gboolean no_check,
                      const char *server)
{
  if (file->error != NULL)
    return outcome_new_unresolved(file->path, g_error_copy(file->error));
  if (preflight_blocks(file->plugin, no_check))
    return refuse_broken(file, server);
  const WatchedFile *twin = debounce_find_twin(debounce, file);
  if (twin == NULL)
    return NULL;
  GError *error = owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("%s and %s have the same id '%s'"),
                                 file->plugin->file, twin->plugin->file, file->plugin->id);
  owup_error_set_hint(error, _("Give one of them another, with an \"id:\" line in its docstring."));
  return refuse(file, server, error);
}
