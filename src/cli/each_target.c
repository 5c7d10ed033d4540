#include "each_target.h"

#include "error.h"
#include "plugin_lock.h"

#include <glib/gi18n.h>

#define LOCK_WAIT_MS 60000

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
  g_clear_error(&result->error);
}

static void
act_locked(const Run *run, const DeployContext *context, TargetResult *result)
{
  const TargetRequest *request = run->request;
  g_autoptr(PluginLock) lock = NULL;
  if (request->writes && context->history != NULL) {
    guint wait =
        run->line->global.timeout > 0 ? (guint)run->line->global.timeout * 1000 : LOCK_WAIT_MS;
    lock = plugin_lock_take(history_dir(context->history), server_url(context->server),
                            result->target->family, result->target->id, wait, context->cancel, NULL,
                            NULL, &result->error);
    if (lock == NULL)
      return;
  }
  result->found = request->act(context, result->target, request->data, &result->error);
}

static int
work(const DeployContext *context, gpointer data)
{
  Run *run = data;
  int status = 0;
  for (char **word = run->request->words; *word != NULL; word++) {
    TargetResult result = {.word = *word};
    result.target =
        target_find(context->server, *word, run->line->command->name, FALSE, &result.error);
    if (result.target != NULL)
      act_locked(run, context, &result);
    if (status == 0 && result.error != NULL)
      status = owup_error_exit((OwupErrorCode)result.error->code);
    g_array_append_val(run->results, result);
  }
  return status;
}

int
each_target(const CommandLine *line, const TargetRequest *request)
{
  if (request->words[0] == NULL) {
    g_autoptr(GError) error =
        owup_error_new(OWUP_ERROR_USAGE, _("Which plugin? owup %s NAME"), line->command->name);
    return report_error(line->report, error);
  }
  g_autoptr(GArray) results = g_array_new(FALSE, TRUE, sizeof(TargetResult));
  g_array_set_clear_func(results, result_clear);
  Run run = {line, request, results};
  SessionRequest session = {.writes = request->writes,
                            .history_dir = request->history_dir,
                            .no_history = request->no_history};
  int status = session_run(line, &session, work, NULL, &run);
  for (guint i = 0; i < results->len; i++)
    request->tell(line, &g_array_index(results, TargetResult, i), request->data);
  return status;
}

json_t *
target_result_json(const char *type, const TargetResult *result)
{
  const Target *target = result->target;
  json_t *object = json_object();
  json_object_set_new(object, "type", json_string(type));
  json_object_set_new(object, "id", json_string(target != NULL ? target->id : result->word));
  json_object_set_new(object, "family",
                      target != NULL ? json_string(family_path(target->family)) : json_null());
  json_object_set_new(object, "title",
                      target != NULL ? json_string(target_label(target)) : json_null());
  json_object_set_new(object, "error", report_error_json(result->error));
  return object;
}
