/* SPDX-License-Identifier: MIT */
#include "target_command.h"

#include "clock.h"
#include "error.h"
#include "history_times.h"
#include "json_fields.h"
#include "plugin_lock.h"

#include <glib/gi18n.h>

typedef struct {
  const CommandLine *line;
  const TargetRequest *request;
  GArray *results; /* of TargetResult; the worker's until it ends */
} Run;

static void
result_clear(gpointer data)
{
  TargetResult *result = data;
  g_clear_pointer(&result->target, target_free);
  g_clear_pointer(&result->server, g_free);
  g_clear_error(&result->error);
}

/* A lock that somebody else has. */
typedef struct {
  const DeployContext *context;
  const Target *target;
  gboolean waited;
} Wait;

static void
tell_waiting(gpointer data)
{
  Wait *wait = data;
  g_autofree char *text = g_strdup_printf(_("Waiting for another owup that is at work on '%s'..."),
                                          target_label(wait->target));
  wait->waited = TRUE;
  wait->context->observe(event_note(NULL, NOTE_DETAIL, text), wait->context->data);
}

/* FALSE: `result` says why. The plugin was found before the lock was asked for; what was waited for
 * changed it, so it is read again. */
static gboolean
take_lock(const Run *run, const DeployContext *context, TargetResult *result, PluginLock **lock)
{
  Target *target = result->target;
  guint timeout_ms = run->line->idle_timeout_ms;
  Wait wait = {.context = context, .target = target};
  *lock =
      plugin_lock_take(history_dir(context->history), client_url(context->client), target->family,
                       target->id, timeout_ms > 0 ? timeout_ms : PLUGIN_LOCK_WAIT_MS,
                       context->cancel, tell_waiting, &wait, &result->error);
  if (*lock == NULL)
    return FALSE;
  return !wait.waited || target_read_again(context->client, target, &result->error);
}

static void
act_locked(const Run *run, const DeployContext *context, TargetResult *result)
{
  const TargetRequest *request = run->request;
  g_autoptr(PluginLock) lock = NULL;
  if (request->writes && context->history != NULL && !take_lock(run, context, result, &lock))
    return;
  result->found = request->act(context, result->target, request->data, &result->error);
}

static void
act_on_word(const Run *run, const DeployContext *context, TargetResult *result)
{
  if (cancel_level(context->cancel) != CANCEL_NONE) {
    owup_error_set(&result->error, OWUP_ERROR_INTERRUPTED, _("Interrupted before '%s'"),
                   result->word);
    return;
  }
  result->target =
      target_find(context->client, result->word, run->line->command->name, FALSE, &result->error);
  if (result->target != NULL)
    act_locked(run, context, result);
}

static int
act_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  int status = 0;
  for (char **word = run->request->args; *word != NULL; word++) {
    TargetResult result = {.word = *word, .server = g_strdup(client_url(context->client))};
    act_on_word(run, context, &result);
    if (status == 0 && result.error != NULL)
      status = owup_error_exit((OwupErrorCode)result.error->code);
    g_array_append_val(run->results, result);
  }
  return status;
}

static void
tell_summary(const Run *run, int status, gint64 since)
{
  guint failed = 0;
  for (guint i = 0; i < run->results->len; i++) {
    const TargetResult *result = &g_array_index(run->results, TargetResult, i);
    failed += result->error != NULL ? 1 : 0;
    run->request->tell(run->line, result, run->request->data);
  }
  report_json(run->line->report,
              json_fields_summary(run->results->len, failed, status, clock_took_ms(since)));
}

int
target_command_run(const CommandLine *line, const TargetRequest *request)
{
  gint64 since = clock_stopwatch();
  if (request->args[0] == NULL) {
    g_autoptr(GError) error =
        owup_error_new(OWUP_ERROR_USAGE, _("Which plugin? owup %s NAME"), line->command->name);
    return report_error(line->report, error);
  }
  g_autoptr(GArray) results = g_array_new(FALSE, TRUE, sizeof(TargetResult));
  g_array_set_clear_func(results, result_clear);
  Run run = {.line = line, .request = request, .results = results};
  SessionRequest session = {.writes = request->writes,
                            .history_dir = request->history_dir,
                            .no_history = request->no_history};
  int status = session_run(line, &session, act_in_worker, NULL, &run);
  if (results->len > 0)
    tell_summary(&run, status, since);
  return status;
}
