/* SPDX-License-Identifier: MIT */
#include "outcome.h"

static const char *const names[] = {
    [RESULT_CREATED] = "created",     [RESULT_UPDATED] = "updated",
    [RESULT_UNCHANGED] = "unchanged", [RESULT_CONFLICT] = "conflict",
    [RESULT_REJECTED] = "rejected",   [RESULT_INVALID] = "invalid",
    [RESULT_FAILED] = "failed",       [RESULT_UNKNOWN] = "unknown",
    [RESULT_SKIPPED] = "skipped",     [RESULT_REVERTED] = "reverted",
};

Outcome *
outcome_new(Plugin *plugin, const char *server)
{
  Outcome *outcome = g_new0(Outcome, 1);
  outcome->plugin = plugin != NULL ? plugin_ref(plugin) : NULL;
  outcome->kind = plugin != NULL ? plugin->kind : KIND_FILTER;
  outcome->server = g_strdup(server);
  outcome->diagnostics = g_ptr_array_new_with_free_func((GDestroyNotify)diagnostic_free);
  outcome->repaired = g_ptr_array_new_with_free_func(g_free);
  return outcome;
}

Outcome *
outcome_new_unresolved(const char *word, GError *error)
{
  Outcome *outcome = outcome_new(NULL, NULL);
  outcome->word = g_strdup(word);
  outcome->result = RESULT_FAILED;
  outcome->error = error;
  return outcome;
}

void
outcome_free(Outcome *outcome)
{
  if (outcome == NULL)
    return;
  g_clear_pointer(&outcome->plugin, plugin_unref);
  g_free(outcome->word);
  g_free(outcome->id);
  g_free(outcome->server);
  g_free(outcome->sha256);
  g_free(outcome->server_version);
  g_free(outcome->title);
  g_clear_error(&outcome->error);
  g_free(outcome->broken);
  g_free(outcome->diff);
  g_ptr_array_unref(outcome->repaired);
  g_ptr_array_unref(outcome->diagnostics);
  g_free(outcome);
}

const char *
result_name(Result result)
{
  g_return_val_if_fail(result < G_N_ELEMENTS(names), "unknown");
  return names[result];
}

gboolean
outcome_ok(const Outcome *outcome)
{
  return outcome->result == RESULT_CREATED || outcome->result == RESULT_UPDATED ||
         outcome->result == RESULT_UNCHANGED;
}

int
outcome_exit(const Outcome *outcome)
{
  switch (outcome->result) {
  case RESULT_CREATED:
  case RESULT_UPDATED:
  case RESULT_UNCHANGED:
    return 0;
  case RESULT_INVALID:
    return 5;
  case RESULT_UNKNOWN:
    return owup_error_is(outcome->error, OWUP_ERROR_INTERRUPTED) ? 130 : 4;
  case RESULT_SKIPPED:
    return owup_error_is(outcome->error, OWUP_ERROR_INTERRUPTED) ? 130 : 1;
  case RESULT_FAILED:
    return outcome->error != NULL ? owup_error_exit((OwupErrorCode)outcome->error->code) : 1;
  case RESULT_CONFLICT:
  case RESULT_REJECTED:
  case RESULT_REVERTED:
    break;
  }
  return 1;
}
