/* SPDX-License-Identifier: MIT */
/* Commands that do one thing to each of some plugins on a server: find it, lock it, do it, tell it.
 */
#pragma once

#include "report_target.h"
#include "session.h"
#include "target.h"

typedef struct {
  const char *history_dir; /* --history, or NULL */
  gboolean no_history;
  gboolean writes; /* takes the plugin's lock */
  char **args;
  /* In the worker. Its result goes to `found`, which the command frees. */
  gpointer (*act)(const DeployContext *context, const Target *target, gpointer data,
                  GError **error);
  /* On the main thread, after all are done. */
  void (*tell)(const CommandLine *line, const TargetResult *result, gpointer data);
  gpointer data;
} TargetRequest;

/* Returns the exit status: the first word's that failed decides. OWUP_ERROR_USAGE is reported where
 * there is no word. After a Ctrl-C the words that are left are INTERRUPTED and not acted on. */
int target_command_run(const CommandLine *line, const TargetRequest *request);
