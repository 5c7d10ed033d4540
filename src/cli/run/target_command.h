/* Commands that do one thing to each of some plugins on a server: find it, lock it, do it, tell it.
 */
#pragma once

#include "session.h"
#include "target.h"

/* What became of one word; told on the main thread after all are done. */
typedef struct {
  const char *word;
  Target *target; /* NULL where nothing was found */
  char *server;   /* URL */
  GError *error;  /* NULL where all is well */
  gpointer found; /* what the command's act() returns */
} TargetResult;

typedef struct {
  const char *history_dir; /* --history, or NULL */
  gboolean no_history;
  gboolean writes; /* takes the plugin's lock */
  char **args;
  /* In the worker. Its result goes to `found`, which the command frees. */
  gpointer (*act)(const DeployContext *context, const Target *target, gpointer data,
                  GError **error);
  /* On the main thread. */
  void (*tell)(const CommandLine *line, const TargetResult *result, gpointer data);
  gpointer data;
} TargetRequest;

/* Returns the exit status: the first word's that failed decides. OWUP_ERROR_USAGE is reported where
 * there is no word. After a Ctrl-C the words that are left are INTERRUPTED and not acted on. */
int target_command_run(const CommandLine *line, const TargetRequest *request);

/* "filter"; of a function on the server alone, the server's word. Owned by `target`. */
const char *target_command_kind(const Target *target);

/* {"type": `type`, "id", "family", "kind", "title", "server", "error"}; the caller adds its own
 * fields and owns it. */
json_t *target_command_result_json(const char *type, const TargetResult *result);
