/* SPDX-License-Identifier: MIT */
/* Settling the writes of an owup that died: journal rows whose lock is free. */
#pragma once

#include "deploy.h"

/* Called once before the first write of a command. For each open row of this server: reads what is
 * there, flips flags back where the interrupted write switched them off (updated_at lies in its
 * window; else an admin may have done it on purpose, and it is only reported), undoes what an
 * --atomic batch left, gives a plugin that a rollback brought back its valves and flags
 * (context->undeleted then names it), and removes the row. Tells each as a note. */
void journal_recovery_run(const DeployContext *context);

/* For commands that only read: tells what is open, touches nothing. */
void journal_recovery_report(const DeployContext *context);

typedef enum {
  UNDELETE_NONE,     /* no rollback that brought it back was interrupted */
  UNDELETE_FINISHED, /* one was, and this run finished it (a dry run: would) */
  UNDELETE_OPEN,     /* one was, and could not be finished; told as a note */
} UndeleteState;

/* Of a plugin that is there. The caller holds its lock. */
UndeleteState journal_recovery_undelete(const DeployContext *context, Family family,
                                        const char *id);
