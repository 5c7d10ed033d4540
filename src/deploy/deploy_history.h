/* SPDX-License-Identifier: MIT */
/* What a deploy leaves in the local history: the text it replaces, the open write, the text it
 * sent. */
#pragma once

#include "deployment.h"

/* Before a write: keeps what is replaced and commits the journal's row. FALSE: the outcome is
 * decided, since on a server without versions nothing else would keep them (--no-history goes on).
 */
gboolean deploy_history_begin(Deployment *d, JournalAction action, const char *batch);
/* After a verified write; of a batch, once it is clear that nothing is undone. A failure here is
 * only worth a note: the server has it. */
void deploy_history_done(Deployment *d);
/* Before a verified write is undone: keeps what it sent, so that nothing that was ever on a server
 * is lost. */
void deploy_history_undone(Deployment *d);
/* The file and the server hold the same, though the server's text is not our last: somebody carried
 * it over by hand. Noted like a pull, so that the next change is no conflict. */
void deploy_history_agreed(Deployment *d);
/* The write was settled and nothing is left to restore: the row goes. Without it the next owup
 * settles it. */
void deploy_history_confirmed(Deployment *d);

/* The stamp for what this deploy sends, with a write id of its own. */
Stamp *deploy_history_stamp(Deployment *d);
