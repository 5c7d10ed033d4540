/* Settling the writes of an owup that died: journal rows whose lock is free. */
#pragma once

#include "deploy.h"

/* Called once before the first write of a command. For each open row of this server: reads what is
 * there, flips flags back where the interrupted write switched them off (updated_at lies in its
 * window; else an admin may have done it on purpose, and it is only reported), undoes what an
 * --atomic batch left, and removes the row. Tells each as a note. */
void journal_recovery_run(const DeployContext *context);

/* For commands that only read: tells what is open, touches nothing. */
void journal_recovery_report(const DeployContext *context);
